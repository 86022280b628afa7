/** Locations that follow from the history: a resource must not, or must, stay where something happened to it. */
import type { ScoreReason } from '../reasons.ts';
import { infinity } from '../score.ts';
import type { Cluster, ClusterNode, Location, Resource } from '../working-set.ts';

export function banFrom(cluster: Cluster, resource: Resource, node: ClusterNode, reason: ScoreReason): void {
  locate(cluster, resource, [node], -infinity, reason);
}

export function banEverywhere(cluster: Cluster, resource: Resource, reason: ScoreReason): void {
  locate(cluster, resource, cluster.nodes, -infinity, reason);
}

export function keepOn(cluster: Cluster, resource: Resource, node: ClusterNode, reason: ScoreReason): void {
  locate(cluster, resource, [node], infinity, reason);
}

function locate(
  cluster: Cluster,
  resource: Resource,
  nodes: readonly ClusterNode[],
  score: number,
  reason: ScoreReason,
): void {
  const location: Location = {
    id: reason.kind,
    resource,
    role: undefined,
    discovery: undefined,
    scores: nodes.map((node) => ({ node, score })),
    reason,
  };
  cluster.locations.push(location);
  resource.locations.push(location);
}
