/**
 * Fencing the peer: when it must be done, by whom first, with which device, and again until it has succeeded. A peer
 * that has fallen silent is fenced whether or not it held anything: it is about to do the same to us. Nothing here
 * starts a resource; what comes of it is a proof (proof.ts) that the ownership gate may rest a start on.
 */
import { endAlarm, hasAlarm, raiseAlarm } from '../alarms.ts';
import { assert } from '../assert.ts';
import type { NodeEvent } from '../events.ts';
import { advance } from '../machine.ts';
import { type NodeState, stageOf } from '../node-state.ts';
import type { Problem } from '../result.ts';
import { arm } from '../timers.ts';
import { messageOf } from '../transport/message.ts';
import { type Microseconds, usPerMs, usPerSecond } from '../types.ts';
import { noteHealth } from './devices.ts';
import { type FenceAttempt, type FencePhase, fencePhaseOf } from './fencing-state.ts';
import { delayBeforeFirstAttemptMs } from './precedence.ts';
import { takeProof, useProof } from './proof.ts';
import { type FenceRequestEvent, fenceRequestMachine } from './request-machine.ts';
import type { FenceOutcome } from './settings.ts';

/** Between rounds over all devices: doubled each time, from the first to the last. */
const backoffFirstUs = usPerSecond;
const backoffLastUs = 30 * usPerSecond;
/** The device's own time limit is kept where it runs; this one is for an answer that is lost on the way. */
const answerGraceUs = 5 * usPerSecond;
/** A confirmation waits so long for the disk. A full or hung disk does not forbid a proven takeover. */
const recordWaitUs = 500 * usPerMs;

type EventOf<Type extends NodeEvent['type']> = Extract<NodeEvent, { type: Type }>;

/** Called after every event. */
export function settleFencing(state: NodeState): void {
  if (!isPeerGone(state)) return standDownFencing(state);
  const phase = fencePhaseOf(state.fencing);
  if (phase === 'idle') settleIdle(state);
  else if (!isInCluster(state)) giveUpRequest(state, phase);
  else if (phase === 'waiting') settleWaiting(state);
  else if (phase === 'attempting') settleAttempting(state);
  else if (phase === 'recording' && state.nowUs >= state.fencing.dueUs) confirmed(state);
}

/** Nothing is asked of a device, and nothing that was proven holds any longer. */
export function standDownFencing(state: NodeState): void {
  const { fencing } = state;
  endAlarm(state, 'waiting-for-peer');
  if (fencePhaseOf(fencing) === 'idle') return;
  step(state, { type: 'notNeeded' });
  fencing.unrecorded = undefined;
  fencing.proof = undefined;
  endAlarm(state, 'fencing-failed');
  endAlarm(state, 'fencing-no-device');
  endAlarm(state, 'fenced-peer-heard');
}

export function fenceResult(state: NodeState, event: EventOf<'fenceResult'>): void {
  const { attempt } = state.fencing;
  if (attempt?.id !== event.attempt) return logLate(state, event.outcome, event.detail);
  state.fencing.attempt = undefined;
  // The device is free: whoever waits for it need not wait for the time limit.
  if (state.fencing.heldUpUs !== undefined) wakeAt(state, Math.max(state.nowUs, state.fencing.heldUpUs));
  const isCurrent = attempt.requestId === state.fencing.requestId && fencePhaseOf(state.fencing) === 'attempting';
  if (!isCurrent) return logLate(state, event.outcome, event.detail);
  attemptEnded(state, attempt, event.outcome, event.verified, event.detail);
}

/** An operator has seen to it that the peer is off. The problem that the request ends with, if any. */
export function confirmOff(state: NodeState, node: string, who: string): Problem | undefined {
  const { peer, options, fencing } = state;
  const fields = { peer: options.peer, node };
  if (node !== options.peer) return { code: 'confirm-off-not-the-peer', fields };
  if (peer.presence === 'up') return { code: 'confirm-off-peer-is-there', fields };
  if (!isInCluster(state)) return { code: 'not-a-member', fields: { stage: stageOf(state) } };
  const isProven = fencing.proof !== undefined || fencing.unrecorded !== undefined;
  if (peer.presence === 'left' || isProven) return { code: 'confirm-off-not-needed', fields };
  const level = 'warning';
  state.effects.push({ type: 'log', level, message: { code: 'operator-confirmed-off', fields: { ...fields, who } } });
  const requestedUs = fencePhaseOf(fencing) === 'idle' ? state.nowUs : fencing.requestedUs;
  record(state, {
    by: 'operator',
    name: who,
    action: 'word',
    verified: false,
    peerGeneration: peer.generation,
    requestedUs,
    confirmedUs: state.nowUs,
  });
  step(state, { type: 'operatorConfirmed' });
  return undefined;
}

/** `recordPersisted`, whether it worked or not: the alarm about the disk is raised elsewhere. */
export function fenceRecordWritten(state: NodeState, recordId: number): void {
  if (fencePhaseOf(state.fencing) === 'recording' && state.fencing.recordId === recordId) confirmed(state);
}

/** Silent, or never heard by this incarnation. One that is there, or has said goodbye, is not fenced (S6). */
function isPeerGone(state: NodeState): boolean {
  return stageOf(state) !== 'paused' && (state.peer.presence === 'silent' || state.peer.presence === 'never');
}

const isInCluster = (state: NodeState): boolean => stageOf(state) === 'member' || stageOf(state) === 'joining';

/** What is proven stays proven while this node leaves: the daemon that follows it may need it. */
function giveUpRequest(state: NodeState, phase: FencePhase): void {
  if (phase === 'waiting' || phase === 'attempting') standDownFencing(state);
}

function settleIdle(state: NodeState): void {
  const { options } = state;
  if (options.fencing === undefined || options.unmanaged === true || state.groups.length === 0) return;
  if (stageOf(state) !== 'member') return;
  if (mayFence(state)) return begin(state);
  if (hasAlarm(state, 'waiting-for-peer')) return;
  const problem = { code: 'waiting-for-peer', fields: { peer: options.peer } };
  raiseAlarm(state, problem);
  state.effects.push({ type: 'log', level: 'warning', message: problem });
}

/** S7: after a boot the peer is waited for, unless the administrator has said otherwise. */
function mayFence({ peer, fencing, options }: NodeState): boolean {
  return peer.presence === 'silent' || fencing.peerSeen || options.fencing?.waitForAll === false;
}

function begin(state: NodeState): void {
  const { fencing, options } = state;
  const delayMs = delayBeforeFirstAttemptMs(state);
  fencing.requestId++;
  fencing.requestedUs = state.nowUs;
  fencing.firstAttemptUs = undefined;
  fencing.attempts = 0;
  fencing.lastFailure = undefined;
  step(state, { type: 'needed' });
  wakeAt(state, state.nowUs + delayMs * usPerMs);
  const fields = { peer: options.peer, delayMs };
  state.effects.push({ type: 'log', level: 'warning', message: { code: 'fencing-needed', fields } });
  settleWaiting(state);
}

function settleWaiting(state: NodeState): void {
  const { fencing, options } = state;
  const devices = options.fencing?.devices ?? [];
  // A reload has taken fencing away: what is asked of the gate from now on is another question.
  if (options.fencing === undefined) return standDownFencing(state);
  if (devices.length === 0) return withoutDevice(state);
  endAlarm(state, 'fencing-no-device');
  if (state.nowUs < fencing.dueUs) return;
  // An attempt for an earlier silence may still be under way: a device does one thing at a time.
  if (fencing.attempt !== undefined) {
    if (state.nowUs < fencing.attempt.limitUs) return holdUp(state, fencing.attempt.limitUs);
    fencing.attempt = undefined;
  }
  strike(state);
}

function withoutDevice(state: NodeState): void {
  if (hasAlarm(state, 'fencing-no-device')) return;
  const problem = { code: 'fencing-no-device', fields: { peer: state.options.peer } };
  raiseAlarm(state, problem);
  state.effects.push({ type: 'log', level: 'critical', message: problem });
}

function strike(state: NodeState): void {
  const { fencing, options, nowUs } = state;
  const settings = options.fencing;
  assert(settings !== undefined && settings.devices.length > 0, 'there is a device to fence with');
  assert(state.peer.presence !== 'up' && state.peer.presence !== 'left', 'S6: only a peer that is gone is fenced');
  const { name } = settings.devices[fencing.attempts % settings.devices.length]!;
  const { action, timeoutMs } = settings;
  const id = fencing.nextAttemptId++;
  fencing.attempts++;
  fencing.firstAttemptUs ??= nowUs;
  const limitUs = nowUs + timeoutMs * usPerMs + answerGraceUs;
  fencing.attempt = { id, requestId: fencing.requestId, device: name, action, startedUs: nowUs, limitUs };
  step(state, { type: 'due' });
  wakeAt(state, limitUs);
  state.effects.push({ type: 'fence', attempt: id, device: name, action, target: options.peer, timeoutMs });
  const fields = { peer: options.peer, device: name, action, attempt: fencing.attempts };
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'fencing-attempt', fields } });
}

function settleAttempting(state: NodeState): void {
  const { attempt } = state.fencing;
  assert(attempt !== undefined, 'an attempt is under way');
  if (state.nowUs < attempt.limitUs) return;
  state.fencing.attempt = undefined;
  attemptEnded(state, attempt, 'unknown', false, 'no answer');
}

function attemptEnded(
  state: NodeState,
  attempt: FenceAttempt,
  outcome: FenceOutcome,
  verified: boolean,
  detail: string,
): void {
  const { fencing, options, nowUs } = state;
  const { device, action } = attempt;
  const isConfirmed = outcome === 'confirmed';
  noteHealth(state, device, isConfirmed, detail);
  state.effects.push({
    type: 'record',
    record: {
      kind: 'peerFenced',
      us: nowUs,
      node: options.peer,
      startedUs: isConfirmed ? (fencing.firstAttemptUs ?? attempt.startedUs) : attempt.startedUs,
      finishedUs: nowUs,
      confirmed: isConfirmed,
      device,
      action,
      outcome,
      verified,
      detail,
      attempt: fencing.attempts,
    },
  });
  // As a real Heartbeat says it: for hooks and listeners, nothing depends on it.
  const words = { node: options.peer, result: isConfirmed ? 'OK' : 'bad' };
  state.effects.push({ type: 'send', message: messageOf('stonith', words) });
  if (!isConfirmed) return tryAgain(state, attempt, outcome, detail);
  step(state, { type: 'succeeded' });
  record(state, {
    by: 'device',
    name: device,
    action,
    verified,
    peerGeneration: state.peer.generation,
    requestedUs: fencing.requestedUs,
    confirmedUs: nowUs,
  });
}

/** S8: the next device at once; after all of them a pause, longer each time, for as long as the peer is gone. */
function tryAgain(state: NodeState, { device }: FenceAttempt, outcome: FenceOutcome, detail: string): void {
  const { fencing, options, nowUs } = state;
  fencing.lastFailure = `${device}: ${outcome}${detail === '' ? '' : ` (${detail})`}`;
  step(state, { type: 'failed' });
  const devices = Math.max(1, options.fencing?.devices.length ?? 1);
  const roundEnded = fencing.attempts % devices === 0;
  const rounds = Math.min(Math.floor(fencing.attempts / devices), 16);
  const backoffUs = roundEnded ? Math.min(backoffFirstUs * 2 ** (rounds - 1), backoffLastUs) : 0;
  wakeAt(state, nowUs + backoffUs);
  const fields = { peer: options.peer, device, outcome, detail, nextMs: backoffUs / usPerMs };
  const problem = { code: 'fencing-failed', fields };
  raiseAlarm(state, problem);
  state.effects.push({ type: 'log', level: 'error', message: problem });
  settleWaiting(state);
}

function record(state: NodeState, proof: NonNullable<NodeState['fencing']['proof']>): void {
  state.fencing.unrecorded = proof;
  takeProof(state, proof);
  wakeAt(state, state.nowUs + recordWaitUs);
}

function confirmed(state: NodeState): void {
  const { fencing } = state;
  assert(fencing.unrecorded !== undefined, 'a confirmation is being recorded');
  step(state, { type: 'recorded' });
  useProof(state, fencing.unrecorded);
  endAlarm(state, 'fencing-failed');
  endAlarm(state, 'fencing-no-device');
  endAlarm(state, 'waiting-for-peer');
}

function logLate(state: NodeState, outcome: FenceOutcome, detail: string): void {
  const fields = { peer: state.options.peer, outcome, detail };
  state.effects.push({ type: 'log', level: 'warning', message: { code: 'fence-late-result', fields } });
}

function holdUp(state: NodeState, untilUs: Microseconds): void {
  const heldUpUs = state.fencing.dueUs;
  wakeAt(state, untilUs);
  state.fencing.heldUpUs = heldUpUs;
}

function wakeAt(state: NodeState, atUs: Microseconds): void {
  state.fencing.dueUs = atUs;
  state.fencing.heldUpUs = undefined;
  arm(state.timers, 'fencing', atUs);
}

function step(state: NodeState, event: FenceRequestEvent): void {
  const { fencing } = state;
  const { snapshot, changed } = advance<undefined, typeof fenceRequestMachine>(
    fenceRequestMachine,
    fencing.phase,
    event,
  );
  assert(changed, `fencing: ${event.type} means something while ${fencing.phase.value}`);
  fencing.phase = snapshot;
}
