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
  const listed = asListed(cluster, actions);
  const place = new Map(listed.map(({ id }, index) => [id, index]));
  const { open, dependents } = inputsOf(listed, place);
  const done = new Set<number>();
  let round = listed.map((_, index) => index).filter((index) => open[index] === 0);
  let next: number[] = [];
  // One round is one way through the list; what becomes ready behind the place reached has its turn in the same round.
  while (round.length > 0) {
    const queue = new PlaceQueue(round);
    for (let at = queue.take(); at !== undefined; at = queue.take()) {
      const action = listed[at]!;
      if (!act(action)) return actions.filter(({ id }) => !done.has(id));
      done.add(action.id);
      for (const dependent of dependents[at]!) {
        open[dependent]! -= 1;
        if (open[dependent] !== 0) continue;
        if (dependent > at) queue.add(dependent);
        else next.push(dependent);
      }
    }
    round = next;
    next = [];
  }
  return actions.filter(({ id }) => !done.has(id));
}

/** By place in the list: how many inputs are not done, and who waits for it. */
function inputsOf(listed: readonly GraphAction[], place: ReadonlyMap<number, number>) {
  const open: number[] = [];
  const dependents: number[][] = listed.map(() => []);
  listed.forEach(({ inputs }, index) => {
    const present = [...new Set(inputs)].flatMap((id) => place.get(id) ?? []);
    open.push(present.length);
    for (const input of present) dependents[input]!.push(index);
  });
  return { open, dependents };
}

/** Places in ascending order, while more are added: a binary heap. */
class PlaceQueue {
  readonly #heap: number[];

  constructor(ascending: readonly number[]) {
    this.#heap = [...ascending].sort((left, right) => left - right);
  }

  add(place: number): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (heap[above]! <= place) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = place;
  }

  take(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && heap[below + 1]! < heap[below]!) below += 1;
      if (heap[below]! >= last) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
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
