/** Whether a node may be fenced now, and whether its fencing has to wait because of what runs on the other nodes. */
import type { Cluster, ClusterNode } from '../working-set.ts';

/** Without quorum only what is still in contact may be fenced, unless the policy is to ignore that. */
export function fencingPossible({ options, haveFencingDevice, haveQuorum }: Cluster, node: ClusterNode): boolean {
  if (!options.fencingEnabled || !haveFencingDevice) return false;
  return haveQuorum || options.noQuorumPolicy === 'ignore' || node.online;
}

/**
 * priority-fencing-delay: the node with the more important resources is fenced later, so that it wins when both nodes fence each
 * other. undefined: not for this case; 0: this one needs no delay.
 */
export function priorityDelayMs(cluster: Cluster, node: ClusterNode): number | undefined {
  const { priorityFencingDelayMs } = cluster.options;
  if (priorityFencingDelayMs <= 0 || node.fenceAfterPriorityDelay !== true) return undefined;
  if (node.online) return 0;
  const members = cluster.nodes.filter(({ kind }) => kind === 'member');
  const online = members.filter((member) => member.online).length;
  if (online > Math.trunc(members.length / 2)) return 0;
  const priorities = members.map(({ priority }) => priority);
  const highest = Math.max(...priorities);
  if (highest === Math.min(...priorities) || node.priority < highest) return 0;
  return priorityFencingDelayMs;
}
