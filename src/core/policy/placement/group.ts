/**
 * Groups: members are assigned in order, each held to its predecessor by the colocation between them, so that the first member's
 * place (which has heard all the others' wishes and stickiness) is the group's.
 */
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { role } from '../working-set.ts';
import { assignAny } from './any.ts';
import { handDownToMembers } from './relations.ts';

export function assignGroup(
  cluster: Cluster,
  group: Resource,
  prefer: ClusterNode | undefined,
): ClusterNode | undefined {
  handDownToMembers(group);
  let place: ClusterNode | undefined;
  for (const member of group.children) {
    const node = assignAny(cluster, member, prefer);
    place ??= node;
  }
  group.provisional = false;
  group.nextRole = group.children[0]?.nextRole ?? role.stopped;
  return group.group?.colocated === false ? undefined : place;
}
