/**
 * In which order a transition is played where its orderings leave a choice: as crm_simulate does it, which goes through the graph
 * again and again, resource by resource in the order of the configuration, and carries out whatever may begin. What was planned
 * last for a resource comes first, a clone after its instances, and what belongs to none comes last.
 */
import type { GraphAction } from '../graph.ts';
import type { Cluster, Resource } from '../working-set.ts';

/** Calls `act` for each action once its inputs are done; ends at the first that fails. What was not done is returned. */
export function playInOrder(
  cluster: Cluster,
  actions: readonly GraphAction[],
  act: (action: GraphAction) => boolean,
): GraphAction[] {
  const done = new Set<number>();
  const present = new Set(actions.map(({ id }) => id));
  const mayBegin = ({ inputs }: GraphAction): boolean => inputs.every((id) => done.has(id) || !present.has(id));
  let waiting = asListed(cluster, actions);
  for (let before = waiting.length + 1; waiting.length < before; ) {
    before = waiting.length;
    const left: GraphAction[] = [];
    for (const action of waiting) {
      if (!mayBegin(action)) {
        left.push(action);
      } else if (act(action)) {
        done.add(action.id);
      } else {
        return actions.filter(({ id }) => !done.has(id));
      }
    }
    waiting = left;
  }
  return actions.filter(({ id }) => !done.has(id));
}

function asListed(cluster: Cluster, actions: readonly GraphAction[]): GraphAction[] {
  const positions = positionsOf(cluster);
  const placeOf = ({ instance, resource }: GraphAction): number =>
    positions.get(instance ?? resource ?? '') ?? Number.MAX_SAFE_INTEGER;
  const places = new Map(actions.map((action) => [action.id, placeOf(action)]));
  return [...actions].sort((left, right) => places.get(left.id)! - places.get(right.id)! || right.id - left.id);
}

/** A group stands before its members, a clone behind its instances. */
function positionsOf(cluster: Cluster): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  const visit = (resource: Resource): void => {
    if (resource.kind !== 'clone') positions.set(resource.id, positions.size);
    for (const child of resource.children) visit(child);
    if (resource.kind === 'clone') positions.set(resource.id, positions.size);
  };
  for (const resource of cluster.resources) visit(resource);
  return positions;
}
