import { describe, expect, it } from 'vitest';
import { createPlan, type PlannedKind } from './plan.ts';

const kinds: PlannedKind[] = Array.from({ length: 20 }, (_, index) => ({
  name: `kind ${index}`,
  weight: 1 + (index % 3),
  durationMs: [100, 2000],
}));

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    const episodes = (seed: number) => Array.from({ length: 30 }, (_, index) => createPlan(seed, kinds).episode(index));
    expect(episodes(7)).toEqual(episodes(7));
    expect(episodes(7)).not.toEqual(episodes(8));
  });

  it('leaves out some kinds, and has each of them in some round', () => {
    const plans = Array.from({ length: 30 }, (_, seed) => createPlan(seed, kinds).kinds);
    expect(plans.every((plan) => plan.length < kinds.length)).toBe(true);
    expect(new Set(plans.flat()).size).toBe(kinds.length);
  });

  it('has episodes of one to three faults within their durations, the first of which begins at once', () => {
    const plan = createPlan(3, kinds);
    const episodes = Array.from({ length: 200 }, (_, index) => plan.episode(index));
    expect(new Set(episodes.map(({ faults }) => faults.length))).toEqual(new Set([1, 2, 3]));
    for (const { faults, calmMs } of episodes) {
      expect(Math.min(...faults.map((fault) => fault.afterMs))).toBe(0);
      expect(faults.every(({ forMs, kind }) => forMs >= 100 && forMs <= 2000 && plan.kinds.includes(kind))).toBe(true);
      expect(calmMs).toBeGreaterThan(0);
    }
  });

  it('draws with one kind only, too', () => {
    expect(createPlan(1, kinds.slice(0, 1)).kinds).toEqual(['kind 0']);
  });
});
