/**
 * A reload: the transport goes on with other options. No keepalive is missed: the next one comes at the earlier of the
 * old and the new time, and links that both configurations have keep what is known of them.
 */
import type { LinkId } from '../types.ts';
import { markLinkGone } from './link-state.ts';
import { sayDeadtime } from './own-deadtime.ts';
import { keepaliveIntervalUs } from './send.ts';
import type { PeerState, TransportSettings, Turn } from './state.ts';

export function reconfigure(turn: Turn, settings: TransportSettings): void {
  const { state } = turn;
  state.options = { ...state.options, ...settings };
  const { deadtimeMs } = settings.timing;
  if (state.started) state.nextKeepaliveUs = Math.min(state.nextKeepaliveUs, turn.nowUs + keepaliveIntervalUs(state));
  // Before the first keepalive the peer has been told nothing.
  else sayDeadtime(turn, deadtimeMs);
  if (!state.started) state.advertised = { ...state.advertised, deadtimeMs };
  const { peer } = state;
  if (peer === undefined) return;
  if (peer.heard === 'never') peer.deadtimeMs = deadtimeMs;
  changeLinks(turn, peer, settings.links);
}

function changeLinks(turn: Turn, peer: PeerState, links: readonly LinkId[]): void {
  for (const link of [...peer.links.values()]) if (!links.includes(link.link)) markLinkGone(turn, peer, link);
  for (const link of links)
    if (!peer.links.has(link)) peer.links.set(link, { link, up: false, lastHeardUs: 0, highestSequence: 0 });
}
