/**
 * Nodes on which a resource failed as often as migration-threshold allows are forbidden; for an anonymous clone to all of it. A count
 * that is about to be cleared forbids nothing.
 */

import { infinity } from '../score.ts';
import { failcountOf } from '../status/failcount.ts';
import { type Cluster, cloneOf, type Resource } from '../working-set.ts';
import { contributeToAll } from './tables.ts';

export function banFailedNodes(cluster: Cluster, resource: Resource): void {
  for (const child of resource.children) banFailedNodes(cluster, child);
  if (resource.kind !== 'primitive' || resource.failureIgnored || resource.migrationThreshold === 0) return;
  for (const node of cluster.nodes) {
    const count = failcountOf(cluster, resource, node, { ignoreExpired: true, withContents: true });
    if (count <= 0 || count < resource.migrationThreshold) continue;
    if (cluster.failcountsToClear.some((each) => each.resource === resource && each.node === node)) continue;
    const clone = cloneOf(resource);
    const banned = clone !== undefined && !clone.clone!.unique ? clone : resource;
    contributeToAll(cluster, banned, node, -infinity, {
      kind: 'failure-threshold',
      resource: resource.id,
      detail: count >= infinity ? 'INFINITY' : String(count),
    });
  }
}
