/**
 * What a node says of a group, in one letter, in every keepalive. The letters are a level, not an event: a lost
 * message loses nothing, the next keepalive says it again. docs/handover.md carries the safety argument.
 */
export type GroupLetter = '-' | 'o' | 'x' | 's' | 'r' | 'p' | 'f' | 'u';

export const letterMeaning: Readonly<Record<GroupLetter, string>> = {
  /** Not held here, and nobody else may start it on the strength of this letter. */
  '-': 'stopped',
  /** Offered: not held, and not started here again before the offer was withdrawn and the peer has seen that. */
  o: 'offered',
  /** The start failed here, everything was stopped cleanly: offered as well, until an operator's cleanup. */
  x: 'start-failed',
  s: 'starting',
  r: 'running',
  p: 'stopping',
  /** A stop failed: it may still run. Sticky (S9). */
  f: 'stop-failed',
  /** An operation was lost with its host: it may run. */
  u: 'unknown',
};

const heldLetters: ReadonlySet<GroupLetter> = new Set(['s', 'r', 'p', 'f', 'u']);
const offeringLetters: ReadonlySet<GroupLetter> = new Set(['o', 'x']);

/** It runs there, or may run there. */
export const isHeld = (letter: GroupLetter): boolean => heldLetters.has(letter);

/** The other node may start it. */
export const isOffered = (letter: GroupLetter): boolean => offeringLetters.has(letter);

export function isLetter(text: string): text is GroupLetter {
  return Object.hasOwn(letterMeaning, text);
}
