/** Ending recurring operations. */
import type { Action, Cluster, ClusterNode, Resource } from '../working-set.ts';
import { newAction } from './new-action.ts';

/** Ends a recurring operation. The action takes the place of the operation that it ends. */
export function cancelRecurring(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  task: string,
  intervalMs: number,
): Action {
  const request = { resource, task: 'cancel', recordedTask: task, node, intervalMs, optional: false };
  const cancel = newAction(cluster, request);
  cancel.task = 'cancel';
  cancel.meta.set('operation', task);
  return cancel;
}
