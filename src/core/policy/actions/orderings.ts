/**
 * The order constraints of the configuration. A mandatory one between A and B says: start B after A and only if A can be started,
 * restart B with A, and (unless it is asymmetrical) stop B before A. Optional ones only order what happens anyway, serialized
 * ones forbid two things at the same time.
 */
import type { OrderConstraint } from '../../cib/model.ts';
import { parseBoolean, parseInteger } from '../../cib/values.ts';
import { lifetimeHolds, referenceTo, warnUnknown } from '../unpack/references.ts';
import { warnOnce } from '../unpack/warn.ts';
import type { Cluster, OrderFlags, Resource } from '../working-set.ts';
import { addOrdering, orderTasks } from './add-ordering.ts';
import { actionFlag, newPoint } from './new-action.ts';
import { order } from './order-flags.ts';
import { inverseOf, kindOf, orderingFlags, symmetryOf } from './order-kinds.ts';
import { orderedSets, orderSets, unpackSet } from './order-sets.ts';

export function unpackOrderings(cluster: Cluster): void {
  for (const constraint of cluster.cib.configuration.constraints) {
    if (constraint.kind === 'order' && lifetimeHolds(cluster, constraint)) unpackOrder(cluster, constraint);
  }
}

function unpackOrder(cluster: Cluster, constraint: OrderConstraint): void {
  const sets = orderedSets(cluster, constraint);
  if (sets.length === 0) {
    unpackPair(cluster, constraint);
    return;
  }
  const kind = kindOf(cluster, constraint);
  const symmetry = symmetryOf(constraint, kind, undefined);
  for (const [index, set] of sets.entries()) {
    // What follows a set with an unknown member is left out, as a whole.
    if (!set.complete) return;
    unpackSet(cluster, constraint, set, kind);
    const previous = sets[index - 1];
    if (previous === undefined) continue;
    orderSets(cluster, constraint.id, previous, set, { kind, symmetry });
    if (symmetry === 'symmetric') orderSets(cluster, constraint.id, set, previous, { kind, symmetry: 'inverse' });
  }
}

function unpackPair(cluster: Cluster, constraint: OrderConstraint): void {
  const { id } = constraint;
  const first = resourceNamed(cluster, id, constraint.first);
  const then = resourceNamed(cluster, id, constraint.then);
  if (first === undefined || then === undefined) return;
  const firstTask = constraint.firstAction ?? 'start';
  const thenTask = constraint.thenAction ?? firstTask;
  const kind = kindOf(cluster, constraint);
  const symmetry = symmetryOf(constraint, kind, undefined);
  const flags = orderingFlags(kind, firstTask, symmetry);
  const minimum = neededInstances(first, constraint);
  if (minimum > 0) waitForInstances(cluster, constraint, { first, firstTask, then, thenTask, flags, minimum });
  else orderTasks(cluster, first, firstTask, then, thenTask, flags, id);
  if (symmetry !== 'symmetric') return;
  const inverseFirst = inverseOf(thenTask);
  const inverseThen = inverseOf(firstTask);
  if (inverseFirst === undefined || inverseThen === undefined) {
    warnOnce(cluster, { code: 'order-not-invertible', fields: { constraint: id } });
    return;
  }
  orderTasks(cluster, then, inverseFirst, first, inverseThen, orderingFlags(kind, inverseThen, 'inverse'), id);
}

function resourceNamed(cluster: Cluster, constraint: string, id: string | undefined): Resource | undefined {
  const reference = id === undefined ? undefined : referenceTo(cluster, id);
  if (reference?.kind === 'resource') return reference.resource;
  warnUnknown(cluster, constraint, id ?? '');
  return undefined;
}

/** How many instances of a clone are enough; 0: all of them. */
function neededInstances(first: Resource, constraint: OrderConstraint): number {
  if (first.kind !== 'clone') return 0;
  const minimum = parseInteger(first.meta.get('clone-min'));
  if (minimum !== undefined) return Math.max(0, minimum);
  return parseBoolean(constraint.requireAll) === false ? 1 : 0;
}

interface Wait {
  readonly first: Resource;
  readonly firstTask: string;
  readonly then: Resource;
  readonly thenTask: string;
  readonly flags: OrderFlags;
  readonly minimum: number;
}

function waitForInstances(cluster: Cluster, { id }: OrderConstraint, wait: Wait): void {
  const point = newPoint(cluster, `clone-one-or-more:${id}`);
  point.flags |= actionFlag.needsEnough;
  point.requiredRunnableBefore = wait.minimum;
  for (const instance of wait.first.children) {
    const side = { resource: instance, task: wait.firstTask };
    addOrdering(cluster, side, { action: point }, order.enoughFirsts | order.showThen, id);
  }
  const then = { resource: wait.then, task: wait.thenTask };
  addOrdering(cluster, { action: point }, then, wait.flags | order.firstMustRun, id);
}
