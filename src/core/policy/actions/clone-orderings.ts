/**
 * The order within a clone: instances are independent of each other unless the clone is ordered, and all lie between points of the
 * clone (start, running, stop, stopped, promote, promoted, demote, demoted). Down comes before up, for the clone as a whole.
 */
import type { Cluster, Resource } from '../working-set.ts';
import { orderTasks } from './add-ordering.ts';
import { orderInternally } from './internal-orderings.ts';
import { order } from './order-flags.ts';

export function orderClone(cluster: Cluster, clone: Resource): void {
  orderTasks(cluster, clone, 'stopped', clone, 'start', order.ordered);
  orderTasks(cluster, clone, 'start', clone, 'running', order.firstMustRun);
  orderTasks(cluster, clone, 'stop', clone, 'stopped', order.firstMustRun);
  const promotable = clone.clone?.promotable === true;
  if (promotable) {
    orderTasks(cluster, clone, 'demoted', clone, 'stop', order.ordered);
    orderTasks(cluster, clone, 'running', clone, 'promote', order.firstMustRun);
  }
  const ordered = clone.clone?.ordered === true;
  const instances = ordered
    ? [...clone.children].sort((left, right) => numberOf(left) - numberOf(right))
    : clone.children;
  instances.forEach((instance, index) => {
    orderInternally(cluster, instance);
    orderTasks(cluster, clone, 'start', instance, 'start', order.firstMustRun | order.showFirst);
    orderTasks(cluster, instance, 'start', clone, 'running', order.showThen);
    orderTasks(cluster, clone, 'stop', instance, 'stop', order.showFirst);
    orderTasks(cluster, instance, 'stop', clone, 'stopped', order.showThen);
    if (!ordered) return;
    for (const later of instances.slice(index + 1)) {
      orderTasks(cluster, instance, 'start', later, 'start', order.ordered);
      orderTasks(cluster, later, 'stop', instance, 'stop', order.ordered);
    }
  });
  if (promotable) orderPromotions(cluster, clone, instances, ordered);
}

export function numberOf(instance: Resource): number {
  return Number(/:(\d+)$/.exec(instance.id)?.[1] ?? 0);
}

function orderPromotions(cluster: Cluster, clone: Resource, instances: readonly Resource[], ordered: boolean): void {
  for (const [first, then] of restarts) orderTasks(cluster, clone, first, clone, then, order.ordered);
  let previous: Resource | undefined;
  for (const instance of instances) {
    orderTasks(cluster, instance, 'demote', instance, 'promote', order.ordered);
    orderTasks(cluster, clone, 'promote', instance, 'promote', order.ordered);
    orderTasks(cluster, instance, 'promote', clone, 'promoted', order.ordered);
    orderTasks(cluster, clone, 'demote', instance, 'demote', order.showFirst);
    orderTasks(cluster, instance, 'demote', clone, 'demoted', order.showThen);
    if (ordered && previous !== undefined) {
      orderTasks(cluster, previous, 'promote', instance, 'promote', order.ordered);
      orderTasks(cluster, instance, 'demote', previous, 'demote', order.ordered);
    }
    previous = instance;
  }
}

const restarts = [
  ['stopped', 'start'],
  ['stopped', 'promote'],
  ['demoted', 'stop'],
  ['demoted', 'start'],
  ['demoted', 'promote'],
  ['running', 'promote'],
  ['demote', 'demoted'],
] as const;
