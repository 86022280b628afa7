/**
 * Randomness of a simulation. Each part of the world draws from a stream of its own, split off the seed by name, so
 * that taking one fault out of a run does not reshuffle everything else.
 */
import { createRandom, nextUint32, type RandomState } from '../../../src/core/random.ts';

export class Draw {
  readonly #state: RandomState;
  /** Come first. */
  #given: readonly number[] = [];

  constructor(seed: number, stream: string) {
    let mixed = seed | 0;
    for (let index = 0; index < stream.length; index++) mixed = Math.imul(mixed ^ stream.charCodeAt(index), 0x01000193);
    this.#state = createRandom(mixed);
  }

  /** These 32-bit numbers first, then a stream. */
  static ofValues(values: readonly number[]): Draw {
    const draw = new Draw(1, 'given');
    draw.#given = values;
    return draw;
  }

  /** In [0, 1). */
  fraction(): number {
    return this.uint32() / 4294967296;
  }

  chance(probability: number): boolean {
    return probability > 0 && this.fraction() < probability;
  }

  /** Integer in [low, high]. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** Every order of magnitude is equally likely. */
  logUniform(low: number, high: number): number {
    return low * (high / low) ** this.fraction();
  }

  /** Time to the next of events that come at random with this mean. */
  exponential(mean: number): number {
    return -Math.log(1 - this.fraction()) * mean;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.fraction() * items.length)]!;
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.between(0, last);
      [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
  }

  uint32(): number {
    const [first, ...rest] = this.#given;
    if (first === undefined) return nextUint32(this.#state);
    this.#given = rest;
    return first;
  }
}
