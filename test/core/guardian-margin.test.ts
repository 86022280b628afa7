import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardianMarginMs } from '../../src/core/guardian-margin.ts';

describe('the guardian’s margin', () => {
  it.each([
    [5, 2],
    [29, 2],
    [30, 3],
    [300, 30],
    [1999, 199],
    [10_000, 1000],
    [20_000, 2000],
    [120_000, 2000],
  ])('for a deadtime of %i ms is %i ms', (deadtimeMs, marginMs) => {
    expect(guardianMarginMs(deadtimeMs)).toBe(marginMs);
  });

  it('leaves a restarted daemon most of the deadtime, and never shrinks with a longer one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1_000_000 }), (deadtimeMs) => {
        const marginMs = guardianMarginMs(deadtimeMs);
        expect(Number.isInteger(marginMs)).toBe(true);
        expect(marginMs * 5).toBeLessThanOrEqual(deadtimeMs);
        expect(marginMs).toBeGreaterThanOrEqual(guardianMarginMs(deadtimeMs - 1));
      }),
    );
  });
});
