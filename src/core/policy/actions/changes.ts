/**
 * What the history knows against what is configured now: operations that recur without being configured any more are cancelled,
 * changed parameters lead to a reload or a restart, a changed agent to a restart, and the history of what is no longer configured
 * is erased. The recurring operations that run are noted as actions, so that they are not started anew.
 */
import type { ResourceHistory } from '../../cib/model.ts';
import { isAvailable } from '../placement/tables.ts';
import { failcountOf } from '../status/failcount.ts';
import { activeRecurring, activeStretch, sortedHistory } from '../status/history-order.ts';
import { ownerOf, recordedName } from '../status/history-owner.ts';
import { nodeOfState } from '../status/node-state.ts';
import { type HistoryEntry, isProbe } from '../status/recorded-operation.ts';
import { enabledOperations, intervalOf } from '../unpack/recurring.ts';
import { type Cluster, type ClusterNode, primitivesOf, type Resource, topmost } from '../working-set.ts';
import { addOrdering } from './add-ordering.ts';
import { cancelRecurring } from './cancel.ts';
import { eraseHistory, scheduleCleanup } from './cleanup.ts';
import { compareDigests, definingTask, onlySecretsDiffer } from './digests.ts';
import { compareText, inOrder } from './in-order.ts';
import { addInternalOrderings } from './internal-orderings.ts';
import { actionFlag, newAction, stopAction } from './new-action.ts';
import { order } from './order-flags.ts';
import { scheduleReload } from './reload.ts';

export function scheduleConfigurationChanges(cluster: Cluster): void {
  // Before anything is assigned: what becomes unmanaged by that still keeps its own order.
  addInternalOrderings(cluster);
  const byId = resourcesByHistoryId(cluster);
  const recorded = recordedHistories(cluster);
  for (const each of recorded) noteRecurring(cluster, each);
  meetDemands(cluster);
  for (const each of recorded) {
    // A node in maintenance is available for one thing: ending what recurs there.
    if (!each.node.maintenance && !isAvailable(each.node)) continue;
    for (const resource of byId.get(each.history.id) ?? []) checkHistory(cluster, resource, each);
  }
}

interface Recorded {
  readonly node: ClusterNode;
  readonly history: ResourceHistory;
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
}

/** In the order of nodes and ids, whatever that of the status section is. */
function recordedHistories(cluster: Cluster): Recorded[] {
  return cluster.cib.status.nodes
    .flatMap((state) => {
      const node = nodeOfState(cluster, state);
      if (node === undefined) return [];
      return state.history.map((history) => ({ node, history, entries: sortedHistory(history.operations) }));
    })
    .sort((left, right) => left.node.index - right.node.index || compareText(left.history.id, right.history.id));
}

/** Those that are known by that name: their own, or that of the history which they were found in last. */
function resourcesByHistoryId(cluster: Cluster): Map<string, Resource[]> {
  const byId = new Map<string, Resource[]>();
  for (const top of cluster.resources) {
    for (const resource of primitivesOf(top)) {
      const recorded = topmost(resource).clone?.unique === false ? recordedName(cluster, resource) : undefined;
      for (const id of new Set([resource.id, recorded ?? resource.id])) {
        const known = byId.get(id);
        if (known === undefined) byId.set(id, [resource]);
        else known.push(resource);
      }
    }
  }
  return byId;
}

function noteRecurring(cluster: Cluster, { node, history, entries }: Recorded): void {
  const resource = node.online ? ownerOf(cluster, history) : undefined;
  if (resource === undefined) return;
  for (const { task, intervalMs } of activeRecurring(entries)) {
    newAction(cluster, { resource, task, node, intervalMs, optional: true });
  }
}

/** What failures demand, whatever is decided. */
function meetDemands(cluster: Cluster): void {
  for (const { task, resource, node } of inOrder(cluster.demands))
    newAction(cluster, { resource, task, node, optional: false });
  for (const { resource, node } of inOrder(cluster.historiesToErase)) eraseHistory(cluster, resource, node);
}

function checkHistory(cluster: Cluster, resource: Resource, { node, history, entries }: Recorded): void {
  if (resource.orphan) {
    const isOfAnonymousClone = topmost(resource).clone?.unique === false;
    if (!isOfAnonymousClone) scheduleCleanup(cluster, resource, node, false);
    return;
  }
  const isActive = resource.activeOn.includes(node);
  if (agentChanged(resource, history)) {
    if (isActive) {
      stopAction(cluster, resource, node, false).reason ??= 'agent changed';
      resource.startPending = true;
    }
    scheduleCleanup(cluster, resource, node, false);
  }
  if (!isActive) return;
  const { start, stop } = activeStretch(entries);
  if (start < stop) return;
  for (const entry of entries.slice(Math.max(0, start))) checkEntry(cluster, resource, node, entry);
}

function agentChanged(resource: Resource, history: ResourceHistory): boolean {
  return (
    resource.class !== (history.class ?? '') ||
    resource.provider !== (history.provider ?? '') ||
    resource.type !== (history.type ?? '')
  );
}

const checkedTasks = new Set(['start', 'promote', 'migrate_from']);

function checkEntry(cluster: Cluster, resource: Resource, node: ClusterNode, entry: HistoryEntry): void {
  const { intervalMs, task } = entry;
  if (intervalMs > 0 && (resource.maintenance || node.maintenance)) {
    cancel(cluster, resource, node, entry, 'maintenance mode');
  } else if (intervalMs > 0 || isProbe(entry) || checkedTasks.has(task)) {
    if (
      definitionChanged(cluster, resource, node, entry) &&
      failcountOf(cluster, resource, node, { ignoreExpired: true }) !== 0
    ) {
      cluster.failcountsToClear.push({ resource, node, reason: 'action definition changed' });
    }
  }
}

/** Whether the operation is defined otherwise than when it was run; what follows from that is scheduled. */
function definitionChanged(cluster: Cluster, resource: Resource, node: ClusterNode, entry: HistoryEntry): boolean {
  const { task, intervalMs, recorded } = entry;
  if (intervalMs > 0 && !isConfigured(resource, entry)) {
    if (cluster.options.stopOrphanActions) cancel(cluster, resource, node, entry, 'orphan');
    return true;
  }
  const verdict = cluster.expiredMonitors.has(recorded) ? 'restart' : compareDigests(cluster, resource, node, recorded);
  if (verdict === 'same' || onlySecretsDiffer(cluster, resource, node, recorded)) return false;
  if (verdict === 'restart') {
    forceRestart(cluster, resource, task, intervalMs);
  } else if (intervalMs > 0) {
    const monitor = newAction(cluster, { resource, task, node, intervalMs, optional: true });
    monitor.flags |= actionFlag.reschedule;
    monitor.reason ??= 'resource definition change';
  } else if (recorded.attributes['op-restart-digest'] !== undefined) {
    scheduleReload(cluster, resource, node);
  } else {
    forceRestart(cluster, resource, task, intervalMs);
  }
  return true;
}

function isConfigured(resource: Resource, { task, intervalMs }: HistoryEntry): boolean {
  return enabledOperations(resource).some((each) => each.name === task && intervalOf(each) === intervalMs);
}

/** The very operation has to be run again, and everything that depends on it. */
function forceRestart(cluster: Cluster, resource: Resource, task: string, intervalMs: number): void {
  const action = newAction(cluster, {
    resource,
    task: definingTask(task, intervalMs),
    node: undefined,
    intervalMs,
    optional: false,
  });
  action.reason = 'resource definition change';
}

function cancel(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  { task, intervalMs, callId }: HistoryEntry,
  reason: string,
): void {
  const action = cancelRecurring(cluster, resource, node, task, intervalMs);
  action.meta.set('call-id', String(callId));
  action.reason = reason;
  addOrdering(cluster, { resource, task: 'stop' }, { action }, order.ordered);
}
