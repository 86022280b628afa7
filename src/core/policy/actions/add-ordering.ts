/**
 * Notes that actions are to be ordered, before it is known which actions there will be. An ordering between two resources that
 * can migrate live has further ones in its wake: what waits for a start also waits for the migration that takes its place.
 */
import type { Action, Cluster, OrderFlags, Resource } from '../working-set.ts';
import { order } from './order-flags.ts';

/** One side of an ordering: the actions of a resource for a task, or a certain action. */
export type Side = { readonly resource: Resource; readonly task: string } | { readonly action: Action };

/** `id`: the constraint that asks for it; empty for one of our own. */
export function addOrdering(cluster: Cluster, first: Side, then: Side, flags: OrderFlags, id = ''): void {
  const firstSide = unfold(first);
  const thenSide = unfold(then);
  cluster.orderings.push({
    id,
    firstResource: firstSide.resource,
    firstTask: firstSide.task,
    firstAction: firstSide.action,
    thenResource: thenSide.resource,
    thenTask: thenSide.task,
    thenAction: thenSide.action,
    flags,
  });
  if (firstSide.resource !== undefined && thenSide.resource !== undefined) {
    followMigration(
      cluster,
      { ...firstSide, resource: firstSide.resource },
      { ...thenSide, resource: thenSide.resource },
      id,
    );
  }
}

/** The usual form: a task of one resource before a task of another. */
export function orderTasks(
  cluster: Cluster,
  first: Resource,
  firstTask: string,
  then: Resource,
  thenTask: string,
  flags: OrderFlags,
  id = '',
): void {
  addOrdering(cluster, { resource: first, task: firstTask }, { resource: then, task: thenTask }, flags, id);
}

interface Unfolded {
  readonly resource: Resource | undefined;
  readonly task: string | undefined;
  readonly action: Action | undefined;
}

function unfold(side: Side): Unfolded {
  if ('action' in side) {
    const { action } = side;
    return { resource: action.resource, task: action.intervalMs === 0 ? action.task : undefined, action };
  }
  return { resource: side.resource, task: side.task, action: undefined };
}

type Known = Unfolded & { readonly resource: Resource };

function followMigration(cluster: Cluster, first: Known, then: Known, id: string): void {
  if (!first.resource.allowMigrate && !then.resource.allowMigrate) return;
  if (first.resource === then.resource) return;
  if (isAncestor(first.resource, then.resource) || isAncestor(then.resource, first.resource)) return;
  const pair = `${first.task ?? ''}>${then.task ?? ''}`;
  if (pair === 'start>start') followStarts(cluster, first.resource, then.resource, id);
  else if (!then.resource.allowMigrate) return;
  else if (pair === 'stop>stop') {
    const flags = first.resource.allowMigrate ? order.ordered | order.firstNotMigrating : order.ordered;
    beforeMigration(cluster, first.resource, 'stop', then.resource, flags, id);
  } else if (pair === 'promote>start') {
    orderTasks(cluster, first.resource, 'promote', then.resource, 'migrate_to', order.ordered, id);
  } else if (pair === 'demote>stop') {
    beforeMigration(cluster, first.resource, 'demote', then.resource, order.ordered, id);
  }
}

function followStarts(cluster: Cluster, first: Resource, then: Resource, id: string): void {
  if (!then.allowMigrate) return;
  if (first.allowMigrate) orderTasks(cluster, first, 'migrate_from', then, 'migrate_to', order.ordered, id);
  const flags = first.allowMigrate ? order.ordered | order.firstNotMigrating : order.ordered;
  orderTasks(cluster, first, 'start', then, 'migrate_to', flags, id);
}

function beforeMigration(
  cluster: Cluster,
  first: Resource,
  task: string,
  then: Resource,
  flags: OrderFlags,
  id: string,
): void {
  orderTasks(cluster, first, task, then, 'migrate_to', flags, id);
  // A migration under way has its first half behind it.
  if (then.partialMigrationTarget !== undefined) orderTasks(cluster, first, task, then, 'migrate_from', flags, id);
}

/** Whether `above` contains `resource`, at any depth. */
export function isAncestor(above: Resource, resource: Resource): boolean {
  for (let each = resource.parent; each !== undefined; each = each.parent) if (each === above) return true;
  return false;
}
