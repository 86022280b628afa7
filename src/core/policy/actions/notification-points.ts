/**
 * The points around a task of a clone with notify=true: before it everybody is told (pre), and it begins when all have heard; after
 * it everybody is told again (post), and others go on when all have heard. The notifications themselves are made when it is clear
 * what will be done, see `notify.ts`.
 */
import type { Action, Cluster, Resource } from '../working-set.ts';
import { notificationKey } from './collective.ts';
import { linkActions } from './links.ts';
import { completionPriority, newAction } from './new-action.ts';
import { order } from './order-flags.ts';

/** What is known of the notifications around one task. `pre` is missing when only the end is told. */
export interface NotificationPoints {
  readonly task: string;
  readonly pre: Action | undefined;
  readonly preDone: Action | undefined;
  readonly post: Action;
  readonly postDone: Action;
}

export interface CloneNotifications {
  start?: NotificationPoints;
  stop?: NotificationPoints;
  promote?: NotificationPoints;
  demote?: NotificationPoints;
}

const byClone = new WeakMap<Resource, CloneNotifications>();

/** The notifications planned for a clone; undefined when it has none. */
export function notificationsOf(clone: Resource): CloneNotifications | undefined {
  return byClone.get(clone);
}

export function orderClonePoints(
  cluster: Cluster,
  clone: Resource,
  points: { start: Action; running: Action; stop: Action; stopped: Action },
): CloneNotifications | undefined {
  if (clone.clone?.notify !== true) return undefined;
  const start = pointsAround(cluster, clone, 'start', points.start, points.running);
  const stop = pointsAround(cluster, clone, 'stop', points.stop, points.stopped);
  linkActions(stop.postDone, start.pre, order.ordered);
  const notifications = { start, stop };
  byClone.set(clone, notifications);
  return notifications;
}

export function orderPromotionPoints(
  cluster: Cluster,
  clone: Resource,
  notifications: CloneNotifications | undefined,
  points: { promote: Action; promoted: Action; demote: Action; demoted: Action },
): void {
  if (notifications === undefined) return;
  const { start, stop } = notifications;
  const promote = pointsAround(cluster, clone, 'promote', points.promote, points.promoted);
  const demote = pointsAround(cluster, clone, 'demote', points.demote, points.demoted);
  Object.assign(notifications, { promote, demote });
  linkActions(stop?.postDone, promote.pre, order.ordered);
  linkActions(start?.postDone, promote.pre, order.ordered);
  linkActions(demote.postDone, promote.pre, order.ordered);
  linkActions(demote.postDone, start?.pre, order.ordered);
  linkActions(demote.postDone, stop?.pre, order.ordered);
}

function pointsAround(cluster: Cluster, clone: Resource, task: string, begin: Action, end: Action): NotificationPoints {
  const pre = newNotificationPoint(cluster, clone, begin, 'pre', 'notify', task);
  const preDone = newNotificationPoint(cluster, clone, begin, 'confirmed-pre', 'notified', task);
  pre.runnable = true;
  preDone.runnable = true;
  linkActions(pre, preDone, order.ordered);
  linkActions(preDone, begin, order.ordered);
  const after = pointsAfter(cluster, clone, end, task);
  linkActions(preDone, after.post, order.ordered);
  return { task, pre, preDone, ...after };
}

/** The points after `end` has come to pass. */
export function pointsAfter(
  cluster: Cluster,
  resource: Resource,
  end: Action,
  told: string,
): { post: Action; postDone: Action } {
  const post = newNotificationPoint(cluster, resource, end, 'post', 'notify', told);
  const postDone = newNotificationPoint(cluster, resource, end, 'confirmed-post', 'notified', told);
  for (const point of [post, postDone]) {
    point.priority = completionPriority;
    point.runnable = end.runnable;
  }
  linkActions(end, post, order.requireThen);
  linkActions(post, postDone, order.requireThen);
  return { post, postDone };
}

function newNotificationPoint(
  cluster: Cluster,
  resource: Resource,
  about: Action,
  type: string,
  task: string,
  told: string,
): Action {
  const key = notificationKey(resource, type, about.task);
  const point = newAction(cluster, { resource, task, node: undefined, key, optional: about.optional });
  point.pseudo = true;
  for (const prefix of ['notify_key', 'notify']) point.meta.set(`${prefix}_type`, type.replace('confirmed-', ''));
  point.meta.set('notify_key_operation', about.task);
  point.meta.set('notify_operation', told);
  return point;
}
