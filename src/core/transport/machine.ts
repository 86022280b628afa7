/**
 * The transport: keeps saying that this node is alive, and knows whether the peer is. `step` is the whole interface:
 * an event in, what is to be done out, synchronous, the state changed in place.
 */
import { unreachable } from '../assert.ts';
import type { TransportEffect } from '../effects.ts';
import type { TransportEvent } from '../events.ts';
import { type Microseconds, usPerMs } from '../types.ts';
import { count } from './accounts.ts';
import { acceptPersistedGeneration } from './generation.ts';
import { markAllLinksDown } from './link-state.ts';
import { beginLinkTest, nextProbeUs, sendDueProbes } from './link-test.ts';
import { sayDeadtime, sayDeadtimeAnew } from './own-deadtime.ts';
import { receiveDatagram, receivePacket } from './receive.ts';
import { reconfigure } from './reconfigure.ts';
import { nextRequestUs, requestMissing } from './retransmission.ts';
import { beginSealing } from './sealed.ts';
import { sendDueKeepalive, sendKeepalive, sendMessage } from './send.ts';
import { askForDrain, judgeAfterDrain, silenceDeadline } from './silence.ts';
import { historyLength, type TransportState, type Turn } from './state.ts';

export { createTransport, type TransportOptions, type TransportSettings, type TransportState } from './state.ts';
export { transportView } from './view.ts';

export function step(state: TransportState, event: TransportEvent): TransportEffect[] {
  const turn = beginTurn(state, event);
  switch (event.type) {
    case 'start':
      start(turn);
      break;
    case 'environment':
      state.environment = { wallSeconds: event.wallSeconds, loadAverage: event.loadAverage };
      break;
    case 'rejoin':
      rejoin(turn, event.generation);
      break;
    case 'linkProblem':
    case 'linkRecovered':
      // What is heard decides about a link; a socket that cannot send is the network adapter's to report and retry.
      break;
    case 'advertise':
      advertise(turn, event);
      break;
    case 'reconfigure':
      reconfigure(turn, event.settings);
      break;
    case 'keysChanged':
      state.authentication = event.authentication;
      break;
    case 'linkTest':
      if (isAwake(turn)) beginLinkTest(turn, event.durationMs);
      break;
    case 'send':
      if (isAwake(turn)) sendMessage(turn, event.message, event.dest);
      break;
    case 'datagram':
      if (isAwake(turn)) receiveDatagram(turn, event.link, event.bytes, event.source);
      break;
    case 'timer':
      if (isAwake(turn)) runTimers(turn);
      break;
    case 'socketsDrained':
      if (isAwake(turn)) judgeAfterDrain(turn, event.token);
      break;
    case 'peerGenerationPersisted':
      if (isAwake(turn)) receiveHeldStatus(turn, event.requestId);
      break;
    default:
      unreachable(event, 'transport event');
  }
  return turn.effects;
}

/** When `timer` is wanted next; `undefined` while nothing is to be done. */
export function transportDeadline(state: TransportState): Microseconds | undefined {
  if (!state.started || state.paused) return undefined;
  let deadline = state.nextKeepaliveUs;
  const silence = silenceDeadline({ state });
  if (silence !== undefined && silence < deadline) deadline = silence;
  const probe = nextProbeUs(state);
  if (probe !== undefined && probe < deadline) deadline = probe;
  const request = state.peer === undefined ? undefined : nextRequestUs(state.peer);
  return request !== undefined && request < deadline ? request : deadline;
}

/** Time never runs backwards, whatever order events of different threads arrive in. */
function beginTurn(state: TransportState, event: TransportEvent): Turn {
  if ('nowUs' in event && event.nowUs > state.nowUs) state.nowUs = event.nowUs;
  return { state, nowUs: state.nowUs, effects: [] };
}

/**
 * Nothing is done before `start` and after an own pause. The pause is noticed here, before anything that waited in a
 * queue is believed: whoever was silent for its own deadtime must assume that the peer has taken over (design 4).
 */
function isAwake(turn: Turn): boolean {
  const { state } = turn;
  if (!state.started) return false;
  if (hasSlept(state, turn.nowUs)) fallAsleep(turn);
  if (state.paused) count(turn, 'while-paused');
  return !state.paused;
}

/** Own pause: no keepalive left for longer than the peer was told to wait, and nobody has noticed yet. */
export function hasSlept(state: TransportState, nowUs: Microseconds): boolean {
  if (!state.started || state.paused) return false;
  return nowUs - state.lastKeepaliveUs > state.ownDeadtime.deadtimeMs * usPerMs;
}

function fallAsleep(turn: Turn): void {
  const { state, nowUs } = turn;
  const gapUs = nowUs - state.lastKeepaliveUs;
  state.paused = true;
  state.drain = undefined;
  turn.effects.push({ type: 'toNode', event: { type: 'ownPause', nowUs, gapUs } });
}

/** The pause is judged by the deadtime that the peer was told, not by the one that it is about to be told. */
function advertise(turn: Turn, event: Extract<TransportEvent, { readonly type: 'advertise' }>): void {
  const awake = isAwake(turn);
  sayDeadtime(turn, event.deadtimeMs);
  turn.state.advertised = { status: event.status, deadtimeMs: event.deadtimeMs, fields: event.fields };
  if (awake && event.immediately) sendKeepalive(turn);
}

function start(turn: Turn): void {
  const { state, nowUs } = turn;
  if (state.started) return;
  state.started = true;
  state.startedUs = nowUs;
  beginKeepalives(turn);
}

/** A new incarnation: numbers from 1, nothing to repeat, and the peer must be heard afresh. */
function rejoin(turn: Turn, generation: number): void {
  const { state, nowUs } = turn;
  state.generation = generation;
  state.paused = false;
  state.sequence = 0;
  const { wallSeconds } = state.environment;
  state.sealing = beginSealing(state.options.hashes, state.options.entropy, { generation, nowUs, wallSeconds });
  sayDeadtimeAnew(turn);
  state.history = new Array(historyLength).fill(undefined);
  state.drain = undefined;
  state.startedUs = nowUs;
  const { peer } = state;
  if (peer !== undefined) {
    markAllLinksDown(turn, peer);
    peer.heard = 'never';
    // Nothing is accepted any more, and that is what we say: a peer that became a new incarnation at the same time
    // refuses whatever names its earlier one, and two that do so would never hear each other again.
    peer.confirmationRequired = peer.confirmationRequired || peer.accepted;
    peer.accepted = false;
    peer.pending = undefined;
    peer.refused = undefined;
    peer.acknowledged = 0;
    peer.acknowledgementDue = false;
    peer.window.missing.clear();
    state.linkViewVersion++;
  }
  if (state.started) beginKeepalives(turn);
}

function beginKeepalives(turn: Turn): void {
  const { state, nowUs } = turn;
  state.nextKeepaliveUs = nowUs + state.options.timing.keepaliveMs * usPerMs;
  sendKeepalive(turn);
}

function runTimers(turn: Turn): void {
  sendDueKeepalive(turn);
  sendDueProbes(turn);
  askForDrain(turn);
  if (turn.state.peer !== undefined) requestMissing(turn, turn.state.peer);
}

function receiveHeldStatus(turn: Turn, requestId: number): void {
  const { peer } = turn.state;
  if (peer === undefined) return;
  const held = acceptPersistedGeneration(turn, peer, requestId);
  if (held !== undefined) receivePacket(turn, peer, held);
}
