/**
 * Which instances of a promotable clone are promoted. Each placed instance gets a priority: its promotion score (-1 where none is
 * set: then a location rule for the role may still lift it), location rules for the role, colocations of the role. The wishes of
 * others who want to be with the promoted instance decide between those; the first promoted-max that are not negative are
 * promoted.
 */
import { addScores, infinity } from '../score.ts';
import { type AllowedNode, type Cluster, type ClusterNode, type Resource, role } from '../working-set.ts';
import { applyColocation, changePriority } from './colocate.ts';
import { compareInstances } from './instance-order.ts';
import { promotionScore } from './promotion-scores.ts';
import { wantedBy, wantsOf } from './relations.ts';
import { assignedNode, assignedNodes, currentRole, isManaged, nextRoleOf } from './state.ts';
import { forbidEverywhere, isAvailable } from './tables.ts';
import { hear, hearDependent, withoutEcho } from './wishes.ts';

export function choosePromoted(cluster: Cluster, clone: Resource): void {
  const { promotedMax, promotedNodeMax } = clone.clone!;
  for (const allowed of clone.allowed.values()) allowed.count = 0;
  for (const instance of clone.children) {
    if (currentRole(instance) === role.started) callUnpromoted(instance);
    setPriority(cluster, clone, instance);
  }
  const claims = claimsOf(cluster, clone);
  let promoted = 0;
  for (const instance of byClaim(cluster, clone, claims)) {
    const open = claims.get(instance)! >= 0 && (promoted < promotedMax || !isManaged(clone));
    const place = open ? placeOfPromotion(clone, instance, promotedNodeMax) : undefined;
    // Frozen without quorum: nobody new is promoted.
    const frozen =
      !cluster.haveQuorum && cluster.options.noQuorumPolicy === 'freeze' && currentRole(instance) < role.promoted;
    const node = frozen ? undefined : place;
    if (node === undefined) {
      leaveUnpromoted(instance);
      continue;
    }
    clone.allowed.get(node.id)!.count += 1;
    promoted += 1;
    setRole(instance, role.promoted);
  }
}

/** What can be promoted and merely runs is unpromoted; beside a promoted member of its group it is left as it was read. */
function callUnpromoted(resource: Resource): void {
  if (resource.role === role.started) resource.role = role.unpromoted;
  for (const child of resource.children) callUnpromoted(child);
}

function setPriority(cluster: Cluster, clone: Resource, instance: Resource): void {
  const node = assignedNode(instance);
  const next = nextRoleOf(instance);
  instance.promotionPriority = 0;
  if (node === undefined || next === role.unpromoted || next === role.stopped) {
    instance.promotionPriority = -infinity;
    return;
  }
  // What is not managed may have stayed promoted already: nobody has a better claim then.
  if (next !== role.promoted) {
    const score = promotionScore(cluster, instance, node);
    changePriority(cluster, instance, node, score ?? -1, {
      kind: 'promotion-score',
      ...(score === undefined ? { detail: 'none set' } : {}),
    });
  }
  for (const owner of new Set([instance, ...instance.children, clone]))
    addRoleLocations(cluster, instance, owner, node);
  for (const colocation of wantsOf(instance)) applyColocation(cluster, instance, colocation.primary, colocation);
}

function addRoleLocations(cluster: Cluster, instance: Resource, owner: Resource, node: ClusterNode): void {
  for (const location of owner.locations) {
    if (location.role !== role.promoted) continue;
    for (const each of location.scores) {
      if (each.node !== node) continue;
      changePriority(cluster, instance, node, each.score, { kind: 'promotion-location', constraint: location.id });
    }
  }
}

/** Instances, the one with the best claim to be promoted first. */
function byClaim(cluster: Cluster, clone: Resource, claims: ReadonlyMap<Resource, number>): Resource[] {
  return [...clone.children].sort((left, right) => {
    const claim = claims.get(right)! - claims.get(left)!;
    if (claim !== 0) return claim;
    const roles = currentRole(right) - currentRole(left);
    return roles !== 0 ? roles : compareInstances(cluster, left, right);
  });
}

/** Priorities with what others wish for the promoted instance; what stays promoted without being managed comes first. */
function claimsOf(cluster: Cluster, clone: Resource): Map<Resource, number> {
  const claims = new Map<Resource, number>();
  for (const instance of clone.children) {
    const claim = nextRoleOf(instance) === role.promoted ? infinity : instance.promotionPriority;
    claims.set(instance, claim);
    const entry = entryOf(clone, instance);
    if (entry !== undefined && claim >= 0) entry.score = addScores(entry.score, claim);
  }
  withoutEcho(clone, () => hearPartnersOfPromoted(cluster, clone));
  for (const instance of clone.children) {
    const entry = entryOf(clone, instance);
    const claim = claims.get(instance)!;
    if (entry === undefined || claim < 0 || (claim >= infinity && !isManaged(instance))) continue;
    claims.set(instance, entry.score);
    if (entry.score === claim) continue;
    cluster.contributions.push({
      resource: instance.id,
      node: entry.node.name,
      phase: 'promotion',
      amount: entry.score - claim,
      sum: entry.score,
      reason: { kind: 'colocation-dependent', resource: clone.id },
    });
  }
  return claims;
}

function entryOf(clone: Resource, instance: Resource): AllowedNode | undefined {
  const node = assignedNode(instance);
  return node === undefined ? undefined : clone.allowed.get(node.id);
}

function hearPartnersOfPromoted(cluster: Cluster, clone: Resource): void {
  for (const colocation of wantsOf(clone)) {
    if (colocation.dependentRole !== role.promoted) continue;
    // What must be respected is heard even when it leaves no candidate.
    const keepANode = colocation.score < infinity;
    hear(cluster, clone, colocation, colocation.primary, { keepANode });
  }
  for (const colocation of wantedBy(clone)) {
    if (colocation.primaryRole === role.promoted)
      hearDependent(cluster, clone, colocation, { keepANode: true, keepGoodNodes: true });
  }
  for (const { role: limited, ticket } of clone.tickets) {
    if (limited !== role.promoted || (ticket.granted && !ticket.standby)) continue;
    forbidEverywhere(cluster, clone, { kind: 'ticket', constraint: ticket.id });
  }
}

/** The node on which the instance may be promoted; undefined: it may not. */
function placeOfPromotion(clone: Resource, instance: Resource, promotedNodeMax: number): ClusterNode | undefined {
  const node = assignedNode(instance);
  if (node === undefined) return undefined;
  if (!instance.children.every(mayBePromoted)) return undefined;
  if (!isManaged(instance)) return currentRole(instance) === role.promoted ? node : undefined;
  if (instance.promotionPriority < 0 || !isAvailable(node)) return undefined;
  const entry = clone.allowed.get(node.id);
  return entry === undefined || entry.count >= promotedNodeMax ? undefined : node;
}

/** A group is promoted as a whole; one member that cannot be keeps it back. */
function mayBePromoted(member: Resource): boolean {
  if (assignedNode(member) === undefined) return false;
  return isManaged(member) ? member.priority >= 0 : member.role === role.promoted;
}

function leaveUnpromoted(instance: Resource): void {
  for (const child of instance.children) leaveUnpromoted(child);
  if (assignedNodes(instance).length === 0) instance.nextRole = role.stopped;
  else if (instance.nextRole !== role.stopped) instance.nextRole = role.unpromoted;
}

function setRole(instance: Resource, next: typeof role.promoted): void {
  for (const child of instance.children) setRole(child, next);
  instance.nextRole = next;
}
