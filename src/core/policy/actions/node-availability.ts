/** Whether anything can be run on a node at all. */
import type { ClusterNode } from '../working-set.ts';

export function isAvailable(node: ClusterNode): boolean {
  const { online, unclean, shutdown, standby, standbyOnFail, maintenance, pending } = node;
  return online && !unclean && !shutdown && !standby && !standbyOnFail && !maintenance && !pending;
}
