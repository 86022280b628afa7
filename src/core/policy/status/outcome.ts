/**
 * What a recorded result comes to. The executor says how the call ended and the agent with which code; only the expected code
 * (of the transition key) and the kind of operation tell whether that was a failure, and of which kind: `error` is recovered
 * from, `errorHard` bans the resource from the node, `errorFatal` from every node.
 */
import { role } from '../working-set.ts';
import { canFence } from './node-fencing.ts';
import type { Outcome, Reading } from './reading.ts';
import { setNextRole } from './reading.ts';
import type { HistoryEntry } from './recorded-operation.ts';
import { execution, exitCode, isMaskedProbe, isProbe } from './recorded-operation.ts';

/** Sets the role that the code alone proves. Expects status and code to be there. */
export function outcomeOf(reading: Reading, entry: HistoryEntry, expired: boolean): Outcome {
  const outcome: Outcome = {
    status: entry.status ?? execution.invalid,
    rc: withoutRemark(entry.rc ?? exitCode.unknown),
  };
  if (isMaskedProbe(entry)) {
    outcome.status = execution.done;
    outcome.rc = exitCode.notRunning;
  }
  if (outcome.status === execution.noFenceDevice || outcome.status === execution.noSecrets) {
    outcome.status = execution.errorHard;
    return outcome;
  }
  // Anything but "done" and "error" is the executor's last word.
  if (outcome.status !== execution.done && outcome.status !== execution.error) return outcome;
  const expected = entry.expectedRc >= 0 && outcome.rc === entry.expectedRc;
  outcome.status = expected ? execution.done : execution.error;
  byExitCode(reading, entry, expired, outcome);
  return outcome;
}

/** A degraded service runs; the remark is for people. */
function withoutRemark(rc: number): number {
  if (rc === exitCode.degraded) return exitCode.ok;
  return rc === exitCode.degradedPromoted ? exitCode.promoted : rc;
}

function byExitCode(reading: Reading, entry: HistoryEntry, expired: boolean, outcome: Outcome): void {
  const { resource } = reading;
  const probe = isProbe(entry);
  switch (outcome.rc) {
    case exitCode.ok:
      if (probe && entry.expectedRc === exitCode.notRunning) outcome.status = execution.done;
      break;
    case exitCode.notRunning:
      if (probe || entry.expectedRc === outcome.rc || !resource.managed) foundStopped(reading, outcome);
      break;
    case exitCode.promoted:
      if (probe) outcome.status = execution.done;
      if (!expired || outcome.rc === entry.expectedRc) resource.role = role.promoted;
      break;
    case exitCode.failedPromoted:
      if (!expired) resource.role = role.promoted;
      outcome.status = execution.error;
      break;
    case exitCode.notConfigured:
      outcome.status = execution.errorFatal;
      break;
    case exitCode.unimplemented:
      if (entry.intervalMs > 0) outcome.status = execution.notSupported;
      else hardError(reading, entry, expired, outcome);
      break;
    case exitCode.notInstalled:
    case exitCode.invalidParameter:
    case exitCode.insufficientPrivileges:
      hardError(reading, entry, expired, outcome);
      break;
    default:
      // A code that means nothing is a failure even where it was expected.
      if (outcome.status === execution.done) outcome.status = execution.error;
  }
}

/** For probes, monitors of the stopped role and unmanaged resources "not running" is an answer, not a failure. */
function foundStopped(reading: Reading, outcome: Outcome): void {
  outcome.status = execution.done;
  reading.resource.role = role.stopped;
  reading.response = 'ignore';
  setNextRole(reading.resource, role.unknown);
}

function hardError(reading: Reading, entry: HistoryEntry, expired: boolean, outcome: Outcome): void {
  const { cluster, resource, node } = reading;
  if (!expired && entry.task === 'stop' && !canFence(cluster, node)) {
    resource.managed = false;
    resource.blocked = true;
    cluster.warnings.push({ code: 'stop-not-recoverable', fields: { resource: resource.id, node: node.name } });
  }
  outcome.status = execution.errorHard;
}
