/**
 * What the history knows against what is configured now: operations that recur without being configured any more are cancelled,
 * changed parameters lead to a reload or a restart, a changed agent to a restart, and the history of what is no longer configured
 * is erased. The recurring operations that run are noted as actions, so that they are not started anew.
 */
import type { ResourceHistory } from '../../cib/model.ts';
import { failcountOf } from '../status/failcount.ts';
import { withoutNumber } from '../status/find-resource.ts';
import { activeRecurring, activeStretch, sortedHistory } from '../status/history-order.ts';
import { type HistoryEntry, isProbe } from '../status/recorded-operation.ts';
import { enabledOperations, intervalOf } from '../unpack/recurring.ts';
import { type Cluster, type ClusterNode, primitivesOf, type Resource, topmost } from '../working-set.ts';
import { addOrdering } from './add-ordering.ts';
import { cancelRecurring } from './cancel.ts';
import { eraseHistory, scheduleCleanup } from './cleanup.ts';
import { compareDigests, definingTask, onlySecretsDiffer } from './digests.ts';
import { actionFlag, newAction, stopAction } from './new-action.ts';
import { isAvailable } from './node-availability.ts';
import { order } from './order-flags.ts';
import { noteRecordedName } from './recorded-name.ts';
import { scheduleReload } from './reload.ts';

export function scheduleConfigurationChanges(cluster: Cluster): void {
  const byId = resourcesByHistoryId(cluster);
  const states = new Map(cluster.cib.status.nodes.map((state) => [state.id, state]));
  for (const node of cluster.nodes) noteRecurring(cluster, node, states.get(node.id)?.history ?? [], byId);
  meetDemands(cluster);
  for (const node of cluster.nodes) {
    // A node in maintenance is available for one thing: ending what recurs there.
    if (!node.maintenance && !isAvailable(node)) continue;
    for (const history of states.get(node.id)?.history ?? []) {
      for (const resource of resourcesFor(history, byId)) checkHistory(cluster, resource, node, history);
    }
  }
}

/** Resources that a history may be about: an anonymous instance is recorded under the id of what was cloned. */
function resourcesByHistoryId(cluster: Cluster): Map<string, Resource[]> {
  const byId = new Map<string, Resource[]>();
  const note = (id: string, resource: Resource): void => {
    const known = byId.get(id);
    if (known === undefined) byId.set(id, [resource]);
    else known.push(resource);
  };
  for (const top of cluster.resources) {
    for (const resource of primitivesOf(top)) {
      note(topmost(resource).clone?.unique === false ? resource.configuredId : resource.id, resource);
    }
  }
  return byId;
}

function resourcesFor({ id }: ResourceHistory, byId: ReadonlyMap<string, readonly Resource[]>): readonly Resource[] {
  return byId.get(id) ?? byId.get(withoutNumber(id)) ?? [];
}

function noteRecurring(
  cluster: Cluster,
  node: ClusterNode,
  histories: readonly ResourceHistory[],
  byId: ReadonlyMap<string, readonly Resource[]>,
): void {
  for (const history of histories) {
    const candidates = resourcesFor(history, byId);
    const resource =
      candidates.find(({ activeOn }) => activeOn.includes(node)) ??
      candidates.find(({ knownOn }) => knownOn.has(node.id));
    if (resource === undefined) continue;
    noteRecordedName(resource, history.id);
    if (!node.online) continue;
    for (const { task, intervalMs } of activeRecurring(sortedHistory(history.operations))) {
      newAction(cluster, { resource, task, node, intervalMs, optional: true });
    }
  }
}

/** What failures demand, whatever is decided. */
function meetDemands(cluster: Cluster): void {
  for (const { task, resource, node } of cluster.demands) newAction(cluster, { resource, task, node, optional: false });
  for (const { resource, node } of cluster.historiesToErase) eraseHistory(cluster, resource, node);
}

function checkHistory(cluster: Cluster, resource: Resource, node: ClusterNode, history: ResourceHistory): void {
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
  const entries = sortedHistory(history.operations);
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
    if (definitionChanged(cluster, resource, node, entry) && failcountOf(cluster, resource, node) !== 0) {
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
  const verdict = cluster.expiredMonitors.has(recorded) ? 'changed' : compareDigests(cluster, resource, node, recorded);
  if (verdict === 'same' || onlySecretsDiffer(cluster, resource, node, recorded)) return false;
  if (verdict === 'restart') {
    forceRestart(cluster, resource, task, intervalMs);
  } else if (intervalMs > 0) {
    const monitor = newAction(cluster, { resource, task, node, intervalMs, optional: true });
    monitor.flags |= actionFlag.reschedule;
    monitor.reason ??= 'definition changed';
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
  action.reason = 'definition changed';
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
