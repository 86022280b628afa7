/** What `status` says of monitoring: of each resource what its status said last and how long ago, and who works on what. */
import { statementOf } from '../core/haresources/facts.ts';
import type { Watch } from '../core/haresources/watch.ts';
import { type GroupState, letterOf, type NodeState } from '../core/node-state.ts';
import { usPerMs } from '../core/types.ts';
import type { GroupReport, MonitoringReport } from '../protocol/status.ts';

export function monitoringReport(node: NodeState, group: GroupState, nowUs: number): Pick<GroupReport, 'monitoring'> {
  if (letterOf(group) !== 'r') return {};
  const { watches, failures, restarts } = group.monitor;
  const { failuresMax, failureWindowMs } = node.options.monitoring;
  const recent = failures.filter((us) => nowUs - us < failureWindowMs * usPerMs);
  const resources = watches.map((watch, index) => ({
    resource: group.configuration.resources[index]!.written,
    status: statusOf(watch),
    ...(watch.said === undefined ? {} : { ageMs: Math.round((nowUs - watch.saidUs) / usPerMs) }),
  }));
  return { monitoring: { failures: recent.length, failuresMax, restarts, resources } };
}

export function unmanagedReport(node: NodeState, group: GroupState): Pick<GroupReport, 'unmanaged'> {
  const { self, peer } = node.options;
  if (group.unmanaged !== undefined) return { unmanaged: { node: self, ...group.unmanaged } };
  const current = node.peer.presence === 'up' && node.peer.fresh;
  return current && statementOf(node, group)?.unmanaged === true ? { unmanaged: { node: peer } } : {};
}

function statusOf(watch: Watch): MonitoringReport['resources'][number]['status'] {
  return watch.unreliable ? 'unreliable' : (watch.said ?? 'unasked');
}
