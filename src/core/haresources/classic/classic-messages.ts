/**
 * Messages of a real Heartbeat that concern resources, read into what is known of it, and the answers that it expects.
 * It numbers all of its messages; where two of them disagree the higher number counts, whichever came first.
 */

import { endAlarm } from '../../alarms.ts';
import type { NodeEvent } from '../../events.ts';
import type { NodeState } from '../../node-state.ts';
import { messageOf, textOf } from '../../transport/message.ts';
import { type ClassFlags, eitherOf, noClass, without } from './classic-peer.ts';
import { readLegacyMessage } from './legacy-failback.ts';

type MessageEvent = Extract<NodeEvent, { type: 'message' }>;

/** Called for every message of the peer, before anything else looks at it. */
export function readClassicMessage(state: NodeState, event: MessageEvent): void {
  switch (textOf(event.message, 't')) {
    case 'reqnodes':
      return answerNodes(state);
    case 'repnodes':
      return nodesAnswered(state, event);
    case 'starting':
      return peerStarts(state, event);
    case 'resource':
      return readClaim(state, event);
    case 'stonith':
      return readStonith(state, event);
    case 'ip-request':
    case 'ip-request-resp':
      return readLegacyMessage(state, event);
    default:
      return;
  }
}

/** The peer's `done` at the end of giving: what it stopped for us is ours to start. */
export function noteGiven(state: NodeState, classes: ClassFlags, event: MessageEvent): void {
  const { classic } = state.peer;
  classic.offered = eitherOf(classic.offered, classes);
  classic.held = without(classic.held, classes);
  classic.lettingGo = without(classic.lettingGo, classes);
  classic.claimSequence = Math.max(classic.claimSequence, sequenceOf(event));
}

/** The peer's `done` at the end of taking. Its claim has a higher number, and may have come before. */
export function noteTaken(state: NodeState, event: MessageEvent): void {
  state.peer.classic.takenSequence = sequenceOf(event);
  settleHanded(state);
}

function sequenceOf({ message }: MessageEvent): number {
  const sequence = Number.parseInt(textOf(message, 'seq') ?? '0', 16);
  return Number.isSafeInteger(sequence) ? sequence : 0;
}

/** Lists of names are separated and ended by a blank; the receiver removes nodes that are missing from the first. */
function answerNodes(state: NodeState): void {
  const { self, peer } = state.options;
  const nodelist = [self, peer].sort().map((name) => `${name} `);
  const message = messageOf('repnodes', { nodelist: nodelist.join(''), delnodelist: ' ' });
  state.effects.push({ type: 'send', message, dest: peer });
}

function nodesAnswered(state: NodeState, event: MessageEvent): void {
  const { classic } = state.peer;
  if (classic.nodesAskedUs === undefined || classic.knowsUsSince !== undefined) return;
  classic.knowsUsSince = sequenceOf(event);
  endAlarm(state, 'peer-does-not-hear-us');
}

/** It wants to hear what we hold. */
function peerStarts(state: NodeState, event: MessageEvent): void {
  state.peer.classic.introduced = true;
  state.peer.classic.startedSequence = sequenceOf(event);
  state.holdSent = '';
}

/**
 * `rtype=full` replaces what was known; without it (from a script on the peer) it adds to it, and `none` clears all. A
 * class that is no longer claimed while the peer is not stable is still being stopped there, unless it never was held.
 */
function readClaim(state: NodeState, event: MessageEvent): void {
  const { classic } = state.peer;
  const { message } = event;
  const sequence = sequenceOf(event);
  if (sequence <= classic.claimSequence) return;
  const claimed = classesOf(textOf(message, 'rsc_hold'));
  if (claimed === undefined) return;
  classic.claimSequence = sequence;
  classic.introduced = true;
  classic.doubtSinceUs = undefined;
  const isFull = textOf(message, 'rtype') === 'full';
  const held = isFull || claimed === noClass ? claimed : eitherOf(classic.held, claimed);
  const stability = textOf(message, 'isstable');
  if (stability !== undefined) classic.stable = stability === '1';
  classic.leaving = textOf(message, 'info') === 'shutdown';
  const gone = without(eitherOf(classic.held, classic.lettingGo), held);
  classic.lettingGo = classic.stable ? noClass : gone;
  classic.held = held;
  settleHanded(state);
}

/** `local` are the sender's own groups. */
function classesOf(hold: string | undefined): ClassFlags | undefined {
  if (hold === 'none') return noClass;
  if (hold === 'all') return { ours: true, theirs: true };
  if (hold === 'local') return { ours: false, theirs: true };
  return hold === 'foreign' ? { ours: true, theirs: false } : undefined;
}

/** What we handed over is the peer's until it has said that it is done and what it holds. */
function settleHanded(state: NodeState): void {
  const { classic } = state.peer;
  const { handed, takenSequence, claimSequence, stable } = classic;
  if ((!handed.ours && !handed.theirs) || takenSequence === undefined) return;
  if (!stable || claimSequence <= takenSequence) return;
  classic.handed = noClass;
  classic.takenSequence = undefined;
}

/** Told to the cluster whenever a node is declared dead, with or without a device. */
function readStonith(state: NodeState, event: MessageEvent): void {
  const { peer, options, nowUs } = state;
  if (textOf(event.message, 'node')?.toLowerCase() !== options.self) return;
  // One from before our present incarnation says nothing about it.
  const { knowsUsSince } = peer.classic;
  const aboutUs = peer.returnedUs !== undefined || (knowsUsSince !== undefined && sequenceOf(event) > knowsUsSince);
  if (aboutUs) peer.classic.declaredUsDeadUs = nowUs;
}
