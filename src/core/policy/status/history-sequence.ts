/** The order in which the histories of a node are read: that of the configuration, whichever resource was used first there. */
import type { NodeState, ResourceHistory } from '../../cib/model.ts';
import { compareText } from '../../types.ts';
import type { Cluster } from '../working-set.ts';

/** Those that are configured no more come last, by id. */
export function historiesInOrder(cluster: Cluster, state: NodeState | undefined): readonly ResourceHistory[] {
  if (state === undefined) return [];
  const places = placesOf(cluster);
  const placeOf = ({ id }: ResourceHistory): number => places.get(id.replace(/:\d+$/, '')) ?? places.size;
  return [...state.history].sort((one, other) => placeOf(one) - placeOf(other) || compareText(one.id, other.id));
}

const known = new WeakMap<Cluster, ReadonlyMap<string, number>>();

/** By the id in the configuration, from which an instance's (`web:1`) is made. */
function placesOf(cluster: Cluster): ReadonlyMap<string, number> {
  const before = known.get(cluster);
  if (before !== undefined) return before;
  const places = new Map<string, number>();
  for (const { orphan, configuredId } of cluster.resourceById.values())
    if (!orphan && !places.has(configuredId)) places.set(configuredId, places.size);
  known.set(cluster, places);
  return places;
}
