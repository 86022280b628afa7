/** A resource that stopped because its node shut down cleanly may be kept for that node (`shutdown-lock`) until it returns. */
import type { ResourceHistory } from '../../cib/model.ts';
import { parseInteger } from '../../cib/values.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';

export function readShutdownLock(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  history: ResourceHistory,
): void {
  const lockedAtS = parseInteger(history.attributes['shutdown-lock']) ?? 0;
  if (lockedAtS === 0) return;
  const limitS = Math.trunc(cluster.options.shutdownLockLimitMs / 1000);
  if (limitS > 0 && cluster.nowS > lockedAtS + limitS) {
    cluster.historiesToErase.push({ resource, node });
    return;
  }
  resource.lockNode = node;
  resource.lockTimeS = lockedAtS;
}
