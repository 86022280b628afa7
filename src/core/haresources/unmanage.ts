/**
 * Hands off a group for as long as somebody works on its services (`pairbeat unmanage`, S21). It is the node that runs
 * the group that takes its hands off: no monitoring, no restart, no handover, no failback. The state ends when the group
 * does not run here any more, whatever the reason: this node has died, stopped, paused or had to yield, and the peer may
 * start the group as always. So no start ever has to ask whether something is unmanaged (docs/monitoring.md has the table).
 */
import { letterOf, type NodeState } from '../node-state.ts';
import type { Problem } from '../result.ts';
import { statementOf } from './facts.ts';
import { isHandingOver } from './handover.ts';
import { isHeld } from './letters.ts';
import { probeGroup } from './monitor.ts';
import { noSuchGroup } from './no-such-group.ts';

/** Who has said so, and the wall clock in words: nothing is decided by it. */
export interface Unmanaged {
  readonly who: string;
  readonly at: string;
}

/** What the record on disk holds and a restarted daemon brings back. */
export interface UnmanagedGroup extends Unmanaged {
  readonly group: string;
}

/** The problem that the request ends with, if any. */
export function unmanage(state: NodeState, key: string, by: Unmanaged): Problem | undefined {
  const group = state.groups.find((candidate) => candidate.configuration.key === key);
  if (group === undefined) return noSuchGroup(state, key);
  const letter = letterOf(group);
  const fields = { group: key, peer: state.options.peer };
  if (letter !== 'r') {
    if (isHeld(letter)) return { code: 'transition-in-progress', fields };
    const there = isHeld(statementOf(state, group)?.letter ?? '-');
    return { code: there ? 'unmanage-at-peer' : 'unmanage-not-running', fields };
  }
  // The peer has been asked to take it, and may agree at any moment.
  if (isHandingOver(state) && state.handover?.keys.includes(key) === true)
    return { code: 'transition-in-progress', fields };
  group.unmanaged = by;
  log(state, 'group-unmanaged', { group: key, who: by.who });
  return undefined;
}

export function manage(state: NodeState, key: string, who: string): Problem | undefined {
  const group = state.groups.find((candidate) => candidate.configuration.key === key);
  if (group === undefined) return noSuchGroup(state, key);
  if (group.unmanaged === undefined) {
    const there = statementOf(state, group)?.unmanaged === true;
    return { code: there ? 'manage-at-peer' : 'not-unmanaged', fields: { group: key, peer: state.options.peer } };
  }
  group.unmanaged = undefined;
  probeGroup(state, group);
  log(state, 'group-managed', { group: key, who });
  return undefined;
}

/** After a restart of the daemon: only what it has adopted is still what somebody took its hands off. */
export function adoptUnmanaged(state: NodeState, entries: readonly UnmanagedGroup[]): void {
  for (const { group: key, who, at } of entries) {
    const group = state.groups.find((candidate) => candidate.configuration.key === key);
    if (group !== undefined && letterOf(group) === 'r') group.unmanaged = { who, at };
  }
  state.unmanagedRecorded = recordOf(entries);
}

/** Called after every event. */
export function settleUnmanaged(state: NodeState): void {
  for (const group of state.groups) {
    if (group.unmanaged === undefined || letterOf(group) === 'r') continue;
    log(state, 'unmanage-over', { group: group.configuration.key, who: group.unmanaged.who });
    group.unmanaged = undefined;
  }
}

/** The last part of a step; nothing waits for the disk. */
export function recordUnmanaged(state: NodeState): void {
  const content = state.groups.some(({ unmanaged }) => unmanaged !== undefined)
    ? recordOf(
        state.groups.flatMap((group) =>
          group.unmanaged === undefined ? [] : [{ group: group.configuration.key, ...group.unmanaged }],
        ),
      )
    : nothingUnmanaged;
  if (content === state.unmanagedRecorded) return;
  state.unmanagedRecorded = content;
  state.effects.push({ type: 'persist', recordId: state.nextRecordId++, name: 'unmanaged.json', content });
}

const nothingUnmanaged = recordOf([]);

function recordOf(entries: readonly UnmanagedGroup[]): string {
  return JSON.stringify({ unmanaged: entries.map(({ group, who, at }) => ({ group, who, at })) });
}

function log(state: NodeState, code: string, fields: Readonly<Record<string, string>>): void {
  state.effects.push({
    type: 'log',
    level: code === 'group-managed' ? 'notice' : 'warning',
    message: { code, fields },
  });
}
