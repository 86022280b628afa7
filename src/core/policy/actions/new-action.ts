/**
 * Makes actions, and finds those that exist: a stage that needs "the stop of web on node1" asks for it here, whether or not
 * another one has asked before. Asking for a required one makes an optional one required, never the other way round.
 *
 * Whether an action can run at all follows from its node, the quorum and what it needs; it is looked at anew with every request,
 * because an action may learn its node late.
 */
import { infinity } from '../score.ts';
import { operationSettings } from '../unpack/operations.ts';
import { type Action, type Cluster, type ClusterNode, type Resource, role } from '../working-set.ts';
import { effectiveQuorumPolicy } from './quorum.ts';

/** Bits of `Action.flags` that only this stage knows. */
export const actionFlag = {
  /** A recurring operation whose definition changed: start it anew. */
  reschedule: 1 << 0,
  /** The stop that ends a migration which was left hanging. */
  abortsMigration: 1 << 1,
  /** Can run once enough of its firsts can. */
  needsEnough: 1 << 2,
  /** Carried out by the managers wherever they are, not on `node`. */
  anywhere: 1 << 3,
  /** Inputs were merged. */
  inputsMerged: 1 << 4,
} as const;

export interface ActionRequest {
  readonly resource: Resource | undefined;
  readonly task: string;
  readonly node: ClusterNode | undefined;
  readonly intervalMs?: number;
  readonly optional: boolean;
  /** Only for what is no operation of a resource, and for notifications. */
  readonly key?: string;
  /** `newAction` looks an existing one up by it when the task was changed since (a cancellation). */
  readonly recordedTask?: string;
}

export function keyOf(resource: Resource, task: string, intervalMs = 0): string {
  if (intervalMs !== 0) return `${resource.id}_${task}_${String(intervalMs)}`;
  let keys = keysOf.get(resource);
  if (keys === undefined) {
    keys = new Map();
    keysOf.set(resource, keys);
  }
  let key = keys.get(task);
  if (key === undefined) {
    key = `${resource.id}_${task}_0`;
    keys.set(task, key);
  }
  return key;
}

/** The same key is asked for dozens of times, and one and the same string is compared fastest. */
const keysOf = new WeakMap<Resource, Map<string, string>>();

export function newAction(cluster: Cluster, request: ActionRequest): Action {
  const { resource, task, node, optional } = request;
  const intervalMs = request.intervalMs ?? 0;
  const key =
    request.key ?? (resource === undefined ? task : keyOf(resource, request.recordedTask ?? task, intervalMs));
  const existing = resource === undefined ? singleton(cluster, key, node) : actionWithKey(resource, key, node);
  const action = existing ?? createAction(cluster, request, key, intervalMs);
  if (action.resource !== undefined && action.node !== undefined && !action.pseudo && isFixed(action)) {
    action.optional = true;
  } else if (!optional) {
    action.optional = false;
  }
  if (resource !== undefined) judgeRunnable(cluster, action, resource);
  return action;
}

/** A point in the order of things without a resource, such as `one-or-more:SET`. */
export function newPoint(cluster: Cluster, key: string): Action {
  const point = newAction(cluster, { resource: undefined, task: key, node: undefined, key, optional: true });
  point.pseudo = true;
  point.runnable = true;
  return point;
}

/** The point of a collective: `group_running_0`. */
export function newCollectivePoint(
  cluster: Cluster,
  resource: Resource,
  task: string,
  { optional, runnable }: { optional: boolean; runnable: boolean },
): Action {
  const point = newAction(cluster, { resource, task, node: undefined, optional });
  point.pseudo = true;
  if (runnable) point.runnable = true;
  return point;
}

/** Every action of the resource with this key; with `node`, there. One that has no node yet gets it. */
export function actionsWithKey(resource: Resource, key: string, node?: ClusterNode): Action[] {
  const found: Action[] = [];
  for (const action of resource.actions) {
    if (action.key !== key) continue;
    if (node !== undefined) action.node ??= node;
    if (node === undefined || action.node === node) found.push(action);
  }
  return found;
}

/** As `actionsWithKey`, but gives no node to an action without. */
export function actionsExactly(resource: Resource, key: string, node: ClusterNode): Action[] {
  return resource.actions.filter((action) => action.key === key && action.node === node);
}

/** Every non-recurring action of the resource for the task. */
export function actionsOf(resource: Resource, task: string, node?: ClusterNode): Action[] {
  return actionsWithKey(resource, keyOf(resource, task), node);
}

/** The first action for the task; with `node`, there. */
export function firstAction(resource: Resource, task: string, node?: ClusterNode): Action | undefined {
  return resource.actions.find((action) => action.task === task && (node === undefined || action.node === node));
}

export function firstActionWithKey(resource: Resource, key: string): Action | undefined {
  return resource.actions.find((action) => action.key === key);
}

export function startAction(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode | undefined,
  optional: boolean,
): Action {
  return newAction(cluster, { resource, task: 'start', node, optional });
}

export function stopAction(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode | undefined,
  optional: boolean,
): Action {
  return newAction(cluster, { resource, task: 'stop', node, optional });
}

function actionWithKey(resource: Resource, key: string, node: ClusterNode | undefined): Action | undefined {
  for (const action of resource.actions) {
    if (action.key !== key) continue;
    if (node === undefined) return action;
    action.node ??= node;
    if (action.node === node) return action;
  }
  return undefined;
}

const singletons = new WeakMap<Cluster, Map<string, Action>>();

function singleton(cluster: Cluster, key: string, node: ClusterNode | undefined): Action | undefined {
  const found = singletons.get(cluster)?.get(key);
  return found === undefined || node === undefined || found.node === undefined || found.node === node
    ? found
    : undefined;
}

function createAction(cluster: Cluster, request: ActionRequest, key: string, intervalMs: number): Action {
  const { resource, task, node, optional } = request;
  const settings =
    resource?.kind !== 'primitive'
      ? undefined
      : operationSettings(cluster, resource, request.recordedTask ?? task, intervalMs);
  const action: Action = {
    number: cluster.actions.length,
    key,
    task,
    resource,
    node,
    intervalMs,
    meta: new Map(settings?.meta),
    pseudo: false,
    optional,
    runnable: true,
    printAlways: false,
    migrateRunnable: false,
    onFail: settings?.onFail ?? 'ignore',
    roleAfterFailure: settings?.roleAfterFailure ?? role.unknown,
    needs: settings?.needs ?? 'nothing',
    priority: resource === undefined ? 0 : Math.max(0, resource.priority),
    reason: undefined,
    before: [],
    after: [],
    requiredRunnableBefore: 0,
    runnableBefore: 0,
    inGraph: false,
    flags: task === 'lrm_delete' ? actionFlag.anywhere : 0,
  };
  cluster.actions.push(action);
  if (resource === undefined) remember(cluster, action);
  else resource.actions.push(action);
  return action;
}

function remember(cluster: Cluster, action: Action): void {
  const known = singletons.get(cluster) ?? new Map<string, Action>();
  singletons.set(cluster, known);
  if (!known.has(action.key)) known.set(action.key, action);
}

/** What would change an unmanaged resource is never asked for. */
function isFixed({ resource, intervalMs }: Action): boolean {
  return resource?.managed === false && intervalMs === 0;
}

function judgeRunnable(cluster: Cluster, action: Action, resource: Resource): void {
  const { node } = action;
  if (action.pseudo) return;
  const anywhere = (action.flags & actionFlag.anywhere) !== 0;
  if (node === undefined) {
    action.runnable = false;
  } else if (!anywhere && !node.online) {
    action.runnable = false;
    action.reason ??= 'node offline';
  } else if (!anywhere && node.pending) {
    action.runnable = false;
    action.reason ??= 'node pending';
  } else if (action.needs === 'nothing') {
    action.runnable = true;
  } else {
    judgeByQuorum(cluster, action, resource);
  }
}

function judgeByQuorum(cluster: Cluster, action: Action, resource: Resource): void {
  switch (effectiveQuorumPolicy(cluster, resource)) {
    case 'stop':
      action.runnable = false;
      action.reason = 'no quorum';
      return;
    case 'freeze':
      if (resource.activeOn.length === 0 || resource.nextRole > resource.role) {
        action.runnable = false;
        action.reason = 'quorum freeze';
      }
      return;
    default:
      action.runnable = true;
  }
}

/** Completions of collectives are reported before anything else that waits. */
export const completionPriority = infinity;
