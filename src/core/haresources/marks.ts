/**
 * Which groups were taken on silence is written down: a daemon that is restarted in the middle of a split and adopts
 * what runs must know it, or it would claim at the heal what the other node had first.
 */
import { letterOf, type NodeState, unpublished } from '../node-state.ts';

export function adoptMarks(state: NodeState, keys: readonly string[]): void {
  state.marksRecorded = keys.join(' ');
  for (const group of state.groups) {
    group.marked = letterOf(group) === 'r' && keys.includes(group.configuration.key);
    group.markedAtVersion = unpublished;
  }
}

/** The last part of a step; nothing waits for the disk. */
export function recordMarks(state: NodeState): void {
  const groups = state.groups.filter((group) => group.marked).map((group) => group.configuration.key);
  const recorded = groups.join(' ');
  if (recorded === state.marksRecorded) return;
  state.marksRecorded = recorded;
  const recordId = state.nextRecordId++;
  state.effects.push({ type: 'persist', recordId, name: 'taken-on-silence.json', content: JSON.stringify({ groups }) });
}
