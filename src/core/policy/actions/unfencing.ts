/**
 * Unfencing: before a resource that requires it is probed or started on a node, a fence device lets that node back in ("on").
 * A node that was let in once stays in; until then it is asked for as soon as something wants to run there.
 */
import type { Action, Cluster, ClusterNode, OrderFlags, Resource } from '../working-set.ts';
import { addOrdering } from './add-ordering.ts';
import { fencingPossible } from './fencing-possible.ts';
import { linkActions } from './links.ts';
import { newAction } from './new-action.ts';
import { order } from './order-flags.ts';

/** What comes to the node comes after its unfencing; fence devices too, since many can do nothing before. */
export function orderAfterUnfencing(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  action: Action,
  flags: OrderFlags,
): void {
  if (!resource.requiresUnfencing && !(resource.isFencingDevice && cluster.unfencing)) return;
  const unfencing = unfencingOf(cluster, node);
  linkActions(unfencing, action, flags);
  if (isUnfenced(node) || !node.online || node.unclean || node.shutdown || !fencingPossible(cluster, node)) return;
  unfencing.optional = false;
  unfencing.reason ??= `required by ${resource.id} ${action.task}`;
}

/** What must leave for the unfencing leaves before it. */
export function orderStopBeforeUnfencing(cluster: Cluster, resource: Resource, node: ClusterNode, stop: Action): void {
  if (resource.requiresUnfencing) linkActions(stop, unfencingOf(cluster, node), order.requireFirst);
}

/** On every node it may come to: it stops before that node's unfencing, and starts (again) after it. */
export function orderAroundUnfencing(cluster: Cluster, resource: Resource): void {
  if (!resource.requiresUnfencing) return;
  for (const { node } of resource.allowed.values()) {
    const unfencing = { action: unfencingOf(cluster, node) };
    addOrdering(cluster, { resource, task: 'stop' }, unfencing, order.ordered | order.sameNode);
    addOrdering(cluster, unfencing, { resource, task: 'start' }, order.requireThen | order.sameNode);
  }
}

function unfencingOf(cluster: Cluster, node: ClusterNode): Action {
  const key = `stonith-${node.name}-on`;
  const action = newAction(cluster, { resource: undefined, task: 'stonith', node, key, optional: true });
  action.meta.set('on_node', node.name);
  action.meta.set('on_node_uuid', node.id);
  action.meta.set('stonith_action', 'on');
  return action;
}

/** The time of it is kept as an attribute of the node while it is up. */
function isUnfenced({ attributes }: ClusterNode): boolean {
  return (attributes.get('#node-unfenced') ?? '0') !== '0';
}
