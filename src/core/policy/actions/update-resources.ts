/**
 * An ordering between resources of any kind: a group passes it on to its members, a clone to its instances, and interleaved
 * clones to the pairs of instances that share a node.
 */
import { parseBoolean } from '../../cib/values.ts';
import type { Action, ClusterNode, OrderFlags, Resource } from '../working-set.ts';
import { type ActionState, stateOf, taskInside } from './collective.ts';
import { compatibleInstance } from './instances.ts';
import { linkActions } from './links.ts';
import { firstAction } from './new-action.ts';
import { has, order } from './order-flags.ts';
import { leaveStopped } from './unassigned.ts';
import { type Aspects, updatePair } from './update-pair.ts';
import type { Changes } from './work-list.ts';

/** `owner`: the resource in whose manner the ordering is passed on: that of then, for most kinds. */
export interface Bearing {
  readonly state: ActionState;
  readonly about: Aspects;
  readonly flags: OrderFlags;
  readonly node: ClusterNode | undefined;
}

export function updateResources(
  changes: Changes,
  owner: Resource,
  first: Action,
  then: Action,
  bearing: Bearing,
): void {
  if (owner.kind === 'primitive') updateTracked(changes, first, then, bearing);
  else if (owner.kind === 'group') updateGroup(changes, first, then, bearing);
  else if (interleaves(first, then)) updateInterleaved(changes, first, then, bearing);
  else updateClone(changes, first, then, bearing);
}

/** One pair, and what follows from its change. */
function updateTracked(changes: Changes, first: Action, then: Action, { state, about, flags }: Bearing): void {
  const firstBefore = snapshot(first);
  const thenBefore = snapshot(then);
  updatePair(first, then, state, about, flags);
  if (snapshot(then) !== thenBefore) {
    changes.changed(then);
    // The stop and start of a member of a cloned group know each other only through what is above them.
    if (then.resource?.parent !== undefined) changes.again(then);
  }
  if (snapshot(first) !== firstBefore) changes.changed(first);
}

function updateGroup(changes: Changes, first: Action, then: Action, bearing: Bearing): void {
  if (then.resource === undefined) return;
  updateTracked(changes, first, then, bearing);
  for (const member of then.resource.children) {
    const inner = firstAction(member, then.task, bearing.node);
    if (inner !== undefined) updateResources(changes, member, first, inner, bearing);
  }
}

function updateClone(changes: Changes, first: Action, then: Action, bearing: Bearing): void {
  if (then.resource === undefined) return;
  updateTracked(changes, first, then, bearing);
  for (const instance of then.resource.children) {
    const inner = firstAction(instance, then.task, bearing.node);
    if (inner === undefined || !stateOf(inner, instance, bearing.node).runnable) continue;
    const before = snapshot(inner);
    updateResources(changes, instance, first, inner, bearing);
    if (snapshot(inner) !== before) for (const { action } of inner.after) changes.again(action);
  }
}

/** On the way down the interleaving of first counts, on the way up that of then. */
function interleaves(first: Action, then: Action): boolean {
  const [one, other] = [first.resource, then.resource];
  if (one?.kind !== 'clone' || other?.kind !== 'clone' || one === other) return false;
  const decides = /_(?:stop|demote)_0$/.test(then.key) ? one : other;
  return decides.clone?.interleave ?? parseBoolean(decides.meta.get('interleave')) === true;
}

function updateInterleaved(changes: Changes, first: Action, then: Action, bearing: Bearing): void {
  const { about, flags, node } = bearing;
  const firstClone = first.resource!;
  const current = /_(?:stopped|demoted)_0$/.test(first.key);
  const firstTask = taskInside(first, firstClone);
  for (const instance of then.resource!.children) {
    const partner = compatibleInstance(instance, firstClone, current);
    if (partner === undefined) {
      if (!current && has(flags, order.firstMustRun | order.requireFirst)) {
        if (leaveStopped(instance)) changes.changed(then);
      }
      continue;
    }
    const firstInner = firstAction(partner, firstTask, node);
    const thenInner = firstAction(instance, then.task, node);
    if (firstInner === undefined || thenInner === undefined) continue;
    if (linkActions(firstInner, thenInner, flags)) {
      changes.changed(first);
      changes.changed(then);
    }
    const state = stateOf(firstInner, partner, node);
    updateResources(changes, instance, firstInner, thenInner, { state, about, flags, node });
  }
}

export function snapshot(action: Action): number {
  return (
    (action.optional ? 1 : 0) | (action.runnable ? 2 : 0) | (action.migrateRunnable ? 4 : 0) | (action.pseudo ? 8 : 0)
  );
}
