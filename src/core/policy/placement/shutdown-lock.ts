/**
 * Shutdown locks: with shutdown-lock a primitive (alone or in a group that is not cloned) that was running on a node which is shut
 * down cleanly stays bound to that node until it returns, or until shutdown-lock-limit has passed.
 */
import { infinity } from '../score.ts';
import { type Cluster, contribute, type Resource } from '../working-set.ts';

export function lockToShutDownNodes(cluster: Cluster, resource: Resource): void {
  if (!cluster.options.shutdownLock || resource.kind === 'clone') return;
  for (const member of resource.children) lockToShutDownNodes(cluster, member);
  // A fencing device is needed wherever there is somebody to use it.
  if (resource.kind !== 'primitive' || resource.isFencingDevice) return;
  lockIfLeaving(cluster, resource);
  const { lockNode } = resource;
  if (lockNode === undefined) return;
  const limitMs = cluster.options.shutdownLockLimitMs;
  if (limitMs > 0) recheckAt(cluster, resource.lockTimeS + Math.floor(limitMs / 1000) + 1);
  for (const { node } of resource.allowed.values()) {
    if (node !== lockNode)
      contribute(cluster, resource, node, -infinity, { kind: 'shutdown-lock', detail: lockNode.name });
  }
}

/** A lock found in the history yields to a resource that runs after all; a node that leaves now makes a lock. */
function lockIfLeaving(cluster: Cluster, resource: Resource): void {
  const [node, another] = resource.activeOn;
  if (resource.lockNode !== undefined) {
    if (node === undefined) return;
    cluster.historiesToErase.push({ resource, node: resource.lockNode });
    resource.lockNode = undefined;
    resource.lockTimeS = 0;
    return;
  }
  if (node === undefined || another !== undefined || !node.shutdown || node.unclean) return;
  resource.lockNode = node;
  resource.lockTimeS = Number.parseInt(node.attributes.get('shutdown') ?? '', 10) || cluster.nowS;
}

function recheckAt(cluster: Cluster, timeS: number): void {
  if (timeS > cluster.nowS && (cluster.recheckAtS === undefined || timeS < cluster.recheckAtS))
    cluster.recheckAtS = timeS;
}
