/**
 * What the core leaves out because nothing can come of it is done here all the same: every step of simulated runs is
 * taken twice, as it is and in full with everything forgotten that was kept to save work. Effects and state must agree.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect, it, vi } from 'vitest';
import type { NodeEvent } from '../../src/core/events.ts';
import type { NodeState } from '../../src/core/node-state.ts';
import { runPlan } from './run-seed.ts';
import { drawPlan } from './swarm.ts';

type NodeModule = typeof import('../../src/core/node.ts');

const seen = { steps: 0, atRest: 0, different: [] as string[] };

vi.mock('../../src/core/node.ts', async (importOriginal) => {
  const original = await importOriginal<NodeModule>();
  const stepNode: NodeModule['stepNode'] = (state, event) => {
    // Together: whether two lists are one and the same object means something.
    const twin = structuredClone({ state, event });
    const restBefore = state.rest;
    const effects = original.stepNode(state, event);
    compare(state, effects, twin.state, original.stepInFull(forgetful(twin), twin.event), event);
    seen.steps++;
    if (restBefore !== undefined && state.rest === restBefore) seen.atRest++;
    return effects;
  };
  return { ...original, stepNode };
});

function forgetful({ state, event }: { state: NodeState; event: NodeEvent }): NodeState {
  return Object.assign(state, {
    nowUs: event.nowUs,
    effects: [],
    rest: undefined,
    reportSaid: undefined,
    listsMemo: undefined,
  });
}

function compare(state: NodeState, effects: unknown, twin: NodeState, expected: unknown, event: NodeEvent): void {
  if (isDeepStrictEqual(effects, expected) && isDeepStrictEqual(known(state), known(twin))) return;
  const names = (Object.keys(state) as (keyof NodeState)[]).filter(
    (name) => !isDeepStrictEqual(state[name], twin[name]),
  );
  seen.different.push(`${event.type} at ${event.nowUs}: ${names.join(' ')}`);
}

/** All but what is only there to save work. */
const known = (state: NodeState): NodeState => ({ ...state, rest: undefined, listsMemo: undefined });

it.each([1, 3, 7])(
  'seed %i: what is left out would have changed nothing',
  (seed) => {
    Object.assign(seen, { steps: 0, atRest: 0, different: [] });
    expect(runPlan({ ...drawPlan(seed), faultsForMs: 20_000 }).violation).toBeUndefined();
    expect(seen.different.slice(0, 5)).toEqual([]);
    expect(seen.atRest).toBeGreaterThan(seen.steps / 10);
  },
  120_000,
);
