/**
 * What a placed primary does to its dependent (Pacemaker Explained, "Colocation"). Within INFINITY the other nodes are forbidden; a
 * finite score is added where the primary is, -INFINITY forbids that node. Without a place for the primary a positive score is
 * taken from every node and a negative one means nothing. A finite score that would leave no node at all is not applied.
 */

import type { ScoreReason } from '../reasons.ts';
import { addScores, infinity } from '../score.ts';
import {
  type Cluster,
  type ClusterNode,
  type Colocation,
  cloneOf,
  contribute,
  type Resource,
  type Role,
  role,
} from '../working-set.ts';
import { placeNowhere } from './place.ts';
import { effectOf, limits } from './relations.ts';
import { assignedNode, comparedValue, isBlocked, isPromotable, nextRoleOf } from './state.ts';
import { adopt, leavesANode, type ScoreTable, scoresOf, sortedCandidates } from './tables.ts';

/** Lets the primary of a colocation of `dependent` (or of the clone it belongs to) take effect on it. */
export function applyColocation(
  cluster: Cluster,
  dependent: Resource,
  primary: Resource,
  colocation: Colocation,
): void {
  if (dependent.kind === 'group') return applyToGroup(cluster, dependent, primary, colocation);
  if (primary.kind === 'group') return applyFromGroup(cluster, dependent, primary, colocation);
  if (primary.kind === 'clone') return applyFromClone(cluster, dependent, primary, colocation);
  const effect = effectOf(colocation, dependent, primary, false);
  if (effect === 'promotion') prioritize(cluster, dependent, primary, colocation);
  if (effect === 'location') applyFromPrimitive(cluster, dependent, primary, colocation);
}

function applyToGroup(cluster: Cluster, group: Resource, primary: Resource, colocation: Colocation): void {
  if (effectOf(colocation, group, primary, false) === 'promotion')
    return prioritize(cluster, group, primary, colocation);
  const [first, ...others] = group.children;
  if (first === undefined) return;
  applyColocation(cluster, first, primary, colocation);
  if (group.group?.colocated !== false || colocation.score >= infinity) return;
  for (const member of others) applyColocation(cluster, member, primary, colocation);
}

function applyFromGroup(cluster: Cluster, dependent: Resource, group: Resource, colocation: Colocation): void {
  if (group.provisional) return;
  const first = group.children[0];
  const last = group.children.at(-1);
  if (first === undefined || last === undefined) return;
  if (group.group?.colocated === false) {
    if (colocation.score >= infinity) return;
    for (const member of group.children) applyColocation(cluster, dependent, member, colocation);
    return;
  }
  applyColocation(cluster, dependent, colocation.score >= infinity ? last : first, colocation);
}

function reasonOf(colocation: Colocation, primary: Resource, detail?: string): ScoreReason {
  return {
    kind: 'colocation',
    constraint: colocation.id,
    resource: primary.id,
    ...(detail === undefined ? {} : { detail }),
  };
}

function applyFromPrimitive(cluster: Cluster, dependent: Resource, primary: Resource, colocation: Colocation): void {
  const { score, nodeAttribute } = colocation;
  const place = primary.assigned;
  if (place === undefined && score < 0) return;
  const value = place === undefined ? undefined : comparedValue(place, nodeAttribute);
  const table: ScoreTable = new Map();
  for (const { node, score: before } of dependent.allowed.values()) {
    table.set(node.id, scoreBeside(before, score, place, comparedValue(node, nodeAttribute) === value));
  }
  if (Math.abs(score) < infinity && !leavesANode(cluster, table)) return;
  adopt(cluster, dependent, table, reasonOf(colocation, primary, place === undefined ? 'unplaced' : place.name));
}

function scoreBeside(before: number, score: number, place: ClusterNode | undefined, same: boolean): number {
  if (place === undefined) return addScores(before, -score);
  if (same) return score < infinity ? addScores(before, score) : before;
  return score >= infinity ? -infinity : before;
}

/** A placed promotable instance: being with the primary in its role makes it a better candidate for promotion, or none. */
function prioritize(cluster: Cluster, dependent: Resource, primary: Resource, colocation: Colocation): void {
  const place = assignedNode(dependent);
  const primaryPlace = assignedNode(primary);
  if (place === undefined || primaryPlace === undefined) return;
  const together =
    comparedValue(place, colocation.nodeAttribute) === comparedValue(primaryPlace, colocation.nodeAttribute);
  if (!together) {
    if (colocation.score >= infinity && colocation.dependentRole === role.promoted)
      changePriority(cluster, dependent, place, -infinity, reasonOf(colocation, primary));
    return;
  }
  if (limits(colocation.primaryRole) && colocation.primaryRole !== nextRoleOf(primary)) return;
  const amount = colocation.dependentRole === role.unpromoted ? -colocation.score : colocation.score;
  changePriority(cluster, dependent, place, amount, reasonOf(colocation, primary));
}

/** Changes how much an instance deserves promotion, with the reason. */
export function changePriority(
  cluster: Cluster,
  instance: Resource,
  node: ClusterNode,
  amount: number,
  reason: ScoreReason,
): void {
  instance.promotionPriority = addScores(instance.promotionPriority, amount);
  const sum = instance.promotionPriority;
  cluster.contributions.push({ resource: instance.id, node: node.name, phase: 'promotion', amount, sum, reason });
}

function applyFromClone(cluster: Cluster, dependent: Resource, clone: Resource, colocation: Colocation): void {
  if (clone.provisional) return;
  if (isPromotable(clone) && limits(colocation.primaryRole)) {
    const effect = effectOf({ ...colocation, primaryRole: undefined }, dependent, clone, false);
    if (effect === 'promotion') prioritizeBesideClone(cluster, dependent, clone, colocation);
    if (effect === 'location') applyFromRole(cluster, dependent, clone, colocation, colocation.primaryRole!);
    return;
  }
  if (interleaves(dependent, clone)) return applyInterleaved(cluster, dependent, clone, colocation);
  if (colocation.score < infinity) {
    for (const instance of clone.children) applyColocation(cluster, dependent, instance, colocation);
    return;
  }
  if (effectOf(colocation, dependent, clone, false) !== 'location') return;
  const places = clone.children.filter((instance) => !isBlocked(instance)).map(assignedNode);
  const reason = reasonOf(colocation, clone, 'any instance');
  for (const { node } of dependent.allowed.values()) {
    if (!places.includes(node)) contribute(cluster, dependent, node, -infinity, reason);
  }
}

/** Whether each instance of the dependent's clone needs only the primary's instance on its own node. */
function interleaves(dependent: Resource, clone: Resource): boolean {
  const own = cloneOf(dependent)?.clone;
  return own?.interleave === true && own.nodeMax === clone.clone!.nodeMax;
}

function applyInterleaved(cluster: Cluster, dependent: Resource, clone: Resource, colocation: Colocation): void {
  const partner = compatibleInstance(cluster, dependent, clone, undefined);
  if (partner !== undefined) applyColocation(cluster, dependent, partner, colocation);
  else if (colocation.score >= infinity)
    placeNowhere(cluster, dependent, reasonOf(colocation, clone, 'no instance to interleave with'));
}

/** The instance of the clone that is where `resource` is, or would be best off while it has no place yet. */
export function compatibleInstance(
  cluster: Cluster,
  resource: Resource,
  clone: Resource,
  wantedRole: Role | undefined,
): Resource | undefined {
  const place = assignedNode(resource);
  const nodes =
    place === undefined
      ? sortedCandidates(cluster, resource.allowed.values(), undefined).map(({ node }) => node)
      : [place];
  for (const node of nodes) {
    const found = clone.children.find(
      (instance) =>
        assignedNode(instance) === node &&
        !isBlocked(instance) &&
        (wantedRole === undefined || nextRoleOf(instance) === wantedRole),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function prioritizeBesideClone(cluster: Cluster, dependent: Resource, clone: Resource, colocation: Colocation): void {
  const place = assignedNode(dependent);
  if (place === undefined) return;
  const partner = compatibleInstance(cluster, dependent, clone, colocation.primaryRole);
  if (partner !== undefined) changePriority(cluster, dependent, place, colocation.score, reasonOf(colocation, partner));
  else if (colocation.score >= infinity)
    changePriority(cluster, dependent, place, -infinity, reasonOf(colocation, clone));
}

function applyFromRole(
  cluster: Cluster,
  dependent: Resource,
  clone: Resource,
  colocation: Colocation,
  wantedRole: Role,
): void {
  const reason = reasonOf(colocation, clone);
  const { score, nodeAttribute } = colocation;
  const places = new Map<ClusterNode, number>();
  for (const instance of clone.children) {
    const place = assignedNode(instance);
    if (place === undefined || nextRoleOf(instance) !== wantedRole) continue;
    places.set(place, instance.allowed.get(place.id)?.score ?? 0);
    if (score >= infinity) continue;
    const value = comparedValue(place, nodeAttribute);
    for (const { node } of dependent.allowed.values())
      if (comparedValue(node, nodeAttribute) === value) contribute(cluster, dependent, node, score, reason);
  }
  if (score < infinity || (colocation.dependentRole === role.promoted && wantedRole === role.promoted)) return;
  mustBeAmong(cluster, dependent, places, nodeAttribute, reason);
}

/** Forbids the other nodes; on these the instance's own preference counts too. */
function mustBeAmong(
  cluster: Cluster,
  dependent: Resource,
  places: ReadonlyMap<ClusterNode, number>,
  attribute: string | undefined,
  reason: ScoreReason,
): void {
  const byValue = new Map([...places].map(([node, score]) => [comparedValue(node, attribute), score]));
  const table = scoresOf(dependent);
  for (const [id, score] of table) {
    const preference = byValue.get(comparedValue(cluster.nodeById.get(id)!, attribute));
    table.set(id, preference === undefined ? -infinity : addScores(score, preference));
  }
  adopt(cluster, dependent, table, reason);
}
