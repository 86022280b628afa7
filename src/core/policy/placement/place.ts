/** Putting a resource on a node, or nowhere, and taking it back: the only place where an assignment is written down. */
import type { ScoreReason } from '../reasons.ts';
import { type Cluster, type ClusterNode, type Resource, role } from '../working-set.ts';
import { giveBackCapacity, takeCapacity } from './capacity.ts';
import { isAvailable } from './tables.ts';

/**
 * Assigns a primitive, or all primitives of a collective. Unless `forced` a node that is forbidden or cannot run resources
 * means nowhere.
 */
export function place(cluster: Cluster, resource: Resource, node: ClusterNode | undefined, forced: boolean): boolean {
  if (resource.kind !== 'primitive') {
    for (const child of resource.children) place(cluster, child, node, forced);
    resource.provisional = false;
    return node !== undefined;
  }
  const score = node === undefined ? undefined : (resource.allowed.get(node.id)?.score ?? 0);
  const usable = node !== undefined && (forced || (isAvailable(node) && score! >= 0));
  unplace(resource);
  resource.provisional = false;
  if (!usable) {
    resource.nextRole = role.stopped;
    return false;
  }
  resource.assigned = node;
  node.assigned.push(resource);
  takeCapacity(node, resource);
  if (resource.nextRole === role.unknown) resource.nextRole = role.started;
  return true;
}

/** Decides that it runs nowhere, and says why on every node. */
export function placeNowhere(cluster: Cluster, resource: Resource, reason: ScoreReason): void {
  for (const { node, score } of resource.allowed.values())
    cluster.contributions.push({
      resource: resource.id,
      node: node.name,
      phase: 'placement',
      amount: 0,
      sum: score,
      reason,
    });
  place(cluster, resource, undefined, true);
}

/** Takes an assignment back; the resource is undecided again. */
export function unplace(resource: Resource): void {
  resource.provisional = true;
  for (const child of resource.children) unplace(child);
  const node = resource.assigned;
  if (node === undefined) return;
  resource.assigned = undefined;
  if (resource.nextRole === role.started) resource.nextRole = role.unknown;
  const at = node.assigned.lastIndexOf(resource);
  if (at >= 0) node.assigned.splice(at, 1);
  giveBackCapacity(node, resource);
}
