/** When the guardian acts. Pure: the clock and the loop are the caller's. */
import type { Microseconds } from '../../core/types.ts';

export interface GuardianClockwork {
  /** Of the latest keepalive that left; before the first one: when this host was first spoken to. */
  readonly lastBeatUs: Microseconds;
  readonly deadtimeMs: number;
  readonly marginMs: number;
}

/** The peer counts its deadtime from the last keepalive it received, which is not before it was sent. */
export function guardianDeadlineUs({ lastBeatUs, deadtimeMs, marginMs }: GuardianClockwork): Microseconds {
  return lastBeatUs + Math.max(0, deadtimeMs - marginMs) * 1000;
}

/**
 * A report from the future cannot buy time. A beat never moves the deadline back; beats of one session arrive in order,
 * yet the first of a new session may be older than the last of the session before.
 */
export function acceptBeat(clockwork: GuardianClockwork, sentUs: Microseconds, nowUs: Microseconds): GuardianClockwork {
  if (!Number.isFinite(sentUs)) return clockwork;
  return { ...clockwork, lastBeatUs: Math.max(clockwork.lastBeatUs, Math.min(sentUs, nowUs)) };
}

/** Milliseconds until it has to be looked at again, rounded down so that the look is not late; 0 when due. */
export function waitMs(clockwork: GuardianClockwork, nowUs: Microseconds): number {
  return Math.max(0, Math.floor((guardianDeadlineUs(clockwork) - nowUs) / 1000));
}

export function isDue(clockwork: GuardianClockwork, nowUs: Microseconds): boolean {
  return nowUs >= guardianDeadlineUs(clockwork);
}
