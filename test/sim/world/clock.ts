/**
 * The clock of one machine: it reads anything at a boot, and may run too fast or too slow. Always forward, in whole
 * microseconds.
 */

interface Segment {
  /** World time from which it runs like this. */
  readonly fromUs: number;
  readonly readUs: number;
  /** Microseconds of this clock for one of the world. */
  readonly rate: number;
}

/** So many changes back it can still be said what it read. */
const segmentsMax = 16;

export class MachineClock {
  /** Newest first. */
  #segments: readonly Segment[] = [{ fromUs: 0, readUs: 0, rate: 1 }];

  /** A boot. */
  begin(worldUs: number, offsetUs: number): void {
    this.#segments = [{ fromUs: worldUs, readUs: worldUs + offsetUs, rate: this.#segments[0]!.rate }];
  }

  /** From now on it runs so many parts in a million too fast, or too slow. */
  drift(worldUs: number, ppm: number): void {
    const now: Segment = { fromUs: worldUs, readUs: this.read(worldUs), rate: 1 + ppm / 1e6 };
    this.#segments = [now, ...this.#segments.slice(0, segmentsMax - 1)];
  }

  read(worldUs: number): number {
    const { fromUs, readUs, rate } =
      this.#segments.find((segment) => segment.fromUs <= worldUs) ?? this.#segments.at(-1)!;
    return readUs + (rate === 1 ? worldUs - fromUs : Math.floor((worldUs - fromUs) * rate));
  }

  /** How long the world takes until it reads so much more. */
  worldUsFor(us: number): number {
    const { rate } = this.#segments[0]!;
    return rate === 1 ? us : Math.ceil(us / rate);
  }
}
