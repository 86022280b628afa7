/** One order for what comes in that of the status section, so that the same cluster gives the same graph whoever wrote it down. */
import type { ClusterNode, Resource } from '../working-set.ts';

/** By resource, then by node. */
export function inOrder<T extends { readonly resource: Resource; readonly node: ClusterNode }>(
  things: readonly T[],
): T[] {
  return [...things].sort(
    (left, right) => compareText(left.resource.id, right.resource.id) || left.node.index - right.node.index,
  );
}

export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
