/** A wrong core is planted; what shows it is made short, and stays what it was when it is written down and run again. */
import { expect, it, vi } from 'vitest';
import { editedPlan, type Plan, writtenPlan } from './plan.ts';
import { runPlan } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { drawPlan } from './swarm.ts';

type Letters = typeof import('../../src/core/haresources/letters.ts');

/** What the peer is still stopping counts as stopped. */
vi.mock('../../src/core/haresources/letters.ts', async (importOriginal) => {
  const original = await importOriginal<Letters>();
  const isHeld: Letters['isHeld'] = (letter) => letter !== 'p' && original.isHeld(letter);
  return { ...original, isHeld };
});

function firstViolating(): Plan {
  for (let seed = 1; ; seed++) {
    const plan = { ...drawPlan(seed), faultsForMs: 60_000 };
    if (plan.setup.keepaliveMs < 500 && runPlan(plan).violation?.checker === 'S2') return plan;
  }
}

it('makes a list of hundreds of faults one that can be read', () => {
  const plan = firstViolating();
  const { plan: short, violation } = shrink(plan)!;
  expect(violation.checker).toBe('S2');
  expect(short.faults.length).toBeLessThanOrEqual(3);
  expect(short.setup.groups.length).toBe(1);
  expect(short.faultsForMs).toBeLessThan(plan.faultsForMs);
  const again = runPlan(editedPlan(drawPlan(plan.seed), writtenPlan(short)));
  expect(again.violation).toEqual(violation);
}, 120_000);

it('has nothing to do where no checker objects', () => {
  expect(shrink({ ...drawPlan(1), faultsForMs: 1000, faults: [] })).toBeUndefined();
});
