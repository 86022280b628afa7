/**
 * Which incarnation of the peer is believed. A generation only ever grows; a higher one is accepted from a status
 * message alone, and not before it is durable here, so that a restart of this node does not forget it (S16).
 */
import { usPerSecond } from '../types.ts';
import { count, logLimited, refuse } from './accounts.ts';
import { forgetLinkSequences } from './link-state.ts';
import type { VerifiedPacket } from './packet-header.ts';
import { createSequenceWindow } from './sequence-window.ts';
import type { PeerState, PendingGeneration, RefusedMessage, Turn } from './state.ts';

/** Whether the packet belongs to the incarnation that is believed now. If not, it is refused or held here. */
export function isCurrentIncarnation(turn: Turn, peer: PeerState, packet: VerifiedPacket): boolean {
  if (packet.uuid === peer.uuid && packet.generation === peer.generation) return true;
  const known = turn.state.persistedGenerations.get(packet.uuid) ?? 0;
  if (packet.generation <= known) refuse(turn, 'stale-generation', packet.link);
  else holdNewGeneration(turn, peer, packet);
  return false;
}

/**
 * Messages that a restarted peer sends before its new generation is durable here are not lost: the latest status is
 * held, the lowest other one remembered, and what lies between is asked for again once the generation is accepted.
 */
function holdNewGeneration(turn: Turn, peer: PeerState, packet: VerifiedPacket): void {
  const { pending } = peer;
  const isPending = pending?.uuid === packet.uuid && pending.generation === packet.generation;
  count(turn, 'generation-waiting');
  if (packet.type !== 'status') {
    if (isPending) pending.refused = lowerRefused(pending.refused, packet, turn);
    return;
  }
  if (isPending) {
    if (packet.sequence <= pending.held.sequence) return;
    pending.held = packet;
    pending.heardUs = turn.nowUs;
    logSlowDisk(turn, peer, packet);
    askAgain(turn, peer, pending);
    return;
  }
  if (pending !== undefined && packet.generation <= pending.generation) return;
  const requestId = ++turn.state.lastRequestId;
  const { uuid, generation } = packet;
  const refused = { sequence: packet.sequence, atUs: turn.nowUs };
  const { nowUs } = turn;
  peer.pending = { requestId, uuid, generation, held: packet, heardUs: nowUs, refused, sinceUs: nowUs, askedUs: nowUs };
  turn.effects.push({ type: 'persistPeerGeneration', requestId, node: peer.name, uuid, generation });
}

/** A write that failed is never answered: it is asked for again while the peer goes on talking. */
function askAgain(turn: Turn, peer: PeerState, pending: PendingGeneration): void {
  if (turn.nowUs - pending.askedUs < usPerSecond) return;
  pending.askedUs = turn.nowUs;
  const { requestId, uuid, generation } = pending;
  turn.effects.push({ type: 'persistPeerGeneration', requestId, node: peer.name, uuid, generation });
}

/** The generation that waited is durable. Returns the status that waited with it, to be received now. */
export function acceptPersistedGeneration(turn: Turn, peer: PeerState, requestId: number): VerifiedPacket | undefined {
  const { pending } = peer;
  if (pending === undefined || pending.requestId !== requestId) return undefined;
  if (peer.uuid !== undefined && peer.uuid !== pending.uuid) {
    logLimited(turn, 'peer-uuid-changed', 'warning', 'peer-uuid-changed', {
      node: peer.name,
      from: peer.uuid,
      to: pending.uuid,
    });
  }
  peer.pending = undefined;
  peer.uuid = pending.uuid;
  peer.generation = pending.generation;
  rememberGeneration(turn, pending.uuid, pending.generation);
  peer.heard = 'never';
  peer.accepted = false;
  peer.pairbeat = false;
  peer.keys = undefined;
  peer.capabilities = '';
  peer.probes = undefined;
  peer.confirmationRequired = false;
  peer.window = createSequenceWindow(0);
  peer.lastStatusSequence = 0;
  peer.acknowledged = 0;
  peer.acknowledgementDue = false;
  peer.refused = pending.refused;
  forgetLinkSequences(peer);
  return pending.held;
}

export function lowerRefused(known: RefusedMessage | undefined, packet: VerifiedPacket, turn: Turn): RefusedMessage {
  if (known !== undefined && known.sequence <= packet.sequence) return known;
  return { sequence: packet.sequence, atUs: turn.nowUs };
}

const maximumRemembered = 16;

/** The last entry is the present one: an entry that grows moves to the end. */
function rememberGeneration(turn: Turn, uuid: string, generation: number): void {
  const { persistedGenerations } = turn.state;
  persistedGenerations.delete(uuid);
  persistedGenerations.set(uuid, generation);
  const [oldest] = persistedGenerations.keys();
  if (persistedGenerations.size > maximumRemembered && oldest !== undefined) persistedGenerations.delete(oldest);
}

/** A peer that talks to us while our disk does not answer is alive, but nothing that it says may be believed yet. */
function logSlowDisk(turn: Turn, peer: PeerState, packet: VerifiedPacket): void {
  const waitedMs = Math.round((turn.nowUs - peer.pending!.sinceUs) / 1000);
  if (waitedMs < turn.state.advertised.deadtimeMs) return;
  const fields = { node: peer.name, generation: packet.generation, waitedMs };
  logLimited(turn, 'peer-generation-not-durable', 'error', 'peer-generation-not-durable', fields);
}
