/**
 * Location constraints. For a group the score counts for the first member, whose place the others follow; for a clone it counts for
 * the clone and every instance. A constraint limited to the promoted role waits for the choice of who is promoted.
 */
import type { ScoreReason } from '../reasons.ts';
import { infinity } from '../score.ts';
import {
  type AllowedNode,
  type Cluster,
  type ClusterNode,
  contribute,
  type Location,
  type Resource,
  role,
  topmost,
} from '../working-set.ts';
import { admit, contributeToAll } from './tables.ts';

const strictness = { always: 0, never: 1, exclusive: 2 } as const;
const exclusive = new WeakMap<Cluster, Set<Resource>>();

export function applyLocations(cluster: Cluster): void {
  for (const location of cluster.locations) applyLocation(cluster, location);
}

function applyLocation(cluster: Cluster, location: Location): void {
  const { id, resource, discovery, reason } = location;
  // Of a member it only says where to look for it.
  if (discovery === 'exclusive' && resource.parent === undefined) exclusiveIn(cluster).add(resource);
  if (waitsForPromotion(location)) return;
  for (const { node, score, rule } of location.scores) {
    // What follows from the history holds for every part of the resource.
    if (reason !== undefined) contributeToAll(cluster, resource, node, score, reason);
    else if (rule === undefined)
      addLocationScore(cluster, resource, node, score, { kind: 'location', constraint: id }, discovery);
    else
      addLocationScore(
        cluster,
        resource,
        node,
        score,
        { kind: 'location-rule', constraint: id, detail: rule },
        discovery,
      );
  }
}

/** Whoever runs is at least unpromoted, so that only the promoted role restricts anything. */
function waitsForPromotion(location: Location): boolean {
  const wanted = location.role;
  if (wanted === undefined || wanted === role.unknown || wanted === role.started || wanted === role.unpromoted)
    return false;
  return wanted !== location.resource.nextRole;
}

/** Adds a location's score for one node, to the resource and those of its parts that it counts for. */
export function addLocationScore(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  score: number,
  reason: ScoreReason,
  discovery: AllowedNode['discovery'] = 'always',
): void {
  const allowed = admit(resource, node);
  if (strictness[allowed.discovery] < strictness[discovery]) resource.allowed.set(node.id, { ...allowed, discovery });
  contribute(cluster, resource, node, score, reason);
  const followers = resource.kind === 'group' && resource.group?.colocated !== false;
  resource.children.forEach((child, index) => {
    addLocationScore(cluster, child, node, followers && index > 0 ? 0 : score, reason, discovery);
  });
}

function exclusiveIn(cluster: Cluster): Set<Resource> {
  const known = exclusive.get(cluster) ?? new Set<Resource>();
  exclusive.set(cluster, known);
  return known;
}

/**
 * With resource-discovery=exclusive only the nodes named so may run the resource, and none where a rule holds for no node. Said of
 * a member or an instance alone it only limits where that is probed.
 */
export function applyExclusiveDiscovery(cluster: Cluster, resource: Resource): void {
  if (!exclusiveIn(cluster).has(topmost(resource))) return;
  for (const { node, discovery } of resource.allowed.values()) {
    if (discovery !== 'exclusive') contribute(cluster, resource, node, -infinity, { kind: 'exclusive-discovery' });
  }
  for (const child of resource.children) applyExclusiveDiscovery(cluster, child);
}
