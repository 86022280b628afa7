/**
 * What ought to be done and cannot be. An action that waits for one that will not be done (the stop of something that is not
 * managed, say) would wait for ever: it is taken out of the graph, and so is what waits for it.
 */
import type { BlockedAction } from '../graph.ts';
import type { Action, Cluster } from '../working-set.ts';

/** Takes out what waits in vain; each with the action that will not come. */
export function removeStuck(inputs: Map<Action, Action[]>): Map<Action, Action> {
  const stuck = new Map<Action, Action>();
  const waiters = new Map<Action, Action[]>();
  const fresh: Action[] = [];
  for (const [action, awaited] of inputs) {
    for (const each of awaited) {
      if (!inputs.has(each)) {
        if (!stuck.has(action)) fresh.push(action);
        stuck.set(action, each);
      }
      const known = waiters.get(each);
      if (known === undefined) waiters.set(each, [action]);
      else known.push(action);
    }
  }
  for (let next = fresh.pop(); next !== undefined; next = fresh.pop()) {
    inputs.delete(next);
    next.inGraph = false;
    for (const waiter of waiters.get(next) ?? []) {
      if (stuck.has(waiter)) continue;
      stuck.set(waiter, next);
      fresh.push(waiter);
    }
  }
  return stuck;
}

export function blockedActions(cluster: Cluster, stuck: ReadonlyMap<Action, Action>): BlockedAction[] {
  const blocked: BlockedAction[] = [];
  for (const action of cluster.actions) {
    const missing = stuck.get(action);
    if (missing !== undefined) blocked.push(asBlocked(action, `waits for ${missing.key}`));
    else if (!action.optional && !action.runnable && isDeed(action)) blocked.push(asBlocked(action, reasonOf(action)));
  }
  return blocked;
}

/** Points are no deeds, and an operation without a node was only noted for others to wait for. */
function isDeed({ pseudo, node, resource, intervalMs }: Action): boolean {
  return !pseudo && node !== undefined && resource !== undefined && intervalMs === 0;
}

function reasonOf({ reason, resource, node }: Action): string {
  if (resource?.managed === false) return resource.blocked ? 'blocked' : 'unmanaged';
  if (node?.online === false) return 'node offline';
  return reason ?? 'unrunnable';
}

function asBlocked({ key, task, resource, node }: Action, reason: string): BlockedAction {
  return {
    key,
    task,
    ...(resource === undefined ? {} : { resource: resource.id }),
    ...(node === undefined ? {} : { node: node.name }),
    reason,
  };
}
