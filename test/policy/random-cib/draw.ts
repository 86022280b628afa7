/** Draws of one seed. The same seed draws the same, everywhere. */
import { createRandom, nextUint32, type RandomState, randomBetween } from '../../../src/core/random.ts';

export class Draw {
  private readonly state: RandomState;

  constructor(seed: number) {
    this.state = createRandom(seed);
  }

  chance(probability: number): boolean {
    return nextUint32(this.state) / 0x1_0000_0000 < probability;
  }

  /** Both ends included. */
  between(low: number, high: number): number {
    return randomBetween(this.state, low, high);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length - 1)] as T;
  }

  /** Each with this probability, in their order. */
  some<T>(list: readonly T[], probability: number): T[] {
    return list.filter(() => this.chance(probability));
  }

  /** So many different ones, or all when there are fewer, in drawn order. */
  sample<T>(list: readonly T[], count: number): T[] {
    const left = [...list];
    const drawn: T[] = [];
    while (drawn.length < count && left.length > 0) drawn.push(...left.splice(this.between(0, left.length - 1), 1));
    return drawn;
  }
}
