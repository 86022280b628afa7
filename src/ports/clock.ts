import type { Microseconds } from '../core/types.ts';

/** Reads time; nothing in the core does. */
export interface Clock {
  /** Monotonic, counts suspend (CLOCK_BOOTTIME), integer microseconds. */
  nowUs(): Microseconds;
  /** Seconds since 1970, only for display and for the `ts` field on the wire (S22). */
  wallSeconds(): number;
}
