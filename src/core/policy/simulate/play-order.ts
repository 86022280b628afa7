/**
 * In which order a transition is played where its orderings leave a choice: as crm_simulate does it, which goes through the graph
 * again and again, resource by resource in the order of the configuration, and carries out whatever may begin. What was planned
 * last for a resource comes first, and what belongs to none comes last.
 */
import type { GraphAction } from '../graph.ts';
import type { Cluster } from '../working-set.ts';

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
  const placeOf = ({ instance, resource }: GraphAction): number =>
    cluster.resourceById.get(instance ?? resource ?? '')?.index ?? Number.MAX_SAFE_INTEGER;
  const places = new Map(actions.map((action) => [action.id, placeOf(action)]));
  return [...actions].sort((left, right) => places.get(left.id)! - places.get(right.id)! || right.id - left.id);
}
