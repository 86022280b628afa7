/** Assigns whatever kind of resource it is; a member or an instance through the collective it belongs to. */
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { assignClone } from './clone.ts';
import { assignGroup } from './group.ts';
import { assignPrimitive } from './primitive.ts';

/** Decides the resource's node, unless that is decided or being decided (a loop of colocations: broken here, silently). */
export function assignAny(
  cluster: Cluster,
  resource: Resource,
  prefer: ClusterNode | undefined,
): ClusterNode | undefined {
  if (resource.parent !== undefined && !resource.parent.assigning && resource.parent.provisional)
    assignAny(cluster, resource.parent, prefer);
  if (!resource.provisional) return resource.assigned;
  if (resource.assigning) return undefined;
  resource.assigning = true;
  const node =
    resource.kind === 'primitive'
      ? assignPrimitive(cluster, resource, prefer)
      : resource.kind === 'group'
        ? assignGroup(cluster, resource, prefer)
        : assignClone(cluster, resource);
  resource.assigning = false;
  return node;
}
