/**
 * Was this said to us, and in this life of ours? A Pairbeat peer writes into every message which generation of ours it
 * has accepted (`pbto`). A message meant for an earlier incarnation is a recording, or comes from a peer that does not
 * hear us; neither may move anything here (S16). A real Heartbeat says nothing of the kind, so its messages pass.
 */
import { logLimited, refuse } from './accounts.ts';
import type { VerifiedPacket } from './packet-header.ts';
import type { PeerState, Turn } from './state.ts';

/** Before the generation is looked at: refuses what was meant for somebody whom we no longer are. */
export function isMeantForUs(turn: Turn, peer: PeerState, packet: VerifiedPacket): boolean {
  const said = packet.forPairbeat?.acceptedGeneration;
  if (said === undefined || said === 0 || said === turn.state.generation) return true;
  refuse(turn, 'stale-incarnation', packet.link);
  noteUseless(turn, peer, packet);
  return false;
}

/**
 * Of the incarnation that is believed. Only a status may come from a peer that has not accepted us, and not even that
 * where it could be a recording: the peer's generation was known before we came to life.
 */
export function isFresh(turn: Turn, peer: PeerState, packet: VerifiedPacket): boolean {
  if (packet.forPairbeat === undefined) {
    if (!peer.pairbeat) return true;
    refuse(turn, 'stale-incarnation', packet.link);
    return false;
  }
  if (packet.forPairbeat.acceptedGeneration === turn.state.generation) return true;
  if (packet.type === 'status' && !peer.confirmationRequired) return true;
  refuse(turn, 'unconfirmed', packet.link);
  noteUseless(turn, peer, packet);
  return false;
}

/** A repetition would say the same again, so it need not be asked for. */
function noteUseless(turn: Turn, peer: PeerState, packet: VerifiedPacket): void {
  if (packet.type === 'status') noteDeafPeer(turn, peer, packet);
  if (packet.uuid === peer.uuid && packet.generation === peer.generation) peer.window.missing.delete(packet.sequence);
}

/**
 * The peer lives, or somebody replays it, but it does not answer to our present generation: usually a one-way link.
 * Each sequence number counts once, so a recording is worth no more than its own length.
 */
function noteDeafPeer(turn: Turn, peer: PeerState, { generation, sequence }: VerifiedPacket): void {
  const { state } = turn;
  const { deafPeer } = state.accounts;
  const isNews =
    generation > deafPeer.generation || (generation === deafPeer.generation && sequence > deafPeer.sequence);
  if (!isNews) return;
  state.accounts.deafPeer = { generation, sequence, atUs: turn.nowUs };
  turn.effects.push({ type: 'toNode', event: { type: 'peerDoesNotHearUs', nowUs: turn.nowUs, node: peer.name } });
  if (turn.nowUs - state.startedUs < state.advertised.deadtimeMs * 1000) return;
  logLimited(turn, 'peer-does-not-hear-us', 'error', 'peer-does-not-hear-us', { node: peer.name });
}
