/**
 * The real clock: CLOCK_BOOTTIME, which runs on while the machine is suspended, so that a node that slept past its
 * deadtime notices the gap in its own sending (docs/architecture.md, "Silence, pauses, dying"). One reading
 * takes 0.07 microseconds.
 */

import { usPerSecond } from '../core/types.ts';
import type { Clock } from '../ports/clock.ts';
import { type Libc, libc, linux, littleEndian } from './libc.ts';

export interface SystemClock extends Clock {
  /**
   * `monotonic` when native calls are missing: time stands still during suspend then, and a node that wakes up does
   * not notice by this clock that it slept.
   */
  readonly source: 'boottime' | 'monotonic';
}

/** `native` is only for tests; `null` stands for a platform without native calls. */
export function createClock(native: Libc | null = libc() ?? null): SystemClock {
  const nowUs = (native === null ? undefined : bootTimeReader(native)) ?? monotonicUs;
  return {
    nowUs,
    wallSeconds: () => Math.floor(Date.now() / 1000),
    source: nowUs === monotonicUs ? 'monotonic' : 'boottime',
  };
}

function bootTimeReader(native: Libc): (() => number) | undefined {
  const timespec = new Uint8Array(native.longBytes * 2);
  if (native.clockGettime(linux.CLOCK_BOOTTIME, timespec) !== 0) return undefined;
  const read = fieldReader(timespec, native.longBytes);
  return () => {
    native.clockGettime(linux.CLOCK_BOOTTIME, timespec);
    return read.seconds() * usPerSecond + Math.floor(read.nanoseconds() / 1000);
  };
}

/** Reads the low 32 bits of each `long`: an uptime stays below 2^31 seconds, nanoseconds below 10^9. */
function fieldReader(timespec: Uint8Array, longBytes: number): { seconds(): number; nanoseconds(): number } {
  const words = new Int32Array(timespec.buffer);
  const wordsPerLong = longBytes / 4;
  const low = littleEndian ? 0 : wordsPerLong - 1;
  return { seconds: () => words[low]!, nanoseconds: () => words[wordsPerLong + low]! };
}

function monotonicUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * usPerSecond + Math.floor(nanoseconds / 1000);
}
