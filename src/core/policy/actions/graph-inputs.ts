/**
 * What gets into the graph: which actions, and which of the things they wait for. Most orderings are between actions of which one is
 * not done at all; those are left out.
 */
import type { Action, Cluster, OrderedBy } from '../working-set.ts';
import { actionFlag } from './new-action.ts';
import { has, order, placesOnly } from './order-flags.ts';

export function belongsInGraph(action: Action): boolean {
  const { resource, node } = action;
  if (!action.runnable || (action.optional && !action.printAlways)) return false;
  // What is not managed is watched, and that may end, but nothing else is done to it.
  if (resource?.managed === false && action.task !== 'monitor' && action.intervalMs === 0) return false;
  if (action.pseudo || action.task === 'stonith' || action.task === 'do_shutdown') return true;
  if (node === undefined) return false;
  if ((action.flags & actionFlag.anywhere) !== 0) return true;
  return node.online && !node.unclean;
}

/** Orderings between the same two actions become one. */
export function mergeInputs(action: Action): void {
  if ((action.flags & actionFlag.inputsMerged) !== 0) return;
  action.flags |= actionFlag.inputsMerged;
  const merged = new Map<Action, OrderedBy>();
  for (const input of action.before) {
    const known = merged.get(input.action);
    if (known === undefined) merged.set(input.action, { action: input.action, flags: input.flags });
    else known.flags |= input.flags;
  }
  action.before = [...merged.values()].sort((left, right) => left.action.number - right.action.number);
}

/** Whether `action` really waits for the input in this transition. */
export function waitsFor(action: Action, input: OrderedBy): boolean {
  const { action: first, flags } = input;
  if (flags === order.none) return false;
  if (!first.runnable && ((flags & ~placesOnly) === 0 || has(flags, order.enoughFirsts))) return false;
  // The migration did not come about.
  if (!first.runnable && has(flags, order.migrationChain)) return false;
  if (has(flags, order.firstNotMigrating) && first.migrateRunnable) return false;
  if (flags === order.ordered && first.migrateRunnable && first.task === 'stop') return false;
  if (flags === order.sameNodeOrTarget) return isLoadInTheWay(action, first);
  if (flags === order.requiredSameNode) {
    const elsewhere = first.node !== undefined && action.node !== undefined && first.node !== action.node;
    return !elsewhere && !first.optional;
  }
  if (isStopOfFailedUnmanaged(first) && first.resource !== action.resource && action.resource?.kind === 'clone') {
    return false;
  }
  return !first.optional || first.printAlways || first.inGraph || belongsInGraph(first);
}

/** A migration needs the room where it goes to, not where it begins. */
function isLoadInTheWay(action: Action, first: Action): boolean {
  const node = action.resource !== undefined && action.task === 'migrate_to' ? action.resource.assigned : action.node;
  return first.node === node && !first.optional;
}

function isStopOfFailedUnmanaged({ resource, task }: Action): boolean {
  return task === 'stop' && resource !== undefined && resource.failed && !resource.managed;
}

/** The actions of the graph, in the order in which they were made. */
export function actionsOfGraph(cluster: Cluster): Action[] {
  const chosen: Action[] = [];
  for (const action of cluster.actions) {
    mergeInputs(action);
    action.inGraph = belongsInGraph(action);
    if (action.inGraph) chosen.push(action);
  }
  return chosen;
}
