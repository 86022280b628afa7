/** Whether a node may be fenced at all, and the note that one has to be. */
import type { Cluster, ClusterNode } from '../working-set.ts';

/**
 * Fencing needs to be enabled, a device, and the right to decide: quorum, a policy that does without, or a node that is a member
 * still (then those who decide are in the same partition as their victim).
 */
export function canFence(cluster: Cluster, node: ClusterNode | undefined): boolean {
  if (!cluster.options.fencingEnabled || !cluster.haveFencingDevice) return false;
  if (cluster.haveQuorum || cluster.options.noQuorumPolicy === 'ignore') return true;
  return node?.online === true;
}

/** The node must be fenced before anything that may run on it can be trusted to be stopped. The first reason stays. */
export function requireFencing(cluster: Cluster, node: ClusterNode, reason: string): void {
  if (node.unclean || node.kind !== 'member') return;
  node.unclean = true;
  node.fenceReason = reason;
  cluster.warnings.push({
    code: canFence(cluster, node) ? 'node-will-be-fenced' : 'node-cannot-be-fenced',
    fields: { node: node.name, reason },
  });
}
