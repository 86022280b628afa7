/** When the guardian acts. Pure: the clock and the loop are the caller's. */
import type { Microseconds } from '../../core/types.ts';

export interface GuardianClockwork {
  /** When the latest keepalive was sent, by the daemon's word; before the first one: when the latest start began. */
  readonly lastBeatUs: Microseconds;
  readonly deadtimeMs: number;
  readonly marginMs: number;
  /** The deadline under the terms before these, until a keepalive has told the peer of the new deadtime. S2. */
  readonly formerDeadlineUs?: Microseconds;
}

/** The peer counts its deadtime from the last keepalive it received, which is not before it was sent. */
export function guardianDeadlineUs(clockwork: GuardianClockwork): Microseconds {
  const { lastBeatUs, deadtimeMs, marginMs, formerDeadlineUs = Number.POSITIVE_INFINITY } = clockwork;
  return Math.min(formerDeadlineUs, lastBeatUs + Math.max(0, deadtimeMs - marginMs) * 1000);
}

/** A restarted daemon's terms: each keepalive carries the deadtime, and the peer counts by the last one it received. */
export function newTerms(
  clockwork: GuardianClockwork,
  { deadtimeMs, marginMs }: Pick<GuardianClockwork, 'deadtimeMs' | 'marginMs'>,
): GuardianClockwork {
  return { ...clockwork, deadtimeMs, marginMs, formerDeadlineUs: guardianDeadlineUs(clockwork) };
}

/**
 * A report from the future cannot buy time. A beat never moves the deadline back; beats of one session arrive in order,
 * yet the first of a new session may be older than the last of the session before.
 */
export function acceptBeat(clockwork: GuardianClockwork, sentUs: Microseconds, nowUs: Microseconds): GuardianClockwork {
  if (!(Math.min(sentUs, nowUs) > clockwork.lastBeatUs)) return clockwork;
  const { formerDeadlineUs: _, ...present } = clockwork;
  return { ...present, lastBeatUs: Math.min(sentUs, nowUs) };
}

/** Milliseconds until it has to be looked at again, rounded down so that the look is not late; 0 when due. */
export function waitMs(clockwork: GuardianClockwork, nowUs: Microseconds): number {
  return Math.max(0, Math.floor((guardianDeadlineUs(clockwork) - nowUs) / 1000));
}

export function isDue(clockwork: GuardianClockwork, nowUs: Microseconds): boolean {
  return nowUs >= guardianDeadlineUs(clockwork);
}
