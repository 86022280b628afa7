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
  const keysOf = (wanted: (group: GroupState) => boolean): string[] =>
    state.groups.filter(wanted).map((group) => group.configuration.key);
  const marked = keysOf((group) => group.marked);
  if (marked.join(' ') !== state.marksRecorded) {
    state.marksRecorded = marked.join(' ');
    persist(state, 'taken-on-silence.json', marked);
  }
  const stuck = keysOf((group) => group.stuckAtPeer);
  if (stuck.join(' ') !== state.stuckRecorded) {
    state.stuckRecorded = stuck.join(' ');
    persist(state, 'stuck-at-peer.json', stuck);
  }
}

function persist(state: NodeState, name: string, groups: readonly string[]): void {
  const recordId = state.nextRecordId++;
  state.effects.push({ type: 'persist', recordId, name, content: JSON.stringify({ groups }) });
}
