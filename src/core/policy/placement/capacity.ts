/** What nodes can carry: comparing free capacity, and taking from it when a resource is placed. */
import type { ClusterNode, Resource } from '../working-set.ts';

/**
 * Negative: `left` has more to offer. Each kind of capacity gives a point to the node with more of it free; a kind that only
 * one node has counts for that node.
 */
export function compareCapacity(left: ClusterNode, right: ClusterNode): number {
  let points = 0;
  for (const [name, free] of left.freeCapacity) points += Math.sign((right.freeCapacity.get(name) ?? 0) - free);
  for (const [name, free] of right.freeCapacity) if (!left.freeCapacity.has(name)) points += Math.sign(free);
  return Math.sign(points);
}

/** Whether the node has room for the demand; what a node says nothing about, it has not. */
export function hasRoomFor(node: ClusterNode, demand: ReadonlyMap<string, number>): boolean {
  for (const [name, needed] of demand) if (needed > (node.freeCapacity.get(name) ?? 0)) return false;
  return true;
}

export function takeCapacity(node: ClusterNode, resource: Resource): void {
  changeCapacity(node, resource, -1);
}

export function giveBackCapacity(node: ClusterNode, resource: Resource): void {
  changeCapacity(node, resource, 1);
}

function changeCapacity(node: ClusterNode, resource: Resource, sign: 1 | -1): void {
  for (const [name, amount] of resource.utilization) {
    const free = node.freeCapacity.get(name);
    if (free !== undefined) node.freeCapacity.set(name, free + sign * amount);
  }
}
