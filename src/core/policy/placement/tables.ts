/**
 * The tables of placement: which node may run something at all, how candidates compare, and scratch copies of a resource's scores
 * that are either written back with their reason or thrown away.
 */
import type { ScoreReason } from '../reasons.ts';
import { infinity } from '../score.ts';
import { type AllowedNode, type Cluster, type ClusterNode, contribute, type Resource } from '../working-set.ts';
import { compareCapacity } from './capacity.ts';

/** Scores by node id, not yet decided. */
export type ScoreTable = Map<string, number>;

/** Whether the node can run resources at all, whatever their scores. */
export function isAvailable(node: ClusterNode): boolean {
  return (
    node.online &&
    !node.unclean &&
    !node.shutdown &&
    !node.standby &&
    !node.standbyOnFail &&
    !node.maintenance &&
    !node.pending
  );
}

/** Whether the resource may run there: the node can, and nothing forbids it. */
export function isUsable(allowed: AllowedNode): boolean {
  return allowed.score >= 0 && isAvailable(allowed.node);
}

export function scoresOf(resource: Resource): ScoreTable {
  const table: ScoreTable = new Map();
  for (const [id, allowed] of resource.allowed) table.set(id, allowed.score);
  return table;
}

/** Whether a table leaves at least one node. */
export function leavesANode(cluster: Cluster, table: ScoreTable): boolean {
  for (const [id, score] of table) if (score >= 0 && isAvailable(cluster.nodeById.get(id)!)) return true;
  return false;
}

/** Makes the table's scores those of the resource; every difference is remembered with the reason. */
export function adopt(cluster: Cluster, resource: Resource, table: ScoreTable, reason: ScoreReason): void {
  for (const [id, score] of table) {
    const allowed = resource.allowed.get(id);
    if (allowed === undefined || allowed.score === score) continue;
    const amount = Math.abs(score) >= infinity ? score : score - allowed.score;
    allowed.score = score;
    cluster.contributions.push({
      resource: resource.id,
      node: allowed.node.name,
      phase: 'placement',
      amount,
      sum: score,
      reason,
    });
  }
}

/** A trial that did not work out: scores as they were, and nothing said about it. */
export function restore(cluster: Cluster, resource: Resource, table: ScoreTable, contributionsBefore: number): void {
  for (const [id, score] of table) resource.allowed.get(id)!.score = score;
  const since = cluster.contributions.splice(contributionsBefore);
  for (const each of since) if (each.resource !== resource.id) cluster.contributions.push(each);
}

/** The resource's entry for a node; made, with the node's own score, where an opt-in cluster had none. */
export function admit(resource: Resource, node: ClusterNode): AllowedNode {
  let allowed = resource.allowed.get(node.id);
  if (allowed === undefined) {
    allowed = { node, score: node.baseScore, discovery: 'always', count: 0 };
    resource.allowed.set(node.id, allowed);
  }
  return allowed;
}

/** Adds a score for the resource and everything below it, admitting the node. */
export function contributeToAll(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  amount: number,
  reason: ScoreReason,
): void {
  admit(resource, node);
  contribute(cluster, resource, node, amount, reason);
  for (const child of resource.children) contributeToAll(cluster, child, node, amount, reason);
}

/** Forbids every node for the resource and everything below it. */
export function forbidEverywhere(cluster: Cluster, resource: Resource, reason: ScoreReason): void {
  for (const node of cluster.nodes) contributeToAll(cluster, resource, node, -infinity, reason);
}

/**
 * Candidates, best first: usable score, free capacity where it is balanced, fewer resources already placed in this decision,
 * where the resource is active now, name.
 */
export function sortedCandidates(
  cluster: Cluster,
  allowed: Iterable<AllowedNode>,
  active: ClusterNode | undefined,
): AllowedNode[] {
  const strategy = cluster.options.placementStrategy;
  return [...allowed].sort((left, right) => {
    const scores = availableScore(right) - availableScore(left);
    if (scores !== 0) return scores;
    // As few nodes as possible: the first that will do.
    if (strategy === 'minimal') return left.node.index - right.node.index;
    if (strategy === 'balanced') {
      const capacity = compareCapacity(left.node, right.node);
      if (capacity !== 0) return capacity;
    }
    const load = left.node.assigned.length - right.node.assigned.length;
    if (load !== 0) return load;
    if (left.node === active) return -1;
    if (right.node === active) return 1;
    return left.node.index - right.node.index;
  });
}

function availableScore(allowed: AllowedNode): number {
  return isAvailable(allowed.node) ? allowed.score : -infinity;
}
