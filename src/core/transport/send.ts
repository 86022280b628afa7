/**
 * Everything this node puts on the wire. A message gets its sender, number, generation and time here, is signed, kept
 * for retransmission, and leaves on every link at once. docs/wire-protocol.md has the order of the fields.
 */

import { success } from '../result.ts';
import type { LinkId, NodeName } from '../types.ts';
import { usPerMs } from '../types.ts';
import { count, logLimited } from './accounts.ts';
import { bytesFromHex, hasMark } from './bytes.ts';
import { compressMessage } from './compression.ts';
import { keepaliveFields, keepaliveHead, pairbeatFields, senderFields, withoutStamped } from './keepalive-head.ts';
import { type Field, type Message, textOf } from './message.ts';
import type { EncodedHead } from './netstring.ts';
import { deadtimeWasSaid } from './own-deadtime.ts';
import { type PacketFormat, sealPacket } from './packet.ts';
import { isTransportType } from './packet-header.ts';
import { nextNonce, sealedStart } from './sealed.ts';
import { frameForSerial } from './serial-framing.ts';
import { historyLength, type TransportState, type Turn } from './state.ts';

/** Says that this node is alive. The only message that keeps the peer from declaring it dead. */
export function sendKeepalive(turn: Turn): void {
  const { state } = turn;
  const { fields, encoded } = keepaliveHead(state);
  // Whatever the node wants to add, a keepalive that does not fit must not be missing.
  if (!sendNumbered(turn, fields, encoded) && !sendNumbered(turn, keepaliveFields(state, []))) return;
  state.lastKeepaliveUs = turn.nowUs;
  deadtimeWasSaid(turn);
  count(turn, 'keepalives');
  turn.effects.push({ type: 'keepaliveSent', sentUs: turn.nowUs });
}

/** When the keepalive is due: sends one and sets the next on the grid, however many were missed. */
export function sendDueKeepalive(turn: Turn): void {
  const { state } = turn;
  if (turn.nowUs < state.nextKeepaliveUs) return;
  const intervalUs = keepaliveIntervalUs(state);
  const missed = Math.floor((turn.nowUs - state.nextKeepaliveUs) / intervalUs);
  state.nextKeepaliveUs += (missed + 1) * intervalUs;
  sendKeepalive(turn);
}

/** As long as the peer counts by a shorter deadtime than the configured one, keepalives are as frequent as that needs. */
export function keepaliveIntervalUs({ options, ownDeadtime }: TransportState): number {
  const { keepaliveMs, deadtimeMs } = options.timing;
  const mostMs = ownDeadtime.deadtimeMs < deadtimeMs ? Math.floor(ownDeadtime.deadtimeMs / 3) : keepaliveMs;
  return Math.max(1, Math.min(keepaliveMs, mostMs)) * usPerMs;
}

/** A message of the node. Names of fields that belong to the transport are dropped from it. */
export function sendMessage(turn: Turn, message: Message, dest: NodeName | undefined): void {
  const [first, ...rest] = message.fields;
  const type = first?.name === 't' && typeof first.value === 'string' ? first.value : undefined;
  // A status is what keeps this node alive in the peer's eyes: it comes from `advertise` and the schedule alone.
  if (type === undefined || type === 'status' || isTransportType(type)) {
    notSent(turn, type ?? '', 'not-a-message-of-the-node');
    return;
  }
  const addressed: Field[] = dest === undefined ? [] : [{ name: 'dest', value: dest }];
  const own = [first!, ...addressed, ...withoutStamped(rest), ...pairbeatFields(turn.state), ...destUuid(turn, dest)];
  sendNumbered(turn, [...own, ...senderFields(turn.state)]);
}

/** A message of the transport itself: never numbered, never kept. */
export function sendControl(
  turn: Turn,
  type: string,
  dest: NodeName,
  fields: readonly Field[],
  links: readonly LinkId[] = turn.state.options.links,
): void {
  const own = [
    { name: 't', value: type },
    { name: 'dest', value: dest },
    ...fields,
    ...pairbeatFields(turn.state),
    ...destUuid(turn, dest),
    ...senderFields(turn.state),
  ];
  transmit(turn, { fields: [...own, ...stamp(turn, undefined)] }, undefined, links);
}

/** Signs again, because the key may have changed since, and sends on every link (or those given). */
export function transmit(
  turn: Turn,
  plain: Message,
  head?: EncodedHead,
  links: readonly LinkId[] = turn.state.options.links,
): boolean {
  const { state } = turn;
  const message = compressed(turn, plain);
  const sealed = sealPacket(
    message,
    state.authentication,
    state.options.hashes,
    formatFor(state),
    nextNonce(state.sealing),
    message === plain ? head : undefined,
  );
  if (!sealed.ok) {
    notSent(turn, textOf(plain, 't') ?? '', sealed.problem.code);
    return false;
  }
  const { serialLinks = [] } = state.options;
  const serial = serialLinks.length === 0 ? serialLinks : links.filter((link) => serialLinks.includes(link));
  for (const link of links) {
    if (!serial.includes(link)) turn.effects.push({ type: 'transmit', link, bytes: sealed.value });
  }
  if (serial.length > 0) transmitSerially(turn, message, sealed.value, serial);
  count(turn, 'transmitted');
  return true;
}

/** Only for a peer that can read it: a Pairbeat node says so, a Heartbeat node has the same ha.cf. */
function compressed({ state }: Turn, message: Message): Message {
  const { options, peer } = state;
  const { compression, zlib } = options;
  if (compression === undefined || zlib === undefined || peer?.accepted !== true) return message;
  const reads = !peer.pairbeat || peer.capabilities.split(',').includes(compression.algorithm);
  return reads ? compressMessage(message, compression, zlib) : message;
}

/** What is too long for the classic form goes without: the other links have it. */
function transmitSerially(turn: Turn, message: Message, packet: Uint8Array, links: readonly LinkId[]): void {
  const { authentication, options } = turn.state;
  // A nonce is used once: what is sealed goes out as it is.
  const isSealed = hasMark(packet, 0, sealedStart);
  const said = isSealed ? success(packet) : sealPacket(message, authentication, options.hashes, 'classic');
  if (!said.ok) return;
  for (const link of links) turn.effects.push({ type: 'transmit', link, bytes: frameForSerial(said.value) });
}

/**
 * A real Heartbeat checks a netstring packet with the secret of its own sending key, whatever number the packet bears,
 * but a classic one with the right key (heartbeat.md 2.2). So while it signs with another key than this node, it is
 * spoken to in the classic form, and keys can be exchanged one node at a time.
 */
function formatFor({ peer, authentication, options }: TransportState): PacketFormat {
  const isHeartbeat = peer?.accepted === true && !peer.pairbeat;
  if (isHeartbeat && peer.signsWith !== undefined && peer.signsWith !== authentication.sendIndex) return 'classic';
  return options.messageFormat === 'classic' ? 'netstring-with-auth' : 'netstring';
}

function notSent(turn: Turn, messageType: string, reason: string): void {
  count(turn, 'not-sent');
  logLimited(turn, 'message-not-sent', 'error', 'message-not-sent', { messageType, reason });
}

function sendNumbered(turn: Turn, own: readonly Field[], head?: EncodedHead): boolean {
  const { state } = turn;
  const sequence = state.sequence + 1;
  const message = { fields: [...own, ...stamp(turn, sequence)] };
  if (!transmit(turn, message, head)) return false;
  state.sequence = sequence;
  state.history[sequence % historyLength] = { sequence, message, resentUs: undefined };
  return true;
}

function stamp(turn: Turn, sequence: number | undefined): Field[] {
  const { options, environment, generation } = turn.state;
  const nodes = (options.peer === undefined ? 1 : 2) + (options.pingNodes ?? 0);
  const fields: Field[] = [];
  if (sequence !== undefined) fields.push({ name: 'seq', value: sequence.toString(16) });
  fields.push(
    { name: 'hg', value: generation.toString(16) },
    { name: 'ts', value: Math.max(1, environment.wallSeconds).toString(16) },
  );
  if (sequence !== undefined) fields.push({ name: 'ld', value: environment.loadAverage });
  fields.push({ name: 'ttl', value: String(nodes + options.hopfudge) });
  return fields;
}

function destUuid(turn: Turn, dest: NodeName | undefined): Field[] {
  const { peer } = turn.state;
  const known = dest !== undefined && peer?.name === dest && peer.accepted ? peer.uuid : undefined;
  return known === undefined ? [] : [{ name: 'destuuid', value: bytesFromHex(known) }];
}
