/**
 * Both ends of retransmission, and acknowledgement. Nothing here decides about membership: these messages carry no
 * number, so the worst that an old one does is to make us send a copy of something that the peer already has.
 */
import { randomBetween } from '../random.ts';
import { type Microseconds, usPerMs } from '../types.ts';
import { count } from './accounts.ts';
import { parseDecimalNumber, parseHexNumber } from './bytes.ts';
import { answerProbe, noteEcho } from './link-test.ts';
import { type Field, type Message, textOf } from './message.ts';
import { deadtimeArrived } from './own-deadtime.ts';
import type { VerifiedPacket } from './packet-header.ts';
import { sendControl, transmit } from './send.ts';
import { historyLength, type PeerState, type SentMessage, type Turn } from './state.ts';

const repeatUs = { pairbeat: 50 * usPerMs, heartbeat: 250 * usPerMs };
/** Heartbeat resends a message at most this often; Pairbeat repeats its requests sooner, and lost answers with them. */
const resendPauseUs = { pairbeat: 25 * usPerMs, heartbeat: 240 * usPerMs };
/** Two seconds, and five: on a link that loses 30 % each way, twenty requests in a row failed once for 10^6 messages. */
const maximumRequests = { pairbeat: 40, heartbeat: 20 };
const maximumPerRequest = 50;

/** When a message found missing now is asked for: the other link may still bring it, so not at once. */
export function firstRequestUs(turn: Turn, peer: PeerState): Microseconds {
  const { random, options } = turn.state;
  const delayMs = peer.pairbeat
    ? randomBetween(random, 5, 10)
    : randomBetween(random, 50, Math.max(50, options.maxRexmitDelayMs));
  return turn.nowUs + delayMs * usPerMs;
}

export function nextRequestUs(peer: PeerState): Microseconds | undefined {
  let earliest: Microseconds | undefined;
  if (peer.heard !== 'up') return undefined;
  for (const { nextRequestUs: due } of peer.window.missing.values()) {
    if (earliest === undefined || due < earliest) earliest = due;
  }
  return earliest;
}

/** Asks for what is due, neighbours in one request. */
export function requestMissing(turn: Turn, peer: PeerState): void {
  if (peer.heard !== 'up') return;
  let first = 0;
  let last = -1;
  for (const sequence of dueSequences(turn, peer)) {
    if (sequence === last + 1 && sequence - first < maximumPerRequest) {
      last = sequence;
      continue;
    }
    if (last >= 0) sendRequest(turn, peer, first, last);
    first = sequence;
    last = sequence;
  }
  if (last >= 0) sendRequest(turn, peer, first, last);
}

function dueSequences(turn: Turn, peer: PeerState): number[] {
  const due: number[] = [];
  for (const [sequence, missing] of peer.window.missing) {
    if (missing.nextRequestUs > turn.nowUs) continue;
    if (missing.requests === maximumRequests[peer.pairbeat ? 'pairbeat' : 'heartbeat']) {
      peer.window.missing.delete(sequence);
      count(turn, 'given-up');
      continue;
    }
    missing.requests++;
    missing.nextRequestUs = turn.nowUs + repeatUs[peer.pairbeat ? 'pairbeat' : 'heartbeat'];
    due.push(sequence);
  }
  return due.sort((left, right) => left - right);
}

/** These two numbers are decimal, unlike all other counters on the wire (captures 15 and 17). */
function sendRequest(turn: Turn, peer: PeerState, first: number, last: number): void {
  count(turn, 'retransmit-requests');
  sendControl(turn, 'NS_rexmit', peer.name, [
    { name: 'firstseq', value: String(first) },
    { name: 'lastseq', value: String(last) },
  ]);
}

/** About one message in ten, and only while nothing older is missing, as Heartbeat does. */
export function acknowledge(turn: Turn, peer: PeerState, sequence: number): void {
  if (sequence % 10 === turn.state.acknowledgedDigit) peer.acknowledgementDue = true;
  if (!peer.acknowledgementDue || peer.window.missing.size > 0) return;
  peer.acknowledgementDue = false;
  count(turn, 'acknowledgements');
  sendControl(turn, 'NS_ackmsg', peer.name, [{ name: 'ackseq', value: peer.window.last.toString(16) }]);
}

/** A message of the peer's transport to ours. */
export function receiveControl(turn: Turn, peer: PeerState, packet: VerifiedPacket): void {
  const { message, type } = packet;
  if (type === 'NS_rexmit') resend(turn, peer, packet);
  if (type === 'NS_pbprobe') answerProbe(turn, peer, packet);
  if (type === 'NS_pbecho') noteEcho(turn, packet);
  if (type === 'NS_ackmsg') {
    const sequence = parseHexNumber(textOf(message, 'ackseq')) ?? 0;
    if (sequence <= turn.state.sequence) peer.acknowledged = Math.max(peer.acknowledged, sequence);
    deadtimeArrived(turn, peer);
  }
  // The owner no longer has it.
  if (type === 'NS_nak_rexmit') peer.window.missing.delete(parseHexNumber(textOf(message, 'firstseq')) ?? 0);
}

function resend(turn: Turn, peer: PeerState, packet: VerifiedPacket): void {
  const first = parseDecimalNumber(textOf(packet.message, 'firstseq'));
  const last = parseDecimalNumber(textOf(packet.message, 'lastseq'));
  if (first === undefined || last === undefined) return;
  const pauseUs = resendPauseUs[peer.pairbeat ? 'pairbeat' : 'heartbeat'];
  const from = Math.max(first, peer.acknowledged + 1);
  const to = Math.min(last, first + maximumPerRequest - 1);
  for (let sequence = from; sequence <= to; sequence++) {
    const sent = turn.state.history[sequence % historyLength];
    if (sent?.sequence !== sequence || turn.nowUs - (sent.resentUs ?? Number.NEGATIVE_INFINITY) < pauseUs) continue;
    sent.resentUs = turn.nowUs;
    if (transmit(turn, peer.pairbeat ? sent.message : asItIsNow(turn, sent))) count(turn, 'retransmitted');
  }
}

/**
 * Heartbeat acts on messages in the order in which they arrive. An old statement of what we hold, repeated after a newer
 * one has arrived, would be its last word about us; so the old number carries the newest statement.
 */
function asItIsNow(turn: Turn, { sequence, message }: SentMessage): Message {
  if (textOf(message, 't') !== 'resource') return message;
  let newest: SentMessage = { sequence, message, resentUs: undefined };
  for (const sent of turn.state.history) {
    if (sent !== undefined && sent.sequence > newest.sequence && textOf(sent.message, 't') === 'resource')
      newest = sent;
  }
  const numbered = (field: Field): Field => (field.name === 'seq' ? { ...field, value: sequence.toString(16) } : field);
  return { fields: newest.message.fields.map(numbered) };
}
