/** The points of groups and clones, at which the orderings of their members and instances come together. */
import { parseBoolean } from '../../cib/values.ts';
import type { Action, Cluster, Resource } from '../working-set.ts';
import { completionPriority, newCollectivePoint } from './new-action.ts';
import { orderClonePoints, orderPromotionPoints } from './notification-points.ts';

export function createCollectiveActions(cluster: Cluster, resource: Resource): void {
  if (resource.kind === 'group') createGroupPoints(cluster, resource);
  else createClonePoints(cluster, resource);
}

function createGroupPoints(cluster: Cluster, group: Resource): void {
  const tasks = ['start', 'running', 'stop', 'stopped'];
  if (parseBoolean(group.meta.get('promotable')) === true) tasks.push('demote', 'demoted', 'promote', 'promoted');
  for (const task of tasks) newCollectivePoint(cluster, group, task, { optional: true, runnable: true });
}

interface Activity {
  active: boolean;
  starting: boolean;
  stopping: boolean;
  restarting: boolean;
}

function createClonePoints(cluster: Cluster, clone: Resource): void {
  const activity: Activity = { active: false, starting: false, stopping: false, restarting: false };
  for (const instance of clone.children) noteActivity(instance, activity);
  const starting = { optional: !activity.starting };
  const stopping = { optional: !activity.stopping };
  const start = newCollectivePoint(cluster, clone, 'start', { ...starting, runnable: true });
  const running = newCollectivePoint(cluster, clone, 'running', {
    ...starting,
    runnable: activity.active || activity.starting,
  });
  running.priority = completionPriority;
  const stop = newCollectivePoint(cluster, clone, 'stop', { ...stopping, runnable: true });
  const stopped = newCollectivePoint(cluster, clone, 'stopped', { ...stopping, runnable: true });
  stopped.priority = completionPriority;
  // What depends on it may migrate away while instances stop, as long as none of them comes back.
  if (!activity.restarting) stop.migrateRunnable = true;
  const notified = orderClonePoints(cluster, clone, { start, running, stop, stopped });
  if (clone.clone?.promotable !== true) return;
  const promoting = { optional: !anyRequired(clone, 'promote'), runnable: true };
  const demoting = { optional: !anyRequired(clone, 'demote'), runnable: true };
  const promote = newCollectivePoint(cluster, clone, 'promote', promoting);
  const promoted = newCollectivePoint(cluster, clone, 'promoted', promoting);
  promoted.priority = completionPriority;
  const demote = newCollectivePoint(cluster, clone, 'demote', demoting);
  const demoted = newCollectivePoint(cluster, clone, 'demoted', demoting);
  demoted.priority = completionPriority;
  orderPromotionPoints(cluster, clone, notified, { promote, promoted, demote, demoted });
}

function noteActivity(resource: Resource, activity: Activity): void {
  if (resource.kind !== 'primitive') {
    for (const child of resource.children) noteActivity(child, activity);
    return;
  }
  if (resource.activeOn.length > 0) activity.active = true;
  const starting = resource.actions.some((action) => action.task === 'start' && !action.optional && action.runnable);
  const stopping = resource.actions.some(isStopping);
  activity.starting ||= starting;
  activity.stopping ||= stopping;
  activity.restarting ||= starting && stopping;
}

function isStopping({ task, optional, runnable, pseudo }: Action): boolean {
  return task === 'stop' && !optional && (runnable || pseudo);
}

function anyRequired(resource: Resource, task: string): boolean {
  if (resource.kind !== 'primitive') return resource.children.some((child) => anyRequired(child, task));
  return resource.actions.some((action) => action.task === task && !action.optional);
}
