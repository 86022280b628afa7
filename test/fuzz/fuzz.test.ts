/** A share of what `npm run fuzz` does, the same packets in every run. */
import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

/** Rounds that once found something, by their seed. */
const found: readonly number[] = [];

it('60,000 packets that should not be do no harm', { timeout: 300_000 }, () => {
  const report = fuzz(60_000, 1);
  expect(report.wrong).toBeUndefined();
  // Otherwise the test has tested nothing.
  expect(report.believed).toBeGreaterThan(1500);
  expect(report.strangers - report.stillValid).toBeGreaterThan(40_000);
});

it.each(found)('round %i', (seed) => expect(fuzz(2000, seed).wrong).toBeUndefined());
