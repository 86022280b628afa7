/**
 * Promotion scores: what the agents say (`crm_master`, kept as the node attribute `master-RESOURCE`) about which node has the
 * better copy. A positive one attracts the instance to the node too; afterwards it decides who is promoted.
 */

import { parseScore } from '../../cib/values.ts';
import { type Cluster, type ClusterNode, contribute, primitivesOf, type Resource } from '../working-set.ts';
import { activeNodes } from './state.ts';
import { isAvailable } from './tables.ts';

export function addPromotionScores(cluster: Cluster, clone: Resource): void {
  for (const instance of clone.children) {
    for (const { node } of instance.allowed.values()) {
      if (!isAvailable(node)) continue;
      const score = promotionScore(cluster, instance, node);
      if (score === undefined || score <= 0) continue;
      contribute(cluster, instance, node, score, { kind: 'promotion-score', constraint: attributeOf(instance) });
      // Who deserves promotion is dealt out first.
      instance.priority = Math.max(instance.priority, score);
    }
  }
}

/** A plain sum over its members for a group, in which infinities can cancel out; undefined where none is set. */
export function promotionScore(cluster: Cluster, instance: Resource, node: ClusterNode): number | undefined {
  if (instance.kind === 'primitive') return scoreOfPrimitive(cluster, instance, node);
  let sum: number | undefined;
  for (const member of instance.children) {
    const score = promotionScore(cluster, member, node);
    if (score !== undefined) sum = (sum ?? 0) + score;
  }
  return sum;
}

function scoreOfPrimitive(cluster: Cluster, resource: Resource, node: ClusterNode): number | undefined {
  if (!scoreCounts(resource, node)) return undefined;
  const recorded = recordedNames(cluster, node).get(resource.configuredId) ?? [resource.id];
  const names = isUnique(resource) ? [resource.id] : [...recorded, resource.configuredId];
  for (const name of names) {
    const written = node.attributes.get(`master-${name}`);
    if (written !== undefined) return parseScore(written) ?? 0;
  }
  return undefined;
}

const namesByNode = new WeakMap<ClusterNode, ReadonlyMap<string, readonly string[]>>();

/** Agents name their score after the id they are recorded under, which may carry a number; by the id without it. */
function recordedNames(cluster: Cluster, node: ClusterNode): ReadonlyMap<string, readonly string[]> {
  const known = namesByNode.get(node);
  if (known !== undefined) return known;
  const names = new Map<string, string[]>();
  for (const state of cluster.cib.status.nodes) {
    if (state.id !== node.id) continue;
    for (const { id } of state.history) {
      const bare = id.replace(/:\d+$/, '');
      names.set(bare, [...(names.get(bare) ?? []), id]);
    }
  }
  namesByNode.set(node, names);
  return names;
}

function attributeOf(instance: Resource): string {
  return `master-${instance.configuredId}`;
}

/** The copy on a node is judged only through the instance that is, or was found, there; before any is known through all. */
function scoreCounts(resource: Resource, node: ClusterNode): boolean {
  const allowed = resource.allowed.get(node.id);
  if (allowed === undefined || allowed.score < 0) return false;
  if (!isUnique(resource)) {
    const siblings = siblingsOf(resource);
    const active = siblings.find((each) => each.activeOn.includes(node));
    if (active === resource) return true;
    if (active === undefined && siblings.some((each) => each.knownOn.has(node.id))) return true;
  }
  if (activeNodes(resource).length === 0 && resource.knownOn.size === 0) return true;
  return resource.knownOn.has(node.id) || resource.activeOn.includes(node);
}

function isUnique(resource: Resource): boolean {
  for (let each: Resource | undefined = resource; each !== undefined; each = each.parent)
    if (each.clone !== undefined) return each.clone.unique;
  return true;
}

/** The same primitive in every instance of the clone. */
function siblingsOf(resource: Resource): Resource[] {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return primitivesOf(top).filter((each) => each.configuredId === resource.configuredId);
}
