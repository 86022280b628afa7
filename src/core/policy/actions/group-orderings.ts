/**
 * The order within a group: up from the first member to the last, down from the last to the first. The group has points of its own
 * (start, running, stop, stopped) at which others tie in.
 */
import { type Cluster, type OrderFlags, type Resource, topmost } from '../working-set.ts';
import { orderTasks } from './add-ordering.ts';
import { orderInternally } from './internal-orderings.ts';
import { order } from './order-flags.ts';

const up: OrderFlags = order.requireThen | order.firstMustRun;
const upAndShown: OrderFlags = up | order.showThen;

export function orderGroup(cluster: Cluster, group: Resource): void {
  orderTasks(cluster, group, 'stop', group, 'stopped', order.firstMustRun);
  orderTasks(cluster, group, 'stopped', group, 'start', order.ordered);
  orderTasks(cluster, group, 'start', group, 'running', order.firstMustRun);
  const promotable = topmost(group).clone?.promotable === true;
  const ordered = group.group?.ordered !== false;
  let previous: Resource | undefined;
  let lastActive: Resource | undefined;
  for (const member of group.children) {
    orderInternally(cluster, member);
    tieToGroup(cluster, group, member, { promotable, down: ordered && previous === undefined });
    if (!ordered) startWithGroup(cluster, group, member, promotable);
    else if (previous !== undefined) orderAfter(cluster, previous, member, promotable);
    if (member.activeOn.length > 0) {
      // Members between that are not active do not pass the order on.
      const isGap = ordered && previous?.activeOn.length === 0 && lastActive !== undefined;
      if (isGap) orderTasks(cluster, member, 'stop', lastActive!, 'stop', order.ordered);
      lastActive = member;
    }
    previous = member;
  }
  if (ordered && previous !== undefined) startDown(cluster, group, previous, promotable);
}

/** `down`: the first member; when it has stopped the group has. */
function tieToGroup(
  cluster: Cluster,
  group: Resource,
  member: Resource,
  { promotable, down }: { promotable: boolean; down: boolean },
): void {
  const before: OrderFlags = down ? order.showFirst | order.ordered : order.showFirst;
  const after: OrderFlags = down ? order.requireThen : order.showThen;
  if (promotable) {
    orderTasks(cluster, group, 'demote', member, 'demote', before);
    orderTasks(cluster, member, 'demote', group, 'demoted', after);
    orderTasks(cluster, member, 'promote', group, 'promoted', upAndShown);
    orderTasks(cluster, group, 'promote', member, 'promote', order.showFirst);
  }
  orderTasks(cluster, group, 'stop', member, 'stop', before);
  orderTasks(cluster, member, 'stop', group, 'stopped', after);
  orderTasks(cluster, group, 'start', member, 'start', order.showFirst);
  orderTasks(cluster, member, 'start', group, 'running', upAndShown);
}

function startWithGroup(cluster: Cluster, group: Resource, member: Resource, promotable: boolean): void {
  orderTasks(cluster, group, 'start', member, 'start', up | order.showFirst);
  if (promotable) orderTasks(cluster, group, 'promote', member, 'promote', up | order.showFirst);
}

function orderAfter(cluster: Cluster, previous: Resource, member: Resource, promotable: boolean): void {
  orderTasks(cluster, previous, 'start', member, 'start', up);
  orderTasks(cluster, member, 'stop', previous, 'stop', order.ordered | order.restart);
  // A member that was put before one that runs waits for it to stop.
  if (member.activeOn.length > 0 && previous.activeOn.length === 0) {
    orderTasks(cluster, member, 'stop', previous, 'start', order.requireFirst | order.firstMustRun);
  }
  if (!promotable) return;
  orderTasks(cluster, previous, 'promote', member, 'promote', up);
  orderTasks(cluster, member, 'demote', previous, 'demote', order.ordered);
}

function startDown(cluster: Cluster, group: Resource, last: Resource, promotable: boolean): void {
  orderTasks(cluster, group, 'stop', last, 'stop', order.requireThen);
  orderTasks(cluster, last, 'stop', group, 'stopped', order.ordered);
  if (!promotable) return;
  orderTasks(cluster, group, 'demote', last, 'demote', order.requireThen);
  orderTasks(cluster, last, 'demote', group, 'demoted', order.ordered);
}
