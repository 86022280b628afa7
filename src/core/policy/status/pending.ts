/** Operations that are under way, as far as the status section knows. */

import type { ClusterNode, Resource } from '../working-set.ts';
import { role } from '../working-set.ts';
import { demandStop } from './demands.ts';
import type { Reading } from './reading.ts';
import { setActive } from './reading.ts';
import type { HistoryEntry } from './recorded-operation.ts';
import { isProbe } from './recorded-operation.ts';

export function readPending(reading: Reading, entry: HistoryEntry): void {
  const { cluster, resource, node } = reading;
  if (failedSince(reading, entry)) return;
  if (entry.task === 'start') {
    resource.startPending = true;
    setActive(resource);
  } else if (entry.task === 'promote') {
    resource.role = role.promoted;
  } else if (entry.task === 'migrate_to' && node.unclean) {
    // The source will be fenced in the middle of it: nobody knows what the target got.
    const target = cluster.nodeByName.get(entry.recorded.attributes['migrate_target'] ?? '');
    if (target !== undefined) demandStop(cluster, resource, target);
  }
  if (resource.pendingTask !== undefined || isProbe(entry)) return;
  resource.pendingTask = entry.task;
  pendingNodes.set(resource, node);
}

/** Where the pending task of a resource runs. */
export function pendingNodeOf(resource: Resource): ClusterNode | undefined {
  return pendingNodes.get(resource);
}

const pendingNodes = new WeakMap<Resource, ClusterNode>();

/** A recurring monitor's failure stands apart from its last result: if it is the newer one, nothing is pending. */
function failedSince({ lastFailure }: Reading, entry: HistoryEntry): boolean {
  if (lastFailure === undefined) return false;
  if (lastFailure.task !== entry.task || lastFailure.intervalMs !== entry.intervalMs) return false;
  if (lastFailure.changedAtS === undefined || entry.changedAtS === undefined) return false;
  return lastFailure.changedAtS >= entry.changedAtS;
}
