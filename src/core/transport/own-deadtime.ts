/**
 * How long this node may be silent before it must assume that the peer has taken over. The peer counts by the `dt` of
 * the last keepalive that it received, so a shorter deadtime counts here before it is said, and a longer one only once
 * the peer has acknowledged a message that is not older than the first keepalive with it.
 */
import type { PeerState, Turn } from './state.ts';

export interface OwnDeadtime {
  readonly deadtimeMs: number;
  /** Said, or about to be, and not yet known to have arrived. */
  readonly longer: { readonly deadtimeMs: number; readonly sinceSequence: number | undefined } | undefined;
}

/** What the keepalives say from now on. */
export function sayDeadtime(turn: Turn, deadtimeMs: number): void {
  const { state } = turn;
  const { ownDeadtime } = state;
  if (deadtimeMs <= ownDeadtime.deadtimeMs || !state.started) return count(turn, deadtimeMs);
  if (ownDeadtime.longer?.deadtimeMs === deadtimeMs) return;
  state.ownDeadtime = { ...ownDeadtime, longer: { deadtimeMs, sinceSequence: undefined } };
}

/** A keepalive has just been given its number. */
export function deadtimeWasSaid({ state }: Turn): void {
  const { ownDeadtime, sequence } = state;
  const { longer } = ownDeadtime;
  if (longer === undefined || longer.sinceSequence !== undefined) return;
  state.ownDeadtime = { ...ownDeadtime, longer: { ...longer, sinceSequence: sequence } };
}

/** The peer has everything up to `peer.acknowledged`. */
export function deadtimeArrived(turn: Turn, peer: PeerState): void {
  const { longer } = turn.state.ownDeadtime;
  if (longer?.sinceSequence === undefined || peer.acknowledged < longer.sinceSequence) return;
  count(turn, longer.deadtimeMs);
}

/** A new incarnation numbers its messages from 1. */
export function sayDeadtimeAnew({ state }: Turn): void {
  const { longer } = state.ownDeadtime;
  if (longer === undefined) return;
  state.ownDeadtime = { ...state.ownDeadtime, longer: { ...longer, sinceSequence: undefined } };
}

/** The guardian counts by the same; it hears of a shorter deadtime before the keepalive that says it. */
function count(turn: Turn, deadtimeMs: number): void {
  const changed = turn.state.ownDeadtime.deadtimeMs !== deadtimeMs;
  turn.state.ownDeadtime = { deadtimeMs, longer: undefined };
  if (changed) turn.effects.push({ type: 'ownDeadtime', deadtimeMs });
}
