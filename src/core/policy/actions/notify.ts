/**
 * The notifications of clones with notify=true: once it is clear what will be done, every instance that is there before and after
 * is told, with the lists of what is active, starting, stopping and so on in the operation's variables.
 */
import { type Action, type Cluster, type ClusterNode, type Resource, role } from '../working-set.ts';
import { notificationKey } from './collective.ts';
import { linkActions } from './links.ts';
import { completionPriority, firstAction, newAction } from './new-action.ts';
import {
  emptyLists,
  type NotificationLists,
  noteActions,
  noteState,
  notificationVariables,
} from './notification-lists.ts';
import { type NotificationPoints, notificationsOf, pointsAfter } from './notification-points.ts';
import { order } from './order-flags.ts';

/** Makes the notifications of every clone, when all that will be done is known. */
export function createNotifications(cluster: Cluster): void {
  for (const clone of cluster.resources) {
    if (clone.kind !== 'clone') continue;
    const planned = notificationsOf(clone);
    if (planned === undefined) continue;
    for (const points of [planned.start, planned.stop, planned.promote, planned.demote]) {
      if (points !== undefined) notifyAround(cluster, clone, points);
    }
  }
}

function notifyAround(cluster: Cluster, clone: Resource, points: NotificationPoints): void {
  const lists = emptyLists();
  noteState(clone, lists);
  noteActions(clone, lists);
  const variables = notificationVariables(clone, lists);
  for (const point of [points.pre, points.preDone, points.post, points.postDone]) addVariables(point, variables);
  notifyInstances(cluster, clone, { points, lists, variables });
}

/** An instance whose node is fenced tells nobody that it stops; the others are told after the fencing. */
export function notifyAfterFencing(cluster: Cluster, instance: Resource, fencing: Action): void {
  const points = {
    task: 'stop',
    pre: undefined,
    preDone: undefined,
    ...pointsAfter(cluster, instance, fencing, 'stop'),
  };
  const lists = emptyLists();
  noteState(instance, lists);
  const variables = notificationVariables(instance, lists);
  notifyInstances(cluster, instance, { points, lists, variables });
}

interface Notification {
  readonly points: NotificationPoints;
  readonly lists: NotificationLists;
  readonly variables: ReadonlyMap<string, string>;
}

function notifyInstances(cluster: Cluster, resource: Resource, notification: Notification): void {
  if (resource.kind !== 'primitive') {
    for (const child of resource.children) notifyInstances(cluster, child, notification);
    return;
  }
  const { points, lists, variables } = notification;
  for (const action of resource.actions) {
    const isTold = ['start', 'stop', 'promote', 'demote'].includes(action.task);
    if (isTold && !action.optional && action.runnable) addVariables(action, variables);
  }
  if (points.task === 'start' && lists.start.length === 0) return;
  if (points.task === 'promote' && lists.promote.length === 0) return;
  if (points.task === 'demote' && lists.demote.length === 0) return;
  if (points.task === 'stop' || points.task === 'demote') notifyLeaving(cluster, resource, notification);
  else notifyComing(cluster, resource, notification);
}

function notifyLeaving(cluster: Cluster, resource: Resource, notification: Notification): void {
  if (resource.role === role.stopped) return;
  const stop = firstAction(resource, 'stop');
  for (const node of resource.activeOn) {
    if (notification.points.task === 'stop' && node.unclean && stop?.pseudo === true) continue;
    notifyBefore(cluster, resource, node, notification);
    const stays = notification.points.task === 'demote' || stop === undefined || stop.optional;
    if (stays) notifyAfter(cluster, resource, node, notification);
  }
}

function notifyComing(cluster: Cluster, resource: Resource, notification: Notification): void {
  const { assigned } = resource;
  if (resource.nextRole === role.stopped || assigned === undefined) return;
  const start = firstAction(resource, 'start');
  const isThere = notification.points.task !== 'start' || start === undefined || start.optional;
  if (isThere) notifyBefore(cluster, resource, assigned, notification);
  notifyAfter(cluster, resource, assigned, notification);
}

function notifyBefore(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  { points, variables }: Notification,
): void {
  newNotification(cluster, resource, node, points.pre, points.preDone, variables);
}

function notifyAfter(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  { points, variables }: Notification,
): void {
  const action = newNotification(cluster, resource, node, points.post, points.postDone, variables);
  if (action !== undefined) action.priority = completionPriority;
  for (const monitor of resource.actions) {
    if (monitor.intervalMs > 0 && monitor.task !== 'cancel') linkActions(points.postDone, monitor, order.ordered);
  }
}

function newNotification(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  point: Action | undefined,
  done: Action | undefined,
  variables: ReadonlyMap<string, string>,
): Action | undefined {
  if (point === undefined || done === undefined || !point.runnable) return undefined;
  if (!node.online || node.unclean) return undefined;
  const told = point.meta.get('notify_operation') ?? '';
  const key = notificationKey(resource, point.meta.get('notify_type') ?? '', told);
  const action = newAction(cluster, { resource, task: 'notify', node, key, optional: point.optional });
  addVariables(action, point.meta);
  addVariables(action, variables);
  linkActions(point, action, order.ordered);
  linkActions(action, done, order.ordered);
  return action;
}

function addVariables(action: Action | undefined, variables: ReadonlyMap<string, string>): void {
  if (action === undefined) return;
  for (const [name, value] of variables) action.meta.set(name, value);
}
