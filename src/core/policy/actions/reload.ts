/** Telling an agent of changed parameters without a restart. */
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { addOrdering } from './add-ordering.ts';
import { newAction, stopAction } from './new-action.ts';
import { order } from './order-flags.ts';

export const reloadTask = 'reload-agent';

export function scheduleReload(cluster: Cluster, resource: Resource, node: ClusterNode): void {
  if (!resource.managed || resource.failed) return;
  if (resource.startPending) {
    // With which parameters it will come up nobody knows.
    stopAction(cluster, resource, node, false).reason ??= 'resource definition change';
    return;
  }
  const reload = newAction(cluster, { resource, task: reloadTask, node, optional: false });
  reload.reason ??= 'resource definition change';
  for (const task of ['stop', 'demote']) {
    addOrdering(cluster, { action: reload }, { resource, task }, order.ordered | order.thenCancelsFirst);
  }
}
