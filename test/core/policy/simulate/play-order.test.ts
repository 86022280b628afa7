/** The order in which a transition is played where its orderings leave a choice. */
import { expect, it } from 'vitest';
import type { GraphAction } from '../../../../src/core/policy/graph.ts';
import { playInOrder } from '../../../../src/core/policy/simulate/play-order.ts';
import { primitive, statusOf } from '../status/status-cib.ts';

const cluster = statusOf({ resources: primitive('first') + primitive('second') });

function action(id: number, resource: string | undefined, inputs: readonly number[] = []): GraphAction {
  const common = { id, key: `a${String(id)}`, task: 'start', intervalMs: 0, expectedRc: 0, inputs };
  const rest = { priority: 0, canFail: false, meta: {} };
  return { ...common, ...rest, ...(resource === undefined ? { kind: 'pseudo' } : { kind: 'resource', resource }) };
}

function played(actions: readonly GraphAction[], fails?: number) {
  const order: number[] = [];
  const left = playInOrder(cluster, actions, ({ id }) => {
    order.push(id);
    return id !== fails;
  });
  return { order, left: left.map(({ id }) => id) };
}

it('goes by resource, what was planned last first, and what belongs to none last', () => {
  const actions = [action(1, undefined), action(2, 'second'), action(3, 'first'), action(4, 'first')];
  expect(played(actions).order).toEqual([4, 3, 2, 1]);
});

it('begins nothing before its inputs are done, and goes round again for it', () => {
  expect(played([action(1, 'first', [3]), action(2, 'first'), action(3, 'second')]).order).toEqual([2, 3, 1]);
});

it('takes an input that is not in the graph as done', () => {
  expect(played([action(1, 'first', [99])]).order).toEqual([1]);
});

it('ends at a failure, and in a circle, with what was not done', () => {
  expect(played([action(1, 'first'), action(2, 'second', [1])], 1)).toEqual({ order: [1], left: [1, 2] });
  expect(played([action(1, 'first', [2]), action(2, 'second', [1])])).toEqual({ order: [], left: [1, 2] });
});
