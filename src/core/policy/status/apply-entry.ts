/**
 * Reads one entry of a history: the role the resource has after it, and what a failure demands. Notifications and results that say
 * nothing are passed over.
 */
import { operationSettings } from '../unpack/operations.ts';
import type { OnFail, Role } from '../working-set.ts';
import { role } from '../working-set.ts';
import { banEverywhere, banFrom } from './bans.ts';
import { isExpired, isForgotten } from './expiry.ts';
import { atMostRestart, harder, isClearedBySuccess } from './failure-response.ts';
import { migratedTo, migrateFromFailed, migrateToFailed } from './migration.ts';
import { outcomeOf } from './outcome.ts';
import { readPending } from './pending.ts';
import type { Outcome, Reading } from './reading.ts';
import { answersFor, setActive, setNextRole } from './reading.ts';
import type { HistoryEntry } from './recorded-operation.ts';
import { execution, exitCode, isMaskedProbe, isProbe, operationKey } from './recorded-operation.ts';

/** They say nothing about what runs. Any other operation, even one of a name unknown here, does. */
const saysNothing: ReadonlySet<string> = new Set(['', 'notify', 'meta-data']);

export function applyEntry(reading: Reading, entry: HistoryEntry): void {
  if (saysNothing.has(entry.task) || !isReadable(entry)) return;
  const expired = isExpired(reading, entry);
  const outcome = outcomeOf(reading, entry, expired);
  if (expired && isForgotten(reading, entry, outcome)) {
    recordFailure(reading, entry, 'ignore', true);
    return;
  }
  if (isMaskedProbe(entry)) {
    succeeded(reading, entry, entry.expectedRc);
    recordFailure(reading, entry, 'ignore', false);
    banFrom(reading.cluster, answersFor(reading.resource), reading.node, because('failed-probe', entry));
    return;
  }
  if (outcome.status === execution.pending) readPending(reading, entry);
  else if (outcome.status === execution.done) succeeded(reading, entry, outcome.rc);
  else notDone(reading, entry, outcome);
}

function isReadable({ status, rc, id }: HistoryEntry): boolean {
  if (id === '' || status === undefined || rc === undefined) return false;
  if (status < execution.pending || status > execution.noSecrets || status === execution.cancelled) return false;
  return rc >= 0 && rc <= exitCode.largest;
}

function succeeded(reading: Reading, entry: HistoryEntry, rc: number): void {
  if (!changesRole(reading, entry, rc)) return;
  if (!isClearedBySuccess(reading.response)) return;
  reading.response = 'ignore';
  setNextRole(reading.resource, role.unknown);
}

/** @returns whether such a success makes earlier failures history. */
function changesRole(reading: Reading, entry: HistoryEntry, rc: number): boolean {
  const { resource } = reading;
  if (rc === exitCode.notInstalled || isMaskedProbe(entry)) {
    resource.role = role.stopped;
    return false;
  }
  if (rc === exitCode.notRunning) return true;
  switch (entry.task) {
    case 'monitor':
      if (resource.role < role.started) setActive(resource);
      return reading.lastFailure !== undefined && operationKey(reading.lastFailure) === operationKey(entry);
    case 'start':
    case 'migrate_from':
      resource.role = role.started;
      return true;
    case 'stop':
      resource.role = role.stopped;
      return true;
    case 'promote':
      resource.role = role.promoted;
      return true;
    case 'demote':
      resource.role = role.unpromoted;
      return reading.response === 'demote';
    case 'migrate_to':
      migratedTo(reading, entry);
      return false;
    default:
      if (resource.role < role.started) setActive(resource);
      return false;
  }
}

function notDone(reading: Reading, entry: HistoryEntry, outcome: Outcome): void {
  const { cluster, resource, node } = reading;
  const { onFail, roleAfterFailure } = operationSettings(cluster, resource, entry.task, entry.intervalMs);
  if (outcome.status === execution.notInstalled) {
    // There is nothing to pretend about an agent that does not exist.
    if (onFail === 'ignore') reading.response = 'ban';
    banFrom(cluster, answersFor(resource), node, because('hard-error', entry));
    failed(reading, entry, outcome, onFail, roleAfterFailure);
    return;
  }
  if (onFail === 'ignore' || (onFail === 'restart-container' && entry.task === 'stop')) {
    pretendSuccess(reading, entry, onFail);
    return;
  }
  failed(reading, entry, outcome, onFail, roleAfterFailure);
  if (outcome.status === execution.errorHard) {
    banFrom(cluster, answersFor(resource), node, because('hard-error', entry));
  } else if (outcome.status === execution.errorFatal) {
    banEverywhere(cluster, answersFor(resource), because('hard-error', entry));
  }
}

function pretendSuccess(reading: Reading, entry: HistoryEntry, onFail: OnFail): void {
  succeeded(reading, entry, entry.expectedRc);
  reading.resource.failureIgnored = true;
  recordFailure(reading, entry, onFail, false);
  if (onFail === 'restart-container' && atMostRestart(reading.response)) reading.response = onFail;
}

function failed(reading: Reading, entry: HistoryEntry, outcome: Outcome, onFail: OnFail, roleAfterFailure: Role): void {
  const { cluster, resource } = reading;
  reading.lastFailure = entry;
  recordFailure(reading, entry, onFail, false);
  reading.response = harder(reading.response, onFail);
  roleAfterFailed(reading, entry, outcome, onFail);
  if (isProbe(entry) && outcome.rc === exitCode.notInstalled) resource.role = role.stopped;
  else if (resource.role < role.started) setActive(resource);
  if (roleAfterFailure !== role.started && resource.nextRole < roleAfterFailure) {
    setNextRole(resource, roleAfterFailure);
  }
  if (roleAfterFailure === role.stopped) {
    banEverywhere(cluster, answersFor(resource), because('failure-stops', entry));
  }
}

function roleAfterFailed(reading: Reading, entry: HistoryEntry, outcome: Outcome, onFail: OnFail): void {
  const { cluster, resource, node } = reading;
  if (entry.task === 'stop') banFrom(cluster, resource, node, because('failed-stop', entry));
  else if (entry.task === 'migrate_from') migrateFromFailed(reading, entry);
  else if (entry.task === 'migrate_to') migrateToFailed(reading, entry);
  else if (entry.task === 'promote') resource.role = role.promoted;
  else if (entry.task === 'demote') demoteFailed(reading, outcome, onFail);
}

/** It counts as unpromoted, or the next decision would demote it again for ever; recovery stops it anyway. */
function demoteFailed({ resource }: Reading, { rc }: Outcome, onFail: OnFail): void {
  if (onFail === 'block') {
    resource.role = role.promoted;
    setNextRole(resource, role.stopped);
  } else {
    resource.role = rc === exitCode.notRunning ? role.stopped : role.unpromoted;
  }
}

function recordFailure({ resource, node }: Reading, entry: HistoryEntry, onFail: OnFail, expired: boolean): void {
  resource.failures.push({ node, operation: entry.recorded, onFail, expired });
}

function because(kind: 'failed-probe' | 'hard-error' | 'failed-stop' | 'failure-stops', entry: HistoryEntry) {
  return { kind, detail: entry.id };
}
