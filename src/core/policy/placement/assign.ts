/**
 * Assignment: which resource goes where, and in which role. Resources come by priority; where capacities matter the one with more
 * at stake on its current node comes first. Each pulls what it depends on before itself.
 */
import { infinity } from '../score.ts';
import type { Cluster, Resource } from '../working-set.ts';
import { assignAny } from './any.ts';
import { compareCapacity } from './capacity.ts';
import { currentNode, placementsBegin } from './state.ts';
import type { ScoreTable } from './tables.ts';
import { scoresWithPartners } from './wishes.ts';

export function assignResources(cluster: Cluster): void {
  placementsBegin(cluster);
  for (const resource of inOrder(cluster)) assignAny(cluster, resource, undefined);
}

function inOrder(cluster: Cluster): Resource[] {
  const byPriority = [...cluster.resources].sort((left, right) => right.priority - left.priority);
  if (cluster.options.placementStrategy === 'default') return byPriority;
  const scores = new Map<Resource, ScoreTable>();
  for (const resource of byPriority) scores.set(resource, scoresWithPartners(cluster, resource));
  const nodes = [...cluster.nodes].sort(
    (left, right) =>
      (cluster.options.placementStrategy === 'balanced' ? compareCapacity(left, right) : 0) || left.index - right.index,
  );
  return byPriority.sort((left, right) => {
    if (left.priority !== right.priority) return right.priority - left.priority;
    const atHome = scoreAtHome(right, scores) - scoreAtHome(left, scores);
    if (atHome !== 0) return atHome;
    for (const { id } of nodes) {
      const difference = (scores.get(right)!.get(id) ?? -infinity) - (scores.get(left)!.get(id) ?? -infinity);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

function scoreAtHome(resource: Resource, scores: ReadonlyMap<Resource, ScoreTable>): number {
  const home = currentNode(resource);
  return home === undefined ? -infinity : (scores.get(resource)!.get(home.id) ?? -infinity);
}
