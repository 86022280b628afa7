/**
 * The order in which a clone's instances are dealt out: those that can stay first, so that numbers move rather than services; then
 * by priority, by how crowded their node is, failed ones later, by what the colocations make of their node, by number.
 */
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { activeNodes, hasFailed, parentEntry } from './state.ts';
import { isAvailable } from './tables.ts';
import { wishesForNode } from './wishes.ts';

export function inDealingOrder(cluster: Cluster, clone: Resource): Resource[] {
  return [...clone.children].sort((left, right) => compareInstances(cluster, left, right));
}

export function compareInstances(cluster: Cluster, left: Resource, right: Resource): number {
  const leftNodes = activeNodes(left);
  const rightNodes = activeNodes(right);
  if (leftNodes.length > 0 && rightNodes.length > 0 && leftNodes.length !== rightNodes.length)
    return leftNodes.length - rightNodes.length;
  const leftHome = standing(left, leftNodes);
  const rightHome = standing(right, rightNodes);
  const stays = Number(rightHome.may) - Number(leftHome.may);
  if (stays !== 0) return stays;
  if (left.priority !== right.priority) return right.priority - left.priority;
  const active = Number(rightHome.node !== undefined) - Number(leftHome.node !== undefined);
  if (active !== 0) return active;
  if (leftHome.node !== undefined && rightHome.node !== undefined) {
    const homes = compareHomes(cluster, left, leftHome.node, right, rightHome.node);
    if (homes !== 0) return homes;
  }
  return numberOf(left) - numberOf(right) || (left.id < right.id ? -1 : 1);
}

/** Where it is active and could stay, if it is active; what is not active has nothing to lose. */
function standing(instance: Resource, nodes: readonly ClusterNode[]): { node: ClusterNode | undefined; may: boolean } {
  const node = nodes[0];
  if (node === undefined) return { node, may: true };
  const allowed = instance.allowed.get(node.id);
  return allowed === undefined || allowed.score < 0 ? { node: undefined, may: false } : { node, may: true };
}

function compareHomes(
  cluster: Cluster,
  left: Resource,
  leftNode: ClusterNode,
  right: Resource,
  rightNode: ClusterNode,
): number {
  const usable = Number(isAvailable(rightNode)) - Number(isAvailable(leftNode));
  if (usable !== 0) return usable;
  const leftEntry = parentEntry(left, leftNode);
  const rightEntry = parentEntry(right, rightNode);
  if ((leftEntry === undefined) !== (rightEntry === undefined)) return leftEntry === undefined ? 1 : -1;
  if (leftEntry !== undefined && leftEntry.count !== rightEntry!.count) return leftEntry.count - rightEntry!.count;
  const failed = Number(hasFailed(left)) - Number(hasFailed(right));
  if (failed !== 0) return failed;
  return partnersScore(cluster, right, rightNode) - partnersScore(cluster, left, leftNode);
}

/** What those with whom the clone is colocated make of the instance's node. */
function partnersScore(cluster: Cluster, instance: Resource, node: ClusterNode): number {
  const clone = instance.parent;
  return clone === undefined ? 0 : wishesForNode(cluster, clone, node);
}

function numberOf(instance: Resource): number {
  const at = instance.id.lastIndexOf(':');
  return at < 0 ? 0 : Number(instance.id.slice(at + 1));
}
