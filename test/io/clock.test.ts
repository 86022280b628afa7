import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/io/clock.ts';
import { libc } from '../../src/io/libc.ts';
import { readLoadAverage } from '../../src/io/load.ts';

describe('clock', () => {
  it('is the boot-time clock of the kernel, in integer microseconds', () => {
    const clock = createClock();
    expect(clock.source).toBe('boottime');
    const before = uptimeSeconds();
    const nowUs = clock.nowUs();
    const after = uptimeSeconds();
    expect(Number.isSafeInteger(nowUs)).toBe(true);
    // /proc/uptime is the same clock with two decimals.
    expect(nowUs / 1e6).toBeGreaterThanOrEqual(before - 0.02);
    expect(nowUs / 1e6).toBeLessThanOrEqual(after + 0.02);
  });

  it('never goes back', () => {
    for (const clock of [createClock(), createClock(null)]) {
      let last = clock.nowUs();
      for (let count = 0; count < 10_000; count += 1) {
        const now = clock.nowUs();
        expect(now >= last).toBe(true);
        last = now;
      }
    }
  });

  it('falls back to the monotonic clock without native calls, or when the kernel refuses, and says so', () => {
    const refusing = { ...libc()!, clockGettime: () => -1 };
    for (const clock of [createClock(null), createClock(refusing)]) {
      expect(clock.source).toBe('monotonic');
      const before = Number(process.hrtime.bigint() / 1000n);
      const nowUs = clock.nowUs();
      expect(nowUs).toBeGreaterThanOrEqual(before);
      expect(nowUs).toBeLessThanOrEqual(Number(process.hrtime.bigint() / 1000n));
      expect(Number.isSafeInteger(nowUs)).toBe(true);
    }
  });

  it('reads whole nanoseconds and seconds in both byte layouts of struct timespec', () => {
    for (const longBytes of [4, 8]) {
      const clockGettime = (_: number, timespec: Uint8Array): number => {
        const words = new Int32Array(timespec.buffer);
        words[0] = 1_234_567;
        words[longBytes / 4] = 999_999_999;
        return 0;
      };
      expect(createClock({ ...libc()!, longBytes, clockGettime }).nowUs()).toBe(1_234_567_999_999);
    }
  });

  it('tells the wall clock in whole seconds', () => {
    const { wallSeconds } = createClock();
    expect(Math.abs(wallSeconds() - Date.now() / 1000)).toBeLessThan(2);
    expect(Number.isInteger(wallSeconds())).toBe(true);
  });
});

describe('load average', () => {
  it('is the first line of /proc/loadavg', () => {
    expect(readLoadAverage()).toMatch(/^\d+\.\d+ \d+\.\d+ \d+\.\d+ \d+\/\d+ \d+$/);
  });

  it('is all zeros where there is none, or where the file holds something else', () => {
    expect(readLoadAverage('/nowhere')).toBe('0.00 0.00 0.00 0/0 0');
    expect(readLoadAverage('/proc/version')).toBe('0.00 0.00 0.00 0/0 0');
  });
});

function uptimeSeconds(): number {
  return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
}
