/**
 * Live migration: migrate_to on the old node, migrate_from on the new one, then a stop on the old one that only clears up. The
 * start on the new node stays as a point in the order, for those who wait for it; it becomes real when the migration turns out to
 * be impossible.
 */
import type { Action, Cluster, ClusterNode, Resource } from '../working-set.ts';
import { orderTasks } from './add-ordering.ts';
import { scheduleCleanup } from './cleanup.ts';
import { actionFlag, newAction, startAction, stopAction } from './new-action.ts';
import { order } from './order-flags.ts';

/** Whether a move from `current` may be a migration, as far as the resource and its nodes are concerned. */
export function canMigrate(resource: Resource, current: ClusterNode | undefined): boolean {
  if (!resource.allowMigrate || !resource.managed || resource.failed || resource.startPending) return false;
  if (current === undefined || current.unclean) return false;
  return resource.assigned !== undefined && !resource.assigned.unclean;
}

export function createMigration(cluster: Cluster, resource: Resource, current: ClusterNode): void {
  const start = startAction(cluster, resource, resource.assigned, true);
  const stop = stopAction(cluster, resource, current, true);
  const under = resource.partialMigrationTarget !== undefined;
  const to = under ? undefined : newAction(cluster, { resource, task: 'migrate_to', node: current, optional: true });
  const from = newAction(cluster, { resource, task: 'migrate_from', node: resource.assigned, optional: true });
  start.migrateRunnable = true;
  stop.migrateRunnable = true;
  start.pseudo = true;
  from.migrateRunnable = true;
  from.needs = start.needs;
  const chain = order.ordered | order.migrationChain;
  if (to !== undefined) {
    to.migrateRunnable = true;
    to.needs = start.needs;
    orderTasks(cluster, resource, 'monitor', resource, 'migrate_to', order.ordered);
    orderTasks(cluster, resource, 'migrate_to', resource, 'migrate_from', chain);
    describe(to, resource, current);
  }
  orderTasks(cluster, resource, 'migrate_from', resource, 'stop', chain);
  orderTasks(cluster, resource, 'migrate_from', resource, 'start', chain | order.firstElseThen);
  describe(from, resource, current);
}

function describe(action: Action, { assigned }: Resource, source: ClusterNode): void {
  action.meta.set('migrate_source', source.name);
  action.meta.set('migrate_target', assigned!.name);
}

/** Stops what a migration that came to nothing may have left on a node. */
export function abortDanglingMigration(cluster: Cluster, resource: Resource, node: ClusterNode): void {
  const stop = stopAction(cluster, resource, node, false);
  stop.flags |= actionFlag.abortsMigration;
  if (resource.removeAfterStop) scheduleCleanup(cluster, resource, node, false);
}
