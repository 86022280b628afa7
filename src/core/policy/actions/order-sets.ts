/**
 * Order constraints made of sets. Within a sequential set each resource waits for the one before; a set waits for the one before
 * it, through its last and first member if they are sequential. "Any one of a set" (require-all=false) is expressed by a point in
 * between, which can be passed once one of those before it can run.
 */
import type { OrderConstraint, ResourceSet } from '../../cib/model.ts';
import { parseBoolean } from '../../cib/values.ts';
import { membersOfSet, type Reference, referenceTo, setOfReference, setsOf } from '../unpack/references.ts';
import type { Cluster, Resource } from '../working-set.ts';
import { addOrdering, orderTasks } from './add-ordering.ts';
import { actionFlag, newPoint } from './new-action.ts';
import { order } from './order-flags.ts';
import { inverseOf, kindNamed, type OrderKind, type OrderSense, orderingFlags, symmetryOf } from './order-kinds.ts';

export interface OrderedSet {
  readonly id: string;
  readonly members: readonly Resource[];
  /** Every member is known. */
  readonly complete: boolean;
  readonly action: string | undefined;
  readonly sequential: boolean;
  readonly requireAll: boolean;
  readonly kind: string | undefined;
}

/** The sets of a constraint; a tag or template on one side makes a set of either side. Empty: an ordering of two resources. */
export function orderedSets(cluster: Cluster, constraint: OrderConstraint): OrderedSet[] {
  if (constraint.sets.length > 0) {
    return setsOf(cluster, constraint.sets).map((set) => readSet(cluster, constraint, set));
  }
  const first = referenceTo(cluster, constraint.first ?? '');
  const then = referenceTo(cluster, constraint.then ?? '');
  if (first === undefined || then === undefined) return [];
  if (first.kind === 'resource' && then.kind === 'resource') return [];
  return [
    readSet(cluster, constraint, sideAsSet(constraint.first!, first, constraint.firstAction)),
    readSet(cluster, constraint, sideAsSet(constraint.then!, then, constraint.thenAction)),
  ];
}

/** Order within one set. */
export function unpackSet(cluster: Cluster, constraint: OrderConstraint, set: OrderedSet, parentKind: OrderKind): void {
  if (set.members.length < 2) return;
  const kind = set.kind === undefined ? parentKind : kindNamed(cluster, set.kind, constraint.id);
  const action = set.action ?? 'start';
  const symmetry = symmetryOf({}, kind, constraint.symmetrical);
  const flags = orderingFlags(kind, action, symmetry);
  if (kind === 'serialize') {
    eachPair(set.members, (first, then) => orderTasks(cluster, first, action, then, action, flags, constraint.id));
  } else if (set.sequential) {
    eachStep(set.members, (first, then) => orderTasks(cluster, first, action, then, action, flags, constraint.id));
  }
  const inverse = inverseOf(action);
  if (symmetry === 'asymmetric' || !set.sequential || inverse === undefined) return;
  const back = orderingFlags(kind, inverse, 'inverse');
  eachStep(set.members, (first, then) => orderTasks(cluster, then, inverse, first, inverse, back, constraint.id));
}

/** One set before another; with `inverse` the sets have changed places already. */
export function orderSets(cluster: Cluster, id: string, first: OrderedSet, then: OrderedSet, sense: OrderSense): void {
  const isInverse = sense.symmetry === 'inverse';
  const firstTask = taskOf(first, isInverse);
  const thenTask = taskOf(then, isInverse);
  if (firstTask === undefined || thenTask === undefined) return;
  const flags = orderingFlags(sense.kind, firstTask, sense.symmetry);
  // "Any one" is about coming up; on the way down all of them wait.
  const comingDown = firstTask === 'stop' || firstTask === 'demote';
  if (!first.requireAll && !comingDown) {
    const point = newPoint(cluster, `one-or-more:${first.id}`);
    point.flags |= actionFlag.needsEnough;
    for (const resource of first.members) {
      const side = { resource, task: firstTask };
      addOrdering(cluster, side, { action: point }, order.enoughFirsts | order.showThen, id);
    }
    for (const resource of then.members) {
      addOrdering(cluster, { action: point }, { resource, task: thenTask }, flags | order.firstMustRun, id);
    }
    return;
  }
  for (const one of edge(first, isInverse ? 'front' : 'back')) {
    for (const other of edge(then, isInverse ? 'back' : 'front')) {
      orderTasks(cluster, one, firstTask, other, thenTask, flags, id);
    }
  }
}

function taskOf(set: OrderedSet, isInverse: boolean): string | undefined {
  const task = set.action ?? 'start';
  return isInverse ? inverseOf(task) : task;
}

/** Those members through which a set is tied to another. */
function edge(set: OrderedSet, side: 'front' | 'back'): readonly Resource[] {
  if (!set.sequential) return set.members;
  return side === 'front' ? set.members.slice(0, 1) : set.members.slice(-1);
}

function eachStep(members: readonly Resource[], visit: (first: Resource, then: Resource) => void): void {
  for (let index = 1; index < members.length; index++) visit(members[index - 1]!, members[index]!);
}

function eachPair(members: readonly Resource[], visit: (first: Resource, then: Resource) => void): void {
  members.forEach((first, index) => {
    for (const then of members.slice(index + 1)) visit(first, then);
  });
}

function readSet(cluster: Cluster, { id }: OrderConstraint, set: ResourceSet): OrderedSet {
  return {
    id: set.id ?? '',
    ...membersOfSet(cluster, id, set),
    action: set.action,
    sequential: parseBoolean(set.sequential) ?? true,
    requireAll: parseBoolean(set.requireAll) ?? true,
    kind: set.kind,
  };
}

/** One side of a constraint whose other side is a tag or template, or which is one itself. */
function sideAsSet(id: string, reference: Reference, action: string | undefined): ResourceSet {
  const set = reference.kind === 'several' ? setOfReference(id, reference.ids, undefined) : { id, members: [id] };
  return action === undefined ? set : { ...set, action };
}
