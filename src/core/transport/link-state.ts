/**
 * Which links bring news from the peer. A link is up while it delivers messages with numbers that this link has not
 * delivered before; copies that another link was faster with count, recordings do not.
 */
import { type Microseconds, usPerMs } from '../types.ts';
import type { VerifiedPacket } from './packet-header.ts';
import type { PeerLink, PeerState, Turn } from './state.ts';

/** Returns whether the packet was news from its link. */
export function noteLinkHeard(turn: Turn, peer: PeerState, packet: VerifiedPacket): boolean {
  const link = peer.links.get(packet.link);
  if (link === undefined || packet.sequence <= link.highestSequence) return false;
  link.highestSequence = packet.sequence;
  link.lastHeardUs = turn.nowUs;
  if (!link.up) changeLink(turn, peer, link, true);
  return true;
}

export function linkDeadline(peer: PeerState): Microseconds | undefined {
  let earliest: Microseconds | undefined;
  for (const link of peer.links.values()) {
    if (!link.up) continue;
    const deadline = link.lastHeardUs + peer.deadtimeMs * usPerMs;
    if (earliest === undefined || deadline < earliest) earliest = deadline;
  }
  return earliest;
}

/** After the sockets were read empty: links without news for the peer's deadtime are down. */
export function markQuietLinks(turn: Turn, peer: PeerState): void {
  for (const link of peer.links.values()) {
    if (link.up && turn.nowUs - link.lastHeardUs >= peer.deadtimeMs * usPerMs) changeLink(turn, peer, link, false);
  }
}

export function markAllLinksDown(turn: Turn, peer: PeerState): void {
  for (const link of peer.links.values()) if (link.up) changeLink(turn, peer, link, false);
}

/** Taken out of the configuration: nothing is heard from it any more, and nothing is said about it. */
export function markLinkGone(turn: Turn, peer: PeerState, link: PeerLink): void {
  if (link.up) changeLink(turn, peer, link, false);
  peer.links.delete(link.link);
}

/** Numbers start again with a new generation. */
export function forgetLinkSequences(peer: PeerState): void {
  for (const link of peer.links.values()) link.highestSequence = 0;
}

function changeLink(turn: Turn, peer: PeerState, link: PeerLink, up: boolean): void {
  link.up = up;
  turn.state.linkViewVersion++;
  turn.effects.push({
    type: 'toNode',
    event: { type: 'linkState', nowUs: turn.nowUs, node: peer.name, link: link.link, up },
  });
}
