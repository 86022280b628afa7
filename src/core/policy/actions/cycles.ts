/** Circles in the ordering: found, reported with the constraint to drop, and broken there so that the rest can go on. */
import type { OrderingCycle } from '../graph.ts';
import type { Action, Cluster } from '../working-set.ts';

/** Removes one input of each circle from `inputs`. */
export function breakCycles(cluster: Cluster, inputs: Map<Action, Action[]>): OrderingCycle[] {
  const cycles: OrderingCycle[] = [];
  for (let circle = findCycle(inputs); circle !== undefined; circle = findCycle(inputs)) {
    const cut = chooseCut(cluster, circle);
    const awaited = inputs.get(circle[cut.index]!)!;
    const waitedFor = circle[(cut.index + 1) % circle.length]!;
    inputs.set(
      circle[cut.index]!,
      awaited.filter((each) => each !== waitedFor),
    );
    cycles.push({ actions: circle.map(nameOf), dropConstraint: cut.constraint });
  }
  return cycles;
}

/** Actions of which each waits for the next, and the last for the first. */
function findCycle(inputs: ReadonlyMap<Action, readonly Action[]>): Action[] | undefined {
  const left = new Map<Action, number>();
  const waiters = new Map<Action, Action[]>();
  const free: Action[] = [];
  for (const [action, awaited] of inputs) {
    const counted = awaited.filter((each) => inputs.has(each));
    left.set(action, counted.length);
    if (counted.length === 0) free.push(action);
    for (const each of counted) {
      const known = waiters.get(each);
      if (known === undefined) waiters.set(each, [action]);
      else known.push(action);
    }
  }
  for (let action = free.pop(); action !== undefined; action = free.pop()) {
    left.delete(action);
    for (const waiter of waiters.get(action) ?? []) {
      const remaining = left.get(waiter)! - 1;
      left.set(waiter, remaining);
      if (remaining === 0) free.push(waiter);
    }
  }
  return walkCircle(inputs, left);
}

/** What is left after everything free was taken away contains a circle: following inputs must come around. */
function walkCircle(
  inputs: ReadonlyMap<Action, readonly Action[]>,
  left: ReadonlyMap<Action, number>,
): Action[] | undefined {
  let action: Action | undefined;
  for (const each of left.keys()) {
    action = each;
    break;
  }
  const places = new Map<Action, number>();
  const path: Action[] = [];
  while (action !== undefined && !places.has(action)) {
    places.set(action, path.length);
    path.push(action);
    action = inputs.get(action)!.find((each) => left.has(each));
  }
  return action === undefined ? undefined : path.slice(places.get(action));
}

interface Cut {
  readonly index: number;
  readonly constraint: string | undefined;
}

function chooseCut(cluster: Cluster, circle: readonly Action[]): Cut {
  for (const [index, then] of circle.entries()) {
    const first = circle[(index + 1) % circle.length]!;
    const constraint = constraintBetween(cluster, first, then);
    if (constraint !== undefined) return { index, constraint };
  }
  return { index: 0, constraint: undefined };
}

/** The configured constraint that orders these two, or the collectives they belong to. */
function constraintBetween(cluster: Cluster, first: Action, then: Action): string | undefined {
  const firsts = lineOf(first);
  const thens = lineOf(then);
  return cluster.orderings.find(
    ({ id, firstResource, thenResource }) =>
      id !== '' && firsts.includes(firstResource) && thens.includes(thenResource) && firstResource !== thenResource,
  )?.id;
}

function lineOf({ resource }: Action): (Action['resource'] | undefined)[] {
  const line: Action['resource'][] = [];
  for (let each = resource; each !== undefined; each = each.parent) line.push(each);
  return line;
}

function nameOf({ key, node }: Action): string {
  return node === undefined ? key : `${key} on ${node.name}`;
}
