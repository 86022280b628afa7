/** Erasing what a node has recorded of a resource: that of an orphan, or of one that is another kind of thing now. */
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { orderTasks } from './add-ordering.ts';
import { newAction } from './new-action.ts';
import { order } from './order-flags.ts';

/** The task, and the middle of the key, of erasing a history from the status only; it needs no word with the node. */
export const eraseTask = 'lrm_delete';

export function eraseHistory(cluster: Cluster, resource: Resource, node: ClusterNode): void {
  newAction(cluster, { resource, task: eraseTask, node, optional: false });
}

/** The task, and the middle of the key, of erasing a history. */
export const cleanupTask = 'delete';

export function scheduleCleanup(cluster: Cluster, resource: Resource, node: ClusterNode, optional: boolean): void {
  // What failed has to be seen, and nobody is there to erase anything on a node that is away.
  if (resource.failed || node.unclean || !node.online) return;
  newAction(cluster, { resource, task: cleanupTask, node, optional });
  const flags = optional ? order.requireThen : order.ordered;
  orderTasks(cluster, resource, 'stop', resource, cleanupTask, flags);
  orderTasks(cluster, resource, cleanupTask, resource, 'start', flags);
}
