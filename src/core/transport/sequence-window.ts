/**
 * Which messages of one incarnation of the peer have been acted on (S16). Messages are taken in the order of arrival;
 * numbers that were jumped over are remembered as missing, asked for, and taken once if they still come.
 */
import type { Microseconds } from '../types.ts';

export interface SequenceWindow {
  last: number;
  readonly missing: Map<number, MissingMessage>;
}

export interface MissingMessage {
  nextRequestUs: Microseconds;
  requests: number;
}

/** `lost-track`: taken, but so many were jumped over that all missing ones are given up. */
export type SequenceVerdict = 'next' | 'ahead' | 'filled' | 'lost-track' | 'duplicate';

const maximumMissing = 250;

export function createSequenceWindow(last: number): SequenceWindow {
  return { last, missing: new Map() };
}

/** Decides about one message and records it. Only `duplicate` must not be acted on. */
export function takeSequence(
  window: SequenceWindow,
  sequence: number,
  firstRequestUs: () => Microseconds,
): SequenceVerdict {
  if (sequence <= window.last) return window.missing.delete(sequence) ? 'filled' : 'duplicate';
  const jumped = sequence - window.last - 1;
  if (window.missing.size + jumped > maximumMissing) {
    window.missing.clear();
    window.last = sequence;
    return 'lost-track';
  }
  for (let absent = window.last + 1; absent < sequence; absent++) {
    window.missing.set(absent, { nextRequestUs: firstRequestUs(), requests: 0 });
  }
  window.last = sequence;
  return jumped === 0 ? 'next' : 'ahead';
}
