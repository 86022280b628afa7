/** Monitors of the role Stopped: they make sure that a resource does not run on the nodes where it should not. */

import type { RecurringOperation } from '../unpack/recurring.ts';
import { type Action, type Cluster, type ClusterNode, type Resource, role } from '../working-set.ts';
import { addOrdering } from './add-ordering.ts';
import { cancelRecurring } from './cancel.ts';
import { actionsExactly, actionsOf, keyOf, newAction } from './new-action.ts';
import { order } from './order-flags.ts';

/** Not for anonymous clones: which instance would it be? */
export function watchStopped(cluster: Cluster, resource: Resource, operation: RecurringOperation): void {
  if (isAnonymous(resource)) return;
  for (const node of cluster.nodes) {
    if (node === resource.assigned) cancelIfRunning(cluster, resource, node, operation);
    else watchThere(cluster, resource, node, operation);
  }
}

function isAnonymous(resource: Resource): boolean {
  for (let each: Resource | undefined = resource; each !== undefined; each = each.parent) {
    if (each.kind === 'clone') return each.clone?.unique !== true;
  }
  return false;
}

function cancelIfRunning(cluster: Cluster, resource: Resource, node: ClusterNode, operation: RecurringOperation): void {
  if (actionsExactly(resource, keyOf(resource, operation.name, operation.intervalMs), node).length === 0) return;
  const cancel = cancelRecurring(cluster, resource, node, operation.name, operation.intervalMs);
  if (resource.nextRole === role.started || resource.nextRole === role.unpromoted) {
    addOrdering(cluster, { action: cancel }, { resource, task: 'start' }, order.firstMustRun);
  }
}

function watchThere(cluster: Cluster, resource: Resource, node: ClusterNode, operation: RecurringOperation): void {
  const { name, intervalMs } = operation;
  const optional = actionsExactly(resource, keyOf(resource, name, intervalMs), node).length > 0;
  const monitor = newAction(cluster, { resource, task: name, node, intervalMs, optional });
  monitor.meta.set('op_target_rc', '7');
  if (resource.managed) {
    for (const probe of actionsOf(resource, 'monitor', node)) {
      addOrdering(cluster, { action: probe }, { action: monitor }, order.firstMustRun);
    }
  }
  orderAfterStops(cluster, resource, node, monitor);
  if (!node.online || node.unclean) monitor.runnable = false;
}

function orderAfterStops(cluster: Cluster, resource: Resource, node: ClusterNode, monitor: Action): void {
  for (const stop of actionsOf(resource, 'stop', node)) {
    if (!stop.optional && !monitor.optional && !resource.managed) monitor.optional = true;
    if (!stop.runnable) monitor.runnable = false;
    if (resource.managed) {
      addOrdering(cluster, { action: stop }, { action: monitor }, order.requireThen | order.firstMustRun);
    }
  }
}
