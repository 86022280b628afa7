/**
 * Turns what orderings ask for ("the start of A before the start of B") into links between actions that exist. A first action of
 * another resource that does not exist is made, optional and without a node: it says that there will be none.
 */
import { type Action, type Cluster, type OrderFlags, type Ordering, type Resource, role } from '../working-set.ts';
import { linkActions } from './links.ts';
import { actionFlag, actionsOf, newAction } from './new-action.ts';
import { has, order } from './order-flags.ts';

export function linkOrderings(cluster: Cluster): void {
  for (const ordering of cluster.orderings) {
    const { firstResource, thenResource } = ordering;
    if (firstResource !== undefined) linkFirst(cluster, firstResource, ordering);
    else if (thenResource !== undefined) linkThen(ordering.firstAction, thenResource, ordering);
    else linkActions(ordering.firstAction, ordering.thenAction, ordering.flags);
  }
}

function linkFirst(cluster: Cluster, resource: Resource, ordering: Ordering): void {
  const { firstAction, firstTask, thenAction } = ordering;
  const thenResource = ordering.thenResource ?? thenAction?.resource;
  const isOther = thenResource !== resource;
  const firsts = firstAction === undefined ? firstActions(cluster, resource, firstTask!, isOther) : [firstAction];
  for (const first of firsts) {
    if (thenResource === undefined) linkActions(first, thenAction, ordering.flags);
    else linkThen(first, thenResource, ordering);
  }
}

function firstActions(cluster: Cluster, resource: Resource, task: string, isOther: boolean): Action[] {
  const found = actionsOf(resource, task);
  if (found.length > 0 || !isOther) return found;
  if (task === 'stop' && resource.role === role.stopped) return [];
  if (task === 'demote' && resource.role === role.unpromoted) return [];
  return [newAction(cluster, { resource, task, node: undefined, optional: true })];
}

function linkThen(first: Action | undefined, resource: Resource, ordering: Ordering): void {
  const thens = ordering.thenAction === undefined ? actionsOf(resource, ordering.thenTask!) : [ordering.thenAction];
  const flags = flagsAfter(first, resource, ordering.flags);
  if (first === undefined && !has(flags, order.requireThen)) return;
  for (const then of thens) {
    if (first === undefined) then.runnable = false;
    else linkActions(first, then, flags);
  }
}

/** The stop that cleans up after a migration does not mean that the resource starts anew. */
function flagsAfter(first: Action | undefined, resource: Resource, flags: OrderFlags): OrderFlags {
  const cleansUp =
    first !== undefined && first.resource === resource && (first.flags & actionFlag.abortsMigration) !== 0;
  return cleansUp ? flags & ~order.requireThen : flags;
}
