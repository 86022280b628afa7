/**
 * The way of a datagram: admitted, verified, read, sender known, meant for us, of the incarnation that is believed,
 * not acted on before. Whatever fails on the way is counted and has no other effect.
 */
import { type LinkId, usPerMs, usPerSecond } from '../types.ts';
import { type CounterName, count, logLimited, refuse } from './accounts.ts';
import { chargeUseless, isAdmitted, trustSource } from './admission.ts';
import { hexOf, parseHexNumber } from './bytes.ts';
import { claimOf, rememberSeal } from './claims.ts';
import { expandMessage } from './compression.ts';
import { isFresh, isMeantForUs } from './freshness.ts';
import { isCurrentIncarnation, lowerRefused } from './generation.ts';
import { identifySender } from './identity.ts';
import { noteLinkHeard } from './link-state.ts';
import { noteHeardInTest } from './link-test.ts';
import { keyOf } from './mac.ts';
import { bytesOf, type Message, textOf } from './message.ts';
import { type OpenedPacket, openPacket } from './packet.ts';
import { isTransportType, readHeader, type VerifiedPacket } from './packet-header.ts';
import { cannotReadUs, noteKeysOf } from './peer-keys.ts';
import { acknowledge, firstRequestUs, receiveControl } from './retransmission.ts';
import { sendKeepalive } from './send.ts';
import { takeSequence } from './sequence-window.ts';
import type { PeerState, Turn } from './state.ts';

export function receiveDatagram(turn: Turn, link: LinkId, bytes: Uint8Array, source: string): void {
  const { state } = turn;
  const { admission } = state.accounts;
  count(turn, 'received');
  if (!isAdmitted(admission, source, bytes, turn.nowUs, () => claimOf(state, link, bytes))) {
    refuse(turn, 'rate-limited', link, source);
    return;
  }
  // S15: up to here and on failure only `accounts` changes.
  const opened = openPacket(bytes, state.authentication, state.options.hashes, state.accounts.lastStatus);
  if (!opened.ok) {
    chargeUseless(admission, source, bytes, turn.nowUs);
    refuse(turn, opened.problem.code as CounterName, link, source);
    return;
  }
  if (!takeOpened(turn, link, opened.value, source)) return chargeUseless(admission, source, bytes, turn.nowUs);
  trustSource(admission, source, turn.nowUs);
  const heard = state.peer?.links.get(link);
  if (heard !== undefined) rememberSeal(heard, bytes);
}

/** Returns whether it said something new. */
function takeOpened(turn: Turn, link: LinkId, opened: OpenedPacket, source: string): boolean {
  const message = expanded(turn, opened.message);
  const packet = message === undefined ? undefined : readHeader(link, { ...opened, message });
  if (packet === undefined) {
    refuse(turn, 'malformed', link, source);
    return false;
  }
  const peer = identifySender(turn, packet);
  if (peer === undefined || !isMeantForUs(turn, peer, packet) || !isCurrentIncarnation(turn, peer, packet))
    return false;
  return receivePacket(turn, peer, packet);
}

function expanded({ state }: Turn, message: Message): Message | undefined {
  const { zlib } = state.options;
  return zlib === undefined ? message : expandMessage(message, zlib);
}

/** A packet of the incarnation that is believed. Returns whether it was news from its link, or for this node. */
export function receivePacket(turn: Turn, peer: PeerState, packet: VerifiedPacket): boolean {
  if (!isFresh(turn, peer, packet)) return false;
  if (isTransportType(packet.type)) {
    if (peer.heard === 'up' && isAddressedToUs(turn, packet)) receiveControl(turn, peer, packet);
    return false;
  }
  if (peer.heard !== 'up' && !becomeHeard(turn, peer, packet)) return false;
  const newsOnLink = noteLinkHeard(turn, peer, packet);
  if (newsOnLink) noteHeardInTest(turn.state, packet.link);
  // S16
  const verdict = takeSequence(peer.window, packet.sequence, () => firstRequestUs(turn, peer));
  if (verdict === 'duplicate') {
    if (newsOnLink) count(turn, 'duplicate');
    else refuse(turn, 'replay', packet.link);
    return newsOnLink;
  }
  if (verdict === 'lost-track') {
    count(turn, 'lost-track');
    logLimited(turn, 'lost-track', 'warning', 'messages-lost', { node: peer.name });
  }
  count(turn, 'accepted');
  acknowledge(turn, peer, packet.sequence);
  if (packet.type === 'status' && !takeStatus(turn, peer, packet)) return true;
  if (isAddressedToUs(turn, packet)) deliver(turn, peer, packet);
  return true;
}

function deliver(turn: Turn, peer: PeerState, { message, generation }: VerifiedPacket): void {
  const { nowUs, state } = turn;
  const { linkViewVersion } = state;
  turn.effects.push({
    type: 'toNode',
    event: { type: 'message', nowUs, from: peer.name, generation, message, linkViewVersion },
  });
}

/** Messages for somebody else arrive here too; `destuuid` outranks `dest`. */
function isAddressedToUs(turn: Turn, { message }: VerifiedPacket): boolean {
  const { options } = turn.state;
  const uuid = bytesOf(message, 'destuuid');
  if (uuid?.some((byte) => byte !== 0)) return hexOf(uuid) === options.localUuid;
  const dest = textOf(message, 'dest');
  return dest === undefined || dest.toLowerCase() === options.localNode;
}

/**
 * A peer that was not heard becomes heard by a status that is news, and by nothing else. Messages that came just
 * before that status were refused; they are asked for again. Older ones are not: what was said during a silence of
 * unknown length is better not acted on.
 */
function becomeHeard(turn: Turn, peer: PeerState, packet: VerifiedPacket): boolean {
  if (packet.sequence <= peer.window.last) {
    refuse(turn, 'replay', packet.link);
    return false;
  }
  if (packet.type !== 'status') {
    count(turn, 'unheard');
    peer.refused = lowerRefused(recent(turn, peer.refused), packet, turn);
    return false;
  }
  const returning = peer.heard === 'silent';
  const first = Math.min(recent(turn, peer.refused)?.sequence ?? packet.sequence, packet.sequence);
  peer.window.last = Math.max(peer.window.last, first - 1);
  peer.window.missing.clear();
  peer.refused = undefined;
  peer.heard = 'up';
  peer.accepted = true;
  peer.confirmationRequired = false;
  peer.pairbeat = packet.forPairbeat !== undefined;
  // The answer goes out below already in the form that the peer can check.
  peer.signsWith = packet.keyIndex;
  turn.state.accounts.deafPeer = { ...turn.state.accounts.deafPeer, atUs: undefined };
  peer.lastStatusUs = turn.nowUs;
  turn.state.linkViewVersion++;
  announcePeer(turn, peer, returning);
  return true;
}

/** The peer is told first that it is heard, so that what the node says next is not refused over there. */
function announcePeer(turn: Turn, peer: PeerState, returning: boolean): void {
  const { nowUs, state } = turn;
  sendKeepalive(turn);
  const { generation, name: node } = peer;
  const uuid = peer.uuid!;
  const { linkViewVersion } = state;
  turn.effects.push({
    type: 'toNode',
    event: { type: 'peerHeard', nowUs, node, uuid, generation, returning, linkViewVersion },
  });
}

function recent<Refused extends { readonly atUs: number }>(
  turn: Turn,
  refused: Refused | undefined,
): Refused | undefined {
  return refused !== undefined && turn.nowUs - refused.atUs <= 2 * usPerSecond ? refused : undefined;
}

const longestDeadtimeMs = 24 * 60 * 60 * 1000;

/** Only a status that is newer than the last one refreshes the peer's life; a late one is out of date. */
function takeStatus(turn: Turn, peer: PeerState, packet: VerifiedPacket): boolean {
  if (packet.sequence <= peer.lastStatusSequence) {
    count(turn, 'superseded');
    return false;
  }
  noteInterval(turn, peer);
  peer.lastStatusSequence = packet.sequence;
  peer.lastStatusUs = turn.nowUs;
  peer.status = textOf(packet.message, 'st') ?? 'unknown';
  const deadtimeMs = parseHexNumber(textOf(packet.message, 'dt'));
  if (deadtimeMs !== undefined && deadtimeMs > 0) peer.deadtimeMs = Math.min(deadtimeMs, longestDeadtimeMs);
  if (packet.forPairbeat !== undefined) peer.pairbeat = true;
  noteKeysOf(peer, packet);
  if (cannotReadUs(turn.state)) {
    const { method } = keyOf(turn.state.authentication, turn.state.authentication.sendIndex)!;
    logLimited(turn, 'peer-cannot-read-us', 'error', 'peer-cannot-read-us', { node: peer.name, method });
  }
  peer.capabilities = textOf(packet.message, 'pbcaps') ?? '';
  return true;
}

function noteInterval(turn: Turn, peer: PeerState): void {
  const { nowUs, state } = turn;
  const intervalUs = nowUs - peer.lastStatusUs;
  if (intervalUs <= state.options.timing.warntimeMs * usPerMs) return;
  const intervalMs = Math.round(intervalUs / usPerMs);
  count(turn, 'late');
  logLimited(turn, 'late-heartbeat', 'warning', 'late-heartbeat', { node: peer.name, intervalMs });
  turn.effects.push({ type: 'toNode', event: { type: 'lateHeartbeat', nowUs, node: peer.name, intervalMs } });
}
