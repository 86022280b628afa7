/**
 * Keeps the queue before a slow disk bounded: of each file at most one write is under way and one waits, the newest. A
 * newer content says all that an older one said, so whoever waits for the older one is told how the newer one went.
 */
import type { Result } from '../core/result.ts';

type Done = (result: Result<void>) => void;
type StartWrite = (name: string, bytes: Uint8Array, done: Done) => void;

interface Waiting {
  bytes: Uint8Array;
  readonly told: Done[];
}

export class NewestWrites {
  readonly #start: StartWrite;
  /** By name, while a write of it is under way: what comes after it. */
  readonly #after = new Map<string, Waiting | undefined>();

  constructor(start: StartWrite) {
    this.#start = start;
  }

  write(name: string, bytes: Uint8Array, done: Done): void {
    if (!this.#after.has(name)) return this.#begin(name, { bytes, told: [done] });
    const waiting = this.#after.get(name);
    if (waiting === undefined) this.#after.set(name, { bytes, told: [done] });
    else {
      waiting.bytes = bytes;
      waiting.told.push(done);
    }
  }

  #begin(name: string, { bytes, told }: Waiting): void {
    this.#after.set(name, undefined);
    this.#start(name, bytes, (result) => {
      const next = this.#after.get(name);
      this.#after.delete(name);
      if (next !== undefined) this.#begin(name, next);
      for (const tell of told) tell(result);
    });
  }
}
