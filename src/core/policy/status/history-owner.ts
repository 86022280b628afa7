/**
 * Which resource each history was read for. For an anonymous clone only the reading itself knows: the number in a history's name
 * means nothing, and the instance that got it may have had another history on another node.
 */
import type { ResourceHistory } from '../../cib/model.ts';
import type { Cluster, Resource } from '../working-set.ts';

interface Owners {
  readonly byHistory: Map<ResourceHistory, Resource>;
  readonly names: Map<Resource, string>;
}

const known = new WeakMap<Cluster, Owners>();

export function noteOwner(cluster: Cluster, history: ResourceHistory, resource: Resource): void {
  const owners = known.get(cluster) ?? { byHistory: new Map(), names: new Map() };
  known.set(cluster, owners);
  owners.byHistory.set(history, resource);
  owners.names.set(resource, history.id);
}

/** The resource that the history was read for; undefined for one that was not read. */
export function ownerOf(cluster: Cluster, history: ResourceHistory): Resource | undefined {
  return known.get(cluster)?.byHistory.get(history);
}

/** The name under which a resource was found last; undefined when it has no history. */
export function recordedName(cluster: Cluster, resource: Resource): string | undefined {
  return known.get(cluster)?.names.get(resource);
}
