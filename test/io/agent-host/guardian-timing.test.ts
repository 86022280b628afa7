import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { guardianMarginMs } from '../../../src/core/guardian-margin.ts';
import {
  acceptBeat,
  type GuardianClockwork,
  guardianDeadlineUs,
  isDue,
  newTerms,
  waitMs,
} from '../../../src/io/agent-host/guardian-timing.ts';

const at = (lastBeatUs: number, deadtimeMs = 30, marginMs = 3): GuardianClockwork => ({
  lastBeatUs,
  deadtimeMs,
  marginMs,
});

it.each([
  [10, 2],
  [30, 3],
  [300, 30],
  [2000, 200],
  [30_000, 2000],
  [120_000, 2000],
])('leaves a tenth of the deadtime, at least 2 ms and at most 2 s: %i gives %i', (deadtimeMs, marginMs) => {
  expect(guardianMarginMs(deadtimeMs)).toBe(marginMs);
});

it('acts when deadtime less margin has passed since the last keepalive left', () => {
  expect(guardianDeadlineUs(at(1_000_000))).toBe(1_027_000);
  expect(isDue(at(1_000_000), 1_026_999)).toBe(false);
  expect(isDue(at(1_000_000), 1_027_000)).toBe(true);
});

it('acts at once where the margin eats the deadtime', () => {
  expect(guardianDeadlineUs(at(5, 2, 10))).toBe(5);
});

it('never waits past the deadline, and less than a millisecond short of it', () => {
  fc.assert(
    fc.property(
      fc.nat(10_000_000),
      fc.integer({ min: 1, max: 60_000 }),
      fc.nat(2000),
      fc.nat(100_000_000),
      (beat, deadtime, margin, now) => {
        const clockwork = at(beat, deadtime, margin);
        const lookUs = now + waitMs(clockwork, now) * 1000;
        const deadline = guardianDeadlineUs(clockwork);
        expect(lookUs <= Math.max(now, deadline)).toBe(true);
        expect(lookUs > deadline - 1000).toBe(true);
      },
    ),
  );
});

it('gives no time for a keepalive from the future, and takes none back for an old one', () => {
  expect(acceptBeat(at(100), 900, 500).lastBeatUs).toBe(500);
  expect(acceptBeat(at(100), 50, 500).lastBeatUs).toBe(100);
  expect(acceptBeat(at(100), 200, 500).lastBeatUs).toBe(200);
  expect(acceptBeat(at(100), Number.NaN, 500).lastBeatUs).toBe(100);
});

it('lets longer terms of a new daemon count from its first keepalive: until then the peer counts by the old deadtime', () => {
  const adopted = newTerms(at(1_000_000), { deadtimeMs: 300, marginMs: 30 });
  expect(guardianDeadlineUs(adopted)).toBe(1_027_000);
  expect(guardianDeadlineUs(acceptBeat(adopted, 1_020_000, 1_020_000))).toBe(1_290_000);
});

it('lets shorter terms count at once', () => {
  const adopted = newTerms(at(1_000_000, 300, 30), { deadtimeMs: 30, marginMs: 3 });
  expect(guardianDeadlineUs(adopted)).toBe(1_027_000);
  expect(guardianDeadlineUs(acceptBeat(adopted, 1_020_000, 1_020_000))).toBe(1_047_000);
});

it('keeps the shortest of several terms that no keepalive followed', () => {
  const twice = newTerms(newTerms(at(1_000_000), { deadtimeMs: 300, marginMs: 30 }), { deadtimeMs: 900, marginMs: 90 });
  expect(guardianDeadlineUs(twice)).toBe(1_027_000);
});

it('takes a report that is no news as no keepalive under the new terms', () => {
  const adopted = newTerms(at(1_000_000), { deadtimeMs: 300, marginMs: 30 });
  expect(guardianDeadlineUs(acceptBeat(adopted, 1_000_000, 1_020_000))).toBe(1_027_000);
  expect(guardianDeadlineUs(acceptBeat(adopted, Number.NaN, 1_020_000))).toBe(1_027_000);
});
