/**
 * What holds for an action of a group or clone, derived from the actions of its members or instances: it is required if one of
 * theirs is, and it can run if all (group) or any (clone) of theirs can.
 */
import type { Action, ClusterNode, Resource } from '../working-set.ts';
import { firstAction, firstActionWithKey, keyOf } from './new-action.ts';

export interface ActionState {
  readonly optional: boolean;
  readonly runnable: boolean;
  readonly migrateRunnable: boolean;
}

/** How an action counts in an ordering with something on `node`. */
export function stateForOrdering(action: Action, node: ClusterNode | undefined): ActionState {
  const { resource } = action;
  if (resource === undefined || resource.kind === 'primitive') return action;
  const anywhere = stateOf(action, resource, undefined);
  if (node === undefined || resource.kind !== 'clone') return anywhere;
  const there = stateOf(action, resource, node);
  return { ...there, runnable: there.runnable || anywhere.runnable };
}

/** The state of an action, after that of a collective was brought up to date with what is inside. */
export function stateOf(action: Action, resource: Resource, node: ClusterNode | undefined): ActionState {
  if (resource.kind === 'primitive') return action;
  return resource.kind === 'group' ? groupState(action, resource, node) : cloneState(action, resource, node);
}

function groupState(action: Action, group: Resource, node: ClusterNode | undefined): ActionState {
  let optional = true;
  let runnable = true;
  const task = memberTask(action.task);
  for (const member of group.children) {
    const inner = firstAction(member, task, node);
    if (inner === undefined) {
      if (task !== 'stop' && task !== 'demote') runnable = false;
      continue;
    }
    if (!inner.optional) {
      optional = false;
      action.optional = false;
    }
    // `running` says that all are; `start` may begin with those that can.
    if (task !== action.task && !inner.runnable) {
      runnable = false;
      action.runnable = false;
    }
  }
  return { optional, runnable, migrateRunnable: false };
}

function cloneState(action: Action, clone: Resource, node: ClusterNode | undefined): ActionState {
  let optional = true;
  let anyRunnable = false;
  const task = taskInside(action, clone);
  for (const instance of clone.children) {
    const instanceNode = instance.kind === 'primitive' ? node : undefined;
    const inner = firstAction(instance, task, instanceNode);
    if (inner === undefined) continue;
    const state = stateOf(inner, instance, node);
    if (!state.optional) {
      optional = false;
      action.optional = false;
    }
    if (state.runnable) anyRunnable = true;
  }
  if (!anyRunnable && node === undefined) action.runnable = false;
  return { optional, runnable: anyRunnable, migrateRunnable: false };
}

const beginnings: Readonly<Record<string, string>> = {
  running: 'start',
  stopped: 'stop',
  promoted: 'promote',
  demoted: 'demote',
  notified: 'notify',
};

const endings: Readonly<Record<string, string>> = {
  start: 'running',
  stop: 'stopped',
  promote: 'promoted',
  demote: 'demoted',
};

/** What a member does when its collective says `task`. */
export function memberTask(task: string): string {
  return beginnings[task] ?? task;
}

/**
 * The task inside the instances of a clone that an action of the clone is about. Groups have points of their own, primitives
 * only the deed itself. A notification is about what it notifies of.
 */
export function taskInside(action: Action, clone: Resource): string {
  const notified = /_(?:pre|post|confirmed-pre|confirmed-post)_notify_([a-z]+)_0$/.exec(action.key)?.[1];
  const task = notified ?? action.task;
  return clone.children[0]?.kind === 'primitive' ? memberTask(task) : task;
}

/**
 * What others really wait for when they wait for a task of a collective: its end, or, with notifications, that all have been
 * told of it. The action itself when there is nothing of that kind.
 */
export function actionToWaitFor(action: Action): Action {
  const { resource } = action;
  if (resource === undefined || resource.kind === 'primitive' || action.intervalMs > 0) return action;
  if (action.key.includes('notify')) return action;
  const task = endings[action.task] ?? (beginnings[action.task] === undefined ? undefined : action.task);
  if (task === undefined) return action;
  const key =
    resource.kind === 'clone' && resource.clone?.notify === true
      ? notificationKey(resource, 'confirmed-post', task)
      : keyOf(resource, task);
  return firstActionWithKey(resource, key) ?? action;
}

export function notificationKey(resource: Resource, type: string, task: string): string {
  return `${resource.id}_${type}_notify_${task}_0`;
}
