/**
 * Noticing that the peer has fallen silent. A passed deadline alone proves nothing: this process may have slept while
 * packets queued up. So the sockets are read empty first (`drainSockets`), and only a peer that is still silent after
 * that is declared so.
 */
import { type Microseconds, usPerMs, usPerSecond } from '../types.ts';
import { linkDeadline, markAllLinksDown, markQuietLinks } from './link-state.ts';
import type { PeerState, Turn } from './state.ts';

/** In case the answer to a drain never comes. */
const drainRepeatUs = usPerSecond;

/** When silence must be looked at next. */
export function silenceDeadline(turn: Pick<Turn, 'state'>): Microseconds | undefined {
  const { peer, drain } = turn.state;
  if (peer === undefined) return undefined;
  const quiet = earlier(peerDeadline(peer), linkDeadline(peer));
  if (quiet === undefined || drain === undefined) return quiet;
  return Math.max(quiet, drain.askedUs + drainRepeatUs);
}

/** On a timer: asks for the sockets to be read empty when a deadline has passed. */
export function askForDrain(turn: Turn): void {
  const { state } = turn;
  const deadline = silenceDeadline(turn);
  if (deadline === undefined || turn.nowUs < deadline) return;
  state.drain = { token: ++state.lastToken, askedUs: turn.nowUs };
  turn.effects.push({ type: 'drainSockets', token: state.drain.token });
}

/** The sockets were empty: what is silent now is silent. */
export function judgeAfterDrain(turn: Turn, token: number): void {
  const { state } = turn;
  const { peer } = state;
  if (peer === undefined || state.drain?.token !== token) return;
  state.drain = undefined;
  markQuietLinks(turn, peer);
  const deadline = peerDeadline(peer);
  if (deadline !== undefined && turn.nowUs >= deadline) declareSilent(turn, peer);
}

function declareSilent(turn: Turn, peer: PeerState): void {
  // Links first, all of them: the version that goes with the silence must not be outdated by the silence itself.
  markAllLinksDown(turn, peer);
  peer.heard = 'silent';
  peer.window.missing.clear();
  turn.state.linkViewVersion++;
  turn.effects.push({
    type: 'toNode',
    event: {
      type: 'peerSilent',
      nowUs: turn.nowUs,
      node: peer.name,
      lastHeardUs: peer.lastStatusUs,
      deadtimeMs: peer.deadtimeMs,
      linkViewVersion: turn.state.linkViewVersion,
    },
  });
}

/**
 * The peer decides by its own `dt` how long its silence may last. A newer incarnation that talks while its generation
 * waits for our disk counts as life here: it may not be believed yet, but it is not silent.
 */
function peerDeadline(peer: PeerState): Microseconds | undefined {
  if (peer.heard !== 'up') return undefined;
  const heardUs = Math.max(peer.lastStatusUs, peer.pending?.heardUs ?? 0);
  return heardUs + peer.deadtimeMs * usPerMs;
}

function earlier(left: Microseconds | undefined, right: Microseconds | undefined): Microseconds | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
