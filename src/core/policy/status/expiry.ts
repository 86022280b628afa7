/**
 * Failures that are old enough to be forgotten (`failure-timeout`). An expired failure is ignored, and its count is cleared; a
 * result that was expected does not expire, nor does one that says that software is missing.
 */

import { compareDigests } from '../actions/digests.ts';
import { noteRecheck } from '../unpack/rule-context.ts';
import { role } from '../working-set.ts';
import { failuresOf } from './failcount.ts';
import type { Outcome, Reading } from './reading.ts';
import type { HistoryEntry } from './recorded-operation.ts';
import { execution, exitCode, isMaskedProbe, isProbe } from './recorded-operation.ts';

/** Whether the entry is older than the resource's failure-timeout. Asks for counts to be cleared that went with it. */
export function isExpired(reading: Reading, entry: HistoryEntry): boolean {
  const expired = isTooOld(reading, entry);
  if (!expired && isOutdated(reading, entry)) clearCount(reading, 'resource parameters have changed');
  return expired && !(isProbe(entry) && probeAnswers.has(entry.rc ?? exitCode.unknown));
}

function isTooOld(reading: Reading, entry: HistoryEntry): boolean {
  const { cluster, resource, node } = reading;
  if (entry.status === execution.notInstalled) return false;
  if (resource.failureTimeoutMs <= 0 || entry.changedAtS === undefined) return false;
  const timeoutS = Math.trunc(resource.failureTimeoutMs / 1000);
  const old = cluster.nowS >= entry.changedAtS + timeoutS;

  const standing = failuresOf(cluster, resource, node, { ignoreExpired: true, entry });
  if (standing.count > 0) noteRecheck(cluster, standing.lastFailureS + timeoutS + 1);
  if (!old) return false;

  if (failuresOf(cluster, resource, node, { entry }).count > 0) {
    if (standing.count > 0) return false;
    clearCount(reading, 'it expired');
  }
  return true;
}

/** A failure with other parameters than the resource has now says nothing about how it would fare today. */
function isOutdated({ cluster, resource, node }: Reading, { id, task, status, recorded }: HistoryEntry): boolean {
  if (!id.endsWith('_last_failure_0') || (task !== 'start' && task !== 'monitor')) return false;
  if (status === execution.notInstalled) return false;
  const verdict = compareDigests(cluster, resource, node, recorded);
  return verdict === 'changed' || verdict === 'restart';
}

function clearCount({ cluster, resource, node }: Reading, reason: string): void {
  cluster.failcountsToClear.push({ resource, node, reason });
}

/** A probe with one of these results told what it was asked: nothing about it can expire. */
const probeAnswers: ReadonlySet<number> = new Set([
  exitCode.ok,
  exitCode.notRunning,
  exitCode.promoted,
  exitCode.degraded,
  exitCode.degradedPromoted,
]);

/** @returns whether the expired entry is left out of the history altogether. */
export function isForgotten(reading: Reading, entry: HistoryEntry, { rc }: Outcome): boolean {
  const { cluster, resource, node } = reading;
  if (isMaskedProbe(entry) && entry.rc !== entry.expectedRc) {
    if (resource.role <= role.stopped) resource.role = role.unknown;
    return true;
  }
  if (rc === entry.expectedRc) return false;
  if (entry.intervalMs === 0) return true;
  if (!node.online || node.unclean) return false;
  // A monitor reports changes only: it has to be started anew, or the same failure would go unnoticed from now on.
  cluster.expiredMonitors.add(entry.recorded);
  return true;
}
