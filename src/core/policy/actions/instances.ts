/** Finds the instance of one clone that belongs to an instance of another, for interleaved orderings. */

import { isAvailable } from '../placement/tables.ts';
import { infinity } from '../score.ts';
import type { AllowedNode, ClusterNode, Resource } from '../working-set.ts';

/**
 * The instance of `clone` on the node of `other`, now (`current`) or as decided. When `other` has no node, on the best one it
 * may have. A failed and blocked instance is not there.
 */
export function compatibleInstance(other: Resource, clone: Resource, current: boolean): Resource | undefined {
  const node = nodeOf(other, current);
  if (node !== undefined) return instanceOn(clone, node, current);
  for (const each of nodesByPreference(other)) {
    const found = instanceOn(clone, each, current);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nodesByPreference(resource: Resource): ClusterNode[] {
  const score = (allowed: AllowedNode): number => (isAvailable(allowed.node) ? allowed.score : -infinity);
  return [...resource.allowed.values()]
    .sort(
      (left, right) =>
        score(right) - score(left) ||
        left.node.assigned.length - right.node.assigned.length ||
        left.node.index - right.node.index,
    )
    .map(({ node }) => node);
}

function instanceOn(clone: Resource, node: ClusterNode, current: boolean): Resource | undefined {
  return clone.children.find((instance) => !isBlocked(instance) && nodeOf(instance, current) === node);
}

/** Where a resource is or will be, when that is one node. */
export function nodeOf(resource: Resource, current: boolean): ClusterNode | undefined {
  const nodes = nodesOf(resource, current);
  return nodes.size === 1 ? [...nodes][0] : undefined;
}

/** Every node a resource, or anything in it, is or will be on. */
export function nodesOf(resource: Resource, current: boolean, into: Set<ClusterNode> = new Set()): Set<ClusterNode> {
  if (resource.kind !== 'primitive') {
    for (const child of resource.children) nodesOf(child, current, into);
  } else if (current) {
    for (const node of resource.activeOn) into.add(node);
  } else if (resource.assigned !== undefined) {
    into.add(resource.assigned);
  }
  return into;
}

function isBlocked(instance: Resource): boolean {
  return instance.kind === 'primitive' ? instance.blocked : instance.children.some(isBlocked);
}
