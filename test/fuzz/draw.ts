/** Draws from the seeded generator of the core: the same seed, the same packets. */
import { createRandom, nextUint32, type RandomState } from '../../src/core/random.ts';

export class Draw {
  readonly #state: RandomState;

  constructor(seed: number) {
    this.#state = createRandom(seed);
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return nextUint32(this.#state) % limit;
  }

  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}
