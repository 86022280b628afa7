/**
 * Recurring operations of a resource that runs, or will: monitors in any role, or only in one. What runs already goes on; what the
 * coming role has no use for is cancelled. See `stopped-monitors.ts` for those of the role Stopped.
 */
import { type RecurringOperation, recurringOperations } from '../unpack/recurring.ts';
import { type Action, type Cluster, type ClusterNode, type Resource, type Role, role } from '../working-set.ts';
import { addOrdering } from './add-ordering.ts';
import { cancelRecurring } from './cancel.ts';
import { actionFlag, actionsExactly, keyOf, newAction, startAction } from './new-action.ts';
import { order } from './order-flags.ts';
import { watchStopped } from './stopped-monitors.ts';

export function createRecurring(cluster: Cluster, resource: Resource): void {
  if (resource.blocked || resource.maintenance) return;
  const { assigned } = resource;
  const isWatched =
    assigned !== undefined && !assigned.maintenance && (resource.nextRole !== role.stopped || !resource.managed);
  // Asked for also where nothing recurs: it reminds the start of an unmanaged resource that nobody wants it.
  const start = isWatched ? startAction(cluster, resource, assigned, true) : undefined;
  if (resource.operations.length === 0) return;
  for (const operation of recurringOperations(cluster, resource)) {
    if (operation.role === role.stopped) watchStopped(cluster, resource, operation);
    else if (start !== undefined) watchActive(cluster, resource, start, operation);
  }
}

function watchActive(cluster: Cluster, resource: Resource, start: Action, operation: RecurringOperation): void {
  const node = resource.assigned!;
  const goesOn = alreadyRuns(resource, node, start, keyOf(resource, operation.name, operation.intervalMs));
  if (!isForRole(operation, resource.nextRole)) {
    if (goesOn) cancelBeforeRoleChange(cluster, resource, node, operation);
    return;
  }
  const monitor = newAction(cluster, {
    resource,
    task: operation.name,
    node,
    intervalMs: operation.intervalMs,
    optional: goesOn,
  });
  if (!start.runnable || !node.online || node.unclean) monitor.runnable = false;
  if (resource.nextRole === role.promoted) monitor.meta.set('op_target_rc', '8');
  if (resource.managed) orderMonitor(cluster, resource, monitor);
}

/** What names no role is not for promoted instances: those have monitors of their own. */
function isForRole(operation: RecurringOperation, next: Role): boolean {
  return operation.role === undefined ? next !== role.promoted : operation.role === next;
}

function alreadyRuns(resource: Resource, node: ClusterNode, start: Action, key: string): boolean {
  if (!start.optional) return false;
  const running = actionsExactly(resource, key, node);
  return running.length > 0 && running.every(({ flags }) => (flags & actionFlag.reschedule) === 0);
}

function orderMonitor(cluster: Cluster, resource: Resource, monitor: Action): void {
  const then = { action: monitor };
  addOrdering(cluster, { resource, task: 'start' }, then, order.requireThen | order.firstMustRun);
  addOrdering(cluster, { resource, task: 'reload-agent' }, then, order.requireThen | order.firstMustRun);
  if (resource.nextRole === role.promoted) {
    addOrdering(cluster, { resource, task: 'promote' }, then, order.ordered | order.firstMustRun);
  } else if (resource.role === role.promoted) {
    addOrdering(cluster, { resource, task: 'demote' }, then, order.ordered | order.firstMustRun);
  }
}

function cancelBeforeRoleChange(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  { name, intervalMs }: RecurringOperation,
): void {
  const cancel = cancelRecurring(cluster, resource, node, name, intervalMs);
  const change = roleChange(resource);
  if (change !== undefined) addOrdering(cluster, { action: cancel }, { resource, task: change }, order.firstMustRun);
}

function roleChange(resource: Resource): string | undefined {
  if (resource.role === role.promoted) return 'demote';
  if (resource.role !== role.started && resource.role !== role.unpromoted) return undefined;
  if (resource.nextRole === role.promoted) return 'promote';
  return resource.nextRole === role.stopped ? 'stop' : undefined;
}
