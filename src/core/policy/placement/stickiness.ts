/**
 * Stickiness: what is active on exactly one node prefers to stay there. Where nodes must be allowed explicitly it counts only on one
 * that still is. Nothing is pushed away by a negative one.
 */
import { type Cluster, contribute, type Resource } from '../working-set.ts';
import { isManaged } from './state.ts';
import { admit } from './tables.ts';

export function applyStickiness(cluster: Cluster, resource: Resource): void {
  for (const child of resource.children) applyStickiness(cluster, child);
  if (resource.kind !== 'primitive' || !isManaged(resource) || resource.stickiness < 1) return;
  const [node, another] = resource.activeOn;
  if (node === undefined || another !== undefined) return;
  if (!cluster.options.symmetricCluster && !resource.allowed.has(node.id)) return;
  admit(resource, node);
  contribute(cluster, resource, node, resource.stickiness, { kind: 'stickiness' });
}
