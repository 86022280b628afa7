/**
 * The transition graph as data. Notifications are made last, when it is clear what will be done. A circle in the ordering is broken
 * where a configured constraint takes part in it, and reported with that constraint: Pacemaker would start nothing and fail.
 */

import type { GraphAction, TransitionGraph } from '../graph.ts';
import { recordedName } from '../status/history-owner.ts';
import { type Action, type Cluster, cloneOf, type Resource, topmost } from '../working-set.ts';
import { blockedActions, removeStuck } from './blocked.ts';
import { stateOf } from './collective.ts';
import { breakCycles } from './cycles.ts';
import { actionsOfGraph, waitsFor } from './graph-inputs.ts';
import { compareText } from './in-order.ts';
import { createNotifications } from './notify.ts';

export function buildGraph(cluster: Cluster): TransitionGraph {
  for (const clone of cluster.resources) {
    if (clone.kind === 'clone') for (const action of clone.actions) stateOf(action, clone, undefined);
  }
  createNotifications(cluster);
  const inputs = new Map<Action, Action[]>();
  for (const action of actionsOfGraph(cluster)) {
    const awaited = action.before.filter((input) => waitsFor(action, input)).map((input) => input.action);
    inputs.set(action, awaited);
  }
  const stuck = removeStuck(inputs);
  const cycles = breakCycles(cluster, inputs);
  const actions = [...inputs.keys()];
  const ids = new Map(actions.map((action, index) => [action, index + 1]));
  return {
    actions: actions.map((action) => asData(cluster, action, ids, inputs.get(action) ?? [])),
    cycles,
    blocked: blockedActions(cluster, stuck),
  };
}

function asData(
  cluster: Cluster,
  action: Action,
  ids: ReadonlyMap<Action, number>,
  awaited: readonly Action[],
): GraphAction {
  const { resource, node, intervalMs, reason } = action;
  const timeout = action.meta.get('timeout');
  const isPrimitive = resource?.kind === 'primitive';
  const recordedAs = resource === undefined || !isPrimitive ? resource?.id : recordedId(resource);
  return {
    id: ids.get(action)!,
    kind: kindOf(action),
    key: graphKey(cluster, action),
    task: action.task,
    ...(recordedAs === undefined ? {} : { resource: recordedAs }),
    ...(resource === undefined || recordedAs === resource.id ? {} : { instance: resource.id }),
    ...(node === undefined ? {} : { node: node.name }),
    intervalMs,
    ...(timeout === undefined || action.pseudo ? {} : { timeoutMs: Number(timeout) }),
    expectedRc: Number(action.meta.get('op_target_rc') ?? 0),
    inputs: awaited.flatMap((each) => ids.get(each) ?? []),
    priority: action.priority,
    canFail: action.meta.get('can_fail') === 'true',
    meta: Object.fromEntries([...action.meta].sort(([left], [right]) => compareText(left, right))),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The history of an anonymous instance does not know its number, or a number that means nothing any more. */
function recordedId(resource: Resource): string {
  if (cloneOf(resource)?.clone?.unique === true) return resource.id;
  return resource.historyId ?? resource.configuredId;
}

/** Operations of an anonymous instance are known by the name in its history. */
function graphKey(cluster: Cluster, { resource, task, key, intervalMs, meta }: Action): string {
  if (resource === undefined || topmost(resource).clone?.unique !== false) return key;
  const name = recordedName(cluster, resource);
  if (name === undefined) return key;
  if (task === 'notify') {
    return `${name}_${meta.get('notify_type') ?? ''}_notify_${meta.get('notify_operation') ?? ''}_0`;
  }
  return `${name}_${meta.get('operation') ?? task}_${String(intervalMs)}`;
}

function kindOf({ pseudo, task }: Action): GraphAction['kind'] {
  if (pseudo) return 'pseudo';
  if (task === 'stonith') return 'fence';
  return clusterTasks.has(task) ? 'cluster' : 'resource';
}

/** Done by the managers themselves. `cancel` and `delete` change what a node watches and remembers. */
const clusterTasks = new Set(['do_shutdown', 'clear_failcount', 'delete', 'lrm_delete', 'probe_complete']);
