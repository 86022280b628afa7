/**
 * Monitoring: every running resource is asked for its status now and then, and what has died is started again here,
 * with everything to the right of it in its group. After so many failures within a time the group is given up: stopped
 * here, and offered to the peer. The rules in a few words (docs/monitoring.md):
 *
 * - Only a clear answer counts. No answer, a timeout, an answer that means nothing: not "not running".
 * - The first answer after a start is never acted upon: a service may take its time. A script whose status says "stopped"
 *   there and has never said "running" is unreliable: shown, logged once, never acted upon.
 * - A restart in place does not let go of the group: no report says that it is free (ownership.ts, `evidenceForPart`).
 * - An unmanaged group is not asked, and nothing is done to it.
 */
import type { OperationOutcome, OperationResult } from '../agents.ts';
import { endAlarm, hasAlarm, raiseAlarm } from '../alarms.ts';
import { type GroupState, letterOf, type NodeState, stageOf } from '../node-state.ts';
import { arm, disarm } from '../timers.ts';
import { type Microseconds, usPerMs, usPerSecond } from '../types.ts';
import { mayRunAtPeer, statementOf } from './facts.ts';
import { changeGroup, operationFor, stopGroup } from './groups.ts';
import { isGiving } from './handover.ts';
import { isHeld } from './letters.ts';
import { followResources, intervalOf, type Watch, type WatchState } from './watch.ts';

/** Status calls in flight at a time, on the whole node: half of the processes that the agent host runs at once. */
const checksMax = 4;
/** How soon a "stopped" that came right after a start is asked about again, where the interval is longer. */
const secondLookUs = usPerSecond;

/** Called after every event: begins the checks that are due and draws the consequences of what is known. */
export function settleMonitoring(state: NodeState): void {
  for (const group of state.groups) {
    watchOrNot(state, group);
    sayNowhere(state, group);
  }
  beginChecks(state);
  armNext(state);
}

/** False: not the answer to a check. Answers to checks that no longer matter are dropped by their id. */
export function checkResult(state: NodeState, result: OperationResult): boolean {
  for (const group of state.groups) {
    const index = group.monitor.watches.findIndex((watch) => watch.check?.id === result.id);
    if (index < 0) continue;
    answered(state, group, index, result);
    return true;
  }
  return false;
}

/** After `manage`: nobody knows what happened meanwhile, so everything is asked at once, also where monitoring is off. */
export function probeGroup(state: NodeState, group: GroupState): void {
  group.monitor.failures = [];
  for (const watch of group.monitor.watches) {
    watch.dueUs = state.nowUs;
    watch.answers = Math.max(watch.answers, 1);
  }
}

export function forgetFailures(state: NodeState, group: GroupState): void {
  group.monitor.failures = [];
  group.monitor.lastFailed = undefined;
  for (const code of ['monitor-gave-up', 'monitor-nobody-else']) endAlarm(state, code, group.configuration.key);
}

function watchOrNot(state: NodeState, group: GroupState): void {
  const { monitor } = group;
  const letter = letterOf(group);
  if (letter !== 'r' || group.unmanaged !== undefined) {
    for (const watch of monitor.watches) {
      watch.check = undefined;
      watch.dueUs = undefined;
    }
    if (letter !== 'r') monitor.watching = false;
    if (!isHeld(letter)) {
      if (monitor.failures.length > 0) monitor.failures = [];
      monitor.waitUntilUs = undefined;
      monitor.restartedFrom = undefined;
    }
    return;
  }
  if (!monitor.watching) beginWatching(state, group);
  watchAnew(state, group);
  if (monitor.waitUntilUs !== undefined && peerCanTake(state, group)) giveUp(state, group);
}

function beginWatching(state: NodeState, group: GroupState): void {
  const { monitor } = group;
  followResources(monitor, group.configuration.resources);
  const adopted = group.evidence === undefined;
  const from = monitor.restartedFrom ?? 0;
  if (monitor.restartedFrom === undefined) forgetFailures(state, group);
  else {
    const tookMs = (state.nowUs - monitor.restartedUs) / usPerMs;
    log(state, 'notice', 'group-restarted', { group: group.configuration.key, tookMs });
  }
  monitor.watching = true;
  monitor.restartedFrom = undefined;
  for (const [index, watch] of monitor.watches.entries()) {
    const started = index >= from && !adopted;
    if (started) Object.assign(watch, { answers: 0, said: undefined });
    else watch.answers = Math.max(watch.answers, 1);
    const intervalMs = intervalOf(state.options.monitoring, group.configuration, index);
    if (intervalMs > 0) watch.dueUs = state.nowUs + (started ? 0 : shareOf(group, index, intervalMs));
  }
}

/** A reload may have given an interval to what had none. */
function watchAnew(state: NodeState, group: GroupState): void {
  const { watches } = group.monitor;
  for (let index = 0; index < watches.length; index++) {
    const watch = watches[index]!;
    if (watch.dueUs !== undefined || watch.check !== undefined) continue;
    const intervalMs = intervalOf(state.options.monitoring, group.configuration, index);
    if (intervalMs > 0) watch.dueUs = state.nowUs + shareOf(group, index, intervalMs);
  }
}

/** Resources take turns within the interval instead of being asked all at the same moment. From a tenth to all of it. */
function shareOf(group: GroupState, index: number, intervalMs: number): Microseconds {
  const percent = 10 + (((group.configuration.index * 7 + index) * 61) % 91);
  return Math.round((intervalMs * usPerMs * percent) / 100);
}

const mayCheck = (state: NodeState): boolean =>
  stageOf(state) === 'member' && state.hostReady && state.probes.size === 0;

function beginChecks(state: NodeState): void {
  if (!mayCheck(state) || !isAnyDue(state)) return;
  const due = state.groups.flatMap((group) =>
    group.monitor.watches.flatMap((watch, index) =>
      watch.dueUs === undefined || watch.dueUs > state.nowUs ? [] : [{ group, watch, index, dueUs: watch.dueUs }],
    ),
  );
  // Who has waited longest: slow ones at the head of the list must not keep the others from their turn.
  due.sort((left, right) => left.dueUs - right.dueUs);
  for (const { group, watch, index } of due.slice(0, checksMax - checksInFlight(state))) {
    const operation = operationFor(state, group, index, 'status');
    Object.assign(watch, { check: operation, askedUs: state.nowUs, dueUs: undefined });
    state.effects.push({ type: 'operation', operation });
  }
}

function isAnyDue({ groups, nowUs }: NodeState): boolean {
  for (const { monitor } of groups)
    for (const { dueUs } of monitor.watches) if (dueUs !== undefined && dueUs <= nowUs) return true;
  return false;
}

function checksInFlight(state: NodeState): number {
  return state.groups.flatMap((group) => group.monitor.watches).filter((watch) => watch.check !== undefined).length;
}

/** What is overdue waits for an answer, a host or membership: those are events, and no timer is needed for them. */
function armNext(state: NodeState): void {
  let nextUs: Microseconds | undefined;
  for (const { monitor } of state.groups) {
    for (const { dueUs } of monitor.watches)
      if (dueUs !== undefined && dueUs > state.nowUs && dueUs < (nextUs ?? Number.POSITIVE_INFINITY)) nextUs = dueUs;
  }
  if (nextUs === undefined) disarm(state.timers, 'monitor');
  else arm(state.timers, 'monitor', nextUs);
}

function answered(state: NodeState, group: GroupState, index: number, result: OperationResult): void {
  const watch = group.monitor.watches[index]!;
  const former = watch.said;
  const first = watch.answers === 0;
  const intervalMs = intervalOf(state.options.monitoring, group.configuration, index);
  const said = stateSaid(result.outcome);
  Object.assign(watch, { check: undefined, said, saidUs: state.nowUs, answers: watch.answers + 1 });
  const pauseUs = first ? shareOf(group, index, intervalMs) : intervalMs * usPerMs;
  watch.dueUs = intervalMs > 0 ? Math.max(state.nowUs, watch.askedUs + pauseUs) : undefined;
  const fields = fieldsOf(group, index, result);
  if (said === 'running') return saidRunning(state, watch, former, fields);
  if (said === 'unknown') {
    if (former !== 'unknown') log(state, 'warning', 'status-unknown', fields);
  } else if (!watch.proven) {
    if (!watch.unreliable) log(state, 'warning', 'status-unreliable', fields);
    watch.unreliable = true;
  } else if (first) {
    watch.dueUs = state.nowUs + Math.min(intervalMs * usPerMs, secondLookUs);
  } else {
    failed(state, group, index, fields);
  }
}

function stateSaid(outcome: OperationOutcome): WatchState {
  if (outcome === 'running') return 'running';
  if (outcome === 'not-running') return 'stopped';
  return outcome === 'failed' ? 'failed' : 'unknown';
}

function saidRunning(state: NodeState, watch: Watch, former: WatchState | undefined, fields: Fields): void {
  if (watch.unreliable) log(state, 'notice', 'status-reliable', fields);
  else if (former === 'unknown') log(state, 'notice', 'status-known-again', fields);
  watch.proven = true;
  watch.unreliable = false;
}

function failed(state: NodeState, group: GroupState, index: number, fields: Fields): void {
  // On its way to the peer, or claimed by both: that is settled first, and the next check asks again.
  if (isGiving(state, group) || group.disputedSinceUs !== undefined || mayRunAtPeer(state, group)) return;
  const { monitor } = group;
  if (monitor.waitUntilUs !== undefined) return waitOrRestart(state, group, index, monitor.waitUntilUs);
  const { failuresMax, failureWindowMs } = state.options.monitoring;
  const windowUs = failureWindowMs * usPerMs;
  const restarted = monitor.failures.filter((us) => state.nowUs - us < windowUs);
  monitor.failures = [...restarted, state.nowUs].slice(-failuresMax);
  monitor.lastFailed = `${fields['resource']}: ${fields['said']}${fields['reason'] === '' ? '' : ` (${fields['reason']})`}`;
  const count = { failures: monitor.failures.length, failuresMax };
  log(state, 'error', 'resource-failed', { ...fields, ...count });
  if (monitor.failures.length < failuresMax) return restart(state, group, index);
  if (peerCanTake(state, group)) return giveUp(state, group);
  monitor.waitUntilUs = Math.max(monitor.failures[0]! + windowUs, state.nowUs + secondLookUs);
  monitor.watches[index]!.dueUs = monitor.waitUntilUs;
  alarm(state, group, 'monitor-nobody-else', 'error');
}

/** Nobody else can run it: restarted here all the same, but no more often than the window allows. */
function waitOrRestart(state: NodeState, group: GroupState, index: number, untilUs: Microseconds): void {
  if (state.nowUs < untilUs) group.monitor.watches[index]!.dueUs = untilUs;
  else restart(state, group, index);
}

function restart(state: NodeState, group: GroupState, index: number): void {
  const { monitor } = group;
  Object.assign(monitor, { waitUntilUs: undefined, restartedFrom: index, restarts: monitor.restarts + 1 });
  endAlarm(state, 'monitor-nobody-else', group.configuration.key);
  const fields = { group: group.configuration.key, resource: group.configuration.resources[index]!.written };
  log(state, 'notice', 'group-restarting', fields);
  monitor.restartedUs = state.nowUs;
  const starts = group.configuration.resources.map((_, at) => at).slice(index);
  changeGroup(state, group, { stops: starts.toReversed(), starts, optional: [] });
}

/** Stopped here, and free for the peer: the letter is that of a failed start. */
function giveUp(state: NodeState, group: GroupState): void {
  group.lastFailure = group.monitor.lastFailed;
  endAlarm(state, 'monitor-nobody-else', group.configuration.key);
  alarm(state, group, 'monitor-gave-up', 'error');
  stopGroup(state, group, 'failed');
}

/** It is there, hears us, and has not failed with this group itself. */
function peerCanTake(state: NodeState, group: GroupState): boolean {
  const { peer } = state;
  if (peer.presence !== 'up' || !peer.fresh || peer.deafSinceUs !== undefined) return false;
  const letter = statementOf(state, group)?.letter;
  return peer.report?.stage === 'member' && (letter === '-' || letter === 'o');
}

/** Both nodes have failed with it: nothing starts it any more before somebody mends it. */
function sayNowhere(state: NodeState, group: GroupState): void {
  const { peer } = state;
  const known = peer.presence === 'up' && peer.fresh;
  const nowhere = letterOf(group) === 'x' && known && statementOf(state, group)?.letter === 'x';
  const key = group.configuration.key;
  if (!nowhere) endAlarm(state, 'group-runs-nowhere', key);
  else if (!hasAlarm(state, 'group-runs-nowhere', key)) alarm(state, group, 'group-runs-nowhere', 'critical');
}

type Fields = Readonly<Record<string, string | number>>;

function fieldsOf(group: GroupState, index: number, result: OperationResult): Fields {
  const resource = group.configuration.resources[index]!.written;
  return {
    group: group.configuration.key,
    resource,
    said: result.outcome,
    reason: result.reason ?? '',
    exitCode: result.exitCode ?? -1,
  };
}

function alarm(state: NodeState, group: GroupState, code: string, level: 'error' | 'critical'): void {
  const { failuresMax, failureWindowMs } = state.options.monitoring;
  const fields = {
    group: group.configuration.key,
    peer: state.options.peer,
    failures: failuresMax,
    windowMs: failureWindowMs,
    reason: group.monitor.lastFailed ?? group.lastFailure ?? '',
  };
  raiseAlarm(state, { code, fields }, group.configuration.key);
  log(state, level, code, fields);
}

function log(state: NodeState, level: 'notice' | 'warning' | 'error' | 'critical', code: string, fields: Fields): void {
  state.effects.push({ type: 'log', level, message: { code, fields } });
}
