/**
 * Whose packet is it? Broadcast and multicast bring our own packets back to us; those are ignored. A packet that bears
 * our name or our uuid without being one that we sent is an alarm and nothing else (S17).
 */
import { count, logLimited } from './accounts.ts';
import type { VerifiedPacket } from './packet-header.ts';
import type { PeerState, Turn } from './state.ts';

/** The peer when the packet is the peer's, else `undefined` after counting what it was. */
export function identifySender(turn: Turn, packet: VerifiedPacket): PeerState | undefined {
  const { options, peer } = turn.state;
  if (packet.node === options.localNode || packet.uuid === options.localUuid) {
    noteOwnName(turn, packet);
    return undefined;
  }
  if (peer !== undefined && packet.node === peer.name) return peer;
  count(turn, 'unknown-node');
  const node = packet.node.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 100);
  logLimited(turn, 'unknown-node', 'warning', 'unknown-node', { node, link: packet.link });
  return undefined;
}

function noteOwnName(turn: Turn, packet: VerifiedPacket): void {
  const { state } = turn;
  if (isReflection(turn, packet)) {
    count(turn, 'reflection');
    return;
  }
  count(turn, 'cloned-machine');
  // Either another machine runs with our name or uuid, or somebody sends recordings of an earlier life of ours.
  logLimited(turn, 'cloned-machine', 'critical', 'cloned-machine', {
    link: packet.link,
    sameName: packet.node === state.options.localNode,
    sameUuid: packet.uuid === state.options.localUuid,
    generation: packet.generation,
    ownGeneration: state.generation,
  });
}

/** Sent by this process: our name, our uuid, a generation of ours, and not a number that we have yet to use. */
function isReflection(turn: Turn, packet: VerifiedPacket): boolean {
  const { options, generation, firstGeneration, sequence } = turn.state;
  if (packet.node !== options.localNode || packet.uuid !== options.localUuid) return false;
  if (packet.generation < firstGeneration || packet.generation > generation) return false;
  return packet.generation < generation || packet.sequence <= sequence;
}
