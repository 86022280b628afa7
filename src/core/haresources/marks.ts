/**
 * Which groups were taken on silence is written down: a daemon that is restarted in the middle of a split and adopts
 * what runs must know it, or it would claim at the heal what the other node had first.
 */

import { type GroupState, letterOf, type NodeState, unpublished } from '../node-state.ts';
import { persistSticky } from './groups.ts';

export function adoptMarks(state: NodeState, keys: readonly string[]): void {
  state.marksRecorded = keys.join(' ');
  for (const group of state.groups) {
    group.marked = letterOf(group) === 'r' && keys.includes(group.configuration.key);
    group.claimedAtVersion = unpublished;
  }
}

/** S9: a failed stop of the peer is remembered across a restart of this daemon, until the peer or an operator says more. */
export function adoptStuck(state: NodeState, keys: readonly string[]): void {
  state.stuckRecorded = keys.join(' ');
  for (const group of state.groups) group.stuckAtPeer = keys.includes(group.configuration.key);
}

/** A write failed, nobody knows which records are out of date: all of them once more, a little later. */
export function writeRecordsAgain(state: NodeState): void {
  persistSticky(state);
  persist(state, 'split.json', state.split?.groups ?? []);
  state.marksRecorded = undefined;
  state.stuckRecorded = undefined;
  state.unmanagedRecorded = '';
  state.fencing.recorded = '';
}

/** The last part of a step; nothing waits for the disk. */
export function recordMarks(state: NodeState): void {
  const marked = keysOf(state, isMarked);
  const markedText = textOf(marked);
  if (markedText !== state.marksRecorded) {
    state.marksRecorded = markedText;
    persist(state, 'taken-on-silence.json', marked);
  }
  const stuck = keysOf(state, isStuck);
  const stuckText = textOf(stuck);
  if (stuckText !== state.stuckRecorded) {
    state.stuckRecorded = stuckText;
    persist(state, 'stuck-at-peer.json', stuck);
  }
}

const isMarked = (group: GroupState): boolean => group.marked;
const isStuck = (group: GroupState): boolean => group.stuckAtPeer;
const none: readonly string[] = [];

/** Asked for in every step, and nearly always empty. */
function keysOf({ groups }: NodeState, wanted: (group: GroupState) => boolean): readonly string[] {
  return groups.some(wanted) ? groups.filter(wanted).map((group) => group.configuration.key) : none;
}

const textOf = (keys: readonly string[]): string => (keys.length === 0 ? '' : keys.join(' '));

function persist(state: NodeState, name: string, groups: readonly string[]): void {
  const recordId = state.nextRecordId++;
  state.effects.push({ type: 'persist', recordId, name, content: JSON.stringify({ groups }) });
}
