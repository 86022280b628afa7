/**
 * Ties the actions together as the orderings say, and lets each bear upon the others until nothing changes any more. A work list
 * keeps this nearly linear: an action is looked at again only when one that it waits for has changed.
 */
import type { Action, Cluster, ClusterNode, OrderedBy, Resource } from '../working-set.ts';
import { isAncestor } from './add-ordering.ts';
import { blockDependents } from './blocked-colocations.ts';
import { type ActionState, actionToWaitFor, stateForOrdering } from './collective.ts';
import { nodeOf } from './instances.ts';
import { linkOrderings } from './link-orderings.ts';
import { linkActions } from './links.ts';
import { actionFlag } from './new-action.ts';
import { has, order } from './order-flags.ts';
import { orderProbes } from './probe-orderings.ts';
import { type Aspects, aboutBoth, aboutOptional, aboutRunnable } from './update-pair.ts';
import { snapshot, updateResources } from './update-resources.ts';
import { WorkList } from './work-list.ts';

export function applyOrderings(cluster: Cluster): void {
  linkOrderings(cluster);
  const list = new WorkList();
  for (const action of [...cluster.actions]) blockDependents(list, action);
  orderProbes(cluster);
  const visit = (action: Action): void => updateAction(list, action);
  // The latest made first, as in Pacemaker: what a group is capable of may be asked before its members have had their turn.
  for (const action of cluster.actions.toReversed()) {
    list.again(action);
    list.run(visit, cluster.actions.length, false);
  }
  list.run(visit, cluster.actions.length, true);
}

/** Lets everything that `then` waits for bear upon it. */
function updateAction(list: WorkList, then: Action): void {
  const before = list.changeCount;
  const wasRunnable = then.runnable;
  const counts = (then.flags & actionFlag.needsEnough) !== 0;
  const shape = snapshot(then);
  if (counts) {
    then.runnableBefore = 0;
    then.runnable = false;
  }
  const thenNode = nodeForOrdering(then);
  // Inputs may be added while they are gone through; those are for the next visit.
  for (let index = then.before.length - 1; index >= 0; index--) bearUpon(list, then.before[index]!, then, thenNode);
  const changed = counts ? snapshot(then) !== shape : list.changeCount !== before;
  if (!changed) return;
  if (wasRunnable && !then.runnable) blockDependents(list, then);
  list.changed(then);
}

function bearUpon(list: WorkList, input: OrderedBy, then: Action, thenNode: ClusterNode | undefined): void {
  const given = input.action;
  const firstNode = nodeForOrdering(given);
  if (has(input.flags, order.sameNode) && firstNode !== undefined && thenNode !== undefined && firstNode !== thenNode) {
    input.flags = order.none;
    return;
  }
  if (has(input.flags, order.thenCancelsFirst) && given.resource !== undefined && !then.optional) given.optional = true;
  const first = isOutside(given, then) ? actionToWaitFor(given) : given;
  if (first === given) {
    const firstState = plain(stateForOrdering(first, thenNode));
    stateForOrdering(then, firstNode);
    applyFlags(list, { first, then, input, firstState });
  } else if (input.flags !== order.none) {
    // From now on `then` waits for that instead.
    if (linkActions(first, then, input.flags)) list.changed(then);
    input.flags = order.none;
  }
}

function plain({ optional, runnable, migrateRunnable }: ActionState): ActionState {
  return { optional, runnable, migrateRunnable };
}

/** A resource waits for the end of what another collective does, but not of the one it belongs to. */
function isOutside(first: Action, then: Action): boolean {
  if (first.resource === undefined || then.resource === undefined) return false;
  return first.resource !== then.resource && !isAncestor(first.resource, then.resource);
}

/** A group starts where it was put, though its own points are nowhere. */
function nodeForOrdering(action: Action): ClusterNode | undefined {
  const { resource } = action;
  if (resource?.kind === 'group' && action.task === 'start') return nodeOf(resource, false);
  return action.node;
}

interface Pair {
  readonly first: Action;
  readonly then: Action;
  readonly input: OrderedBy;
  readonly firstState: ActionState;
}

/** The bits that pass an aspect on, in the order in which they take effect. */
const passing: readonly (readonly [bit: number, about: Aspects])[] = [
  [order.requireThen, aboutOptional],
  [order.restart, aboutBoth],
  [order.requireFirst, aboutOptional],
  [order.promotedRequiresFirst, aboutOptional],
  [order.enoughFirsts, aboutRunnable],
  [order.firstMustRun, aboutRunnable],
  [order.migrationChain, aboutOptional],
  [order.firstElseThen, aboutOptional],
  [order.asymmetric, aboutRunnable],
];

function applyFlags(list: WorkList, pair: Pair): void {
  const { first, then, input, firstState } = pair;
  const thenWasOptional = then.optional;
  for (const [bit, about] of passing) {
    if (!has(input.flags, bit)) continue;
    const owner = ownerOf(bit, first, then);
    if (owner === undefined) applyWithoutResource(list, bit, pair);
    else updateResources(list, owner, first, then, { state: firstState, about, flags: bit, node: then.node });
  }
  if (has(input.flags, order.showThen) && first.runnable && !firstState.optional) then.printAlways = true;
  if (has(input.flags, order.showFirst) && !thenWasOptional) first.printAlways = true;
  if (isBlockedStop(first) && has(input.flags, order.requireThen | order.requireFirst | order.restart)) {
    if (!then.runnable) return;
    then.runnable = false;
    then.reason ??= `unrunnable ${first.resource?.id ?? ''} stop`;
    list.changed(then);
  }
}

/** Mostly the kind of then's resource decides how an ordering is passed on. */
function ownerOf(bit: number, first: Action, then: Action): Resource | undefined {
  return bit === order.requireFirst ? first.resource : then.resource;
}

function applyWithoutResource(list: WorkList, bit: number, { first, then, firstState }: Pair): void {
  if (bit === order.requireThen && !firstState.optional && then.optional) {
    then.optional = false;
    list.changed(then);
  } else if (bit === order.requireFirst && !firstState.optional && first.runnable) {
    first.runnable = false;
    list.changed(first);
  } else if (bit === order.enoughFirsts && firstState.runnable) {
    then.runnableBefore++;
    if (then.runnableBefore >= Math.max(1, then.requiredRunnableBefore)) then.runnable = true;
  } else if (bit === order.firstMustRun && !firstState.runnable && then.runnable) {
    then.runnable = false;
    then.reason ??= `unrunnable ${first.resource?.id ?? first.key} ${first.task}`;
    list.changed(then);
  }
}

/** Its resource is blocked and may not be touched, so that what waits for its stop waits in vain. */
function isBlockedStop({ resource, runnable, task }: Action): boolean {
  return task === 'stop' && !runnable && resource !== undefined && !resource.managed && resource.blocked;
}
