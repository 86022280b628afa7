/**
 * Which resources are addresses of our own agent. They are released first, announced again after a split, and do not
 * count as "ran twice" in a SPLIT record: two hosts answering for one address disturb, but they corrupt nothing.
 */
import type { ResourceConfiguration } from '../config/configuration.ts';
import { type GroupState, letterOf, type NodeState } from '../node-state.ts';
import { arm } from '../timers.ts';
import { usPerMs } from '../types.ts';
import { operationFor } from './groups.ts';
import { isHeld } from './letters.ts';

const addressTypes: ReadonlySet<string> = new Set(['IPaddr', 'IPaddr2', 'IPv6addr']);

export const isAddress = (resource: ResourceConfiguration): boolean =>
  resource.kind === 'script' && addressTypes.has(resource.type);

export const addressIndexes = (group: GroupState): number[] =>
  group.configuration.resources.flatMap((resource, index) => (isAddress(resource) ? [index] : []));

/** The first act after an own pause and of a node that yields: nothing else is quicker or more urgent. */
export function releaseAddresses(state: NodeState, groups: readonly GroupState[]): void {
  const operations = groups
    .filter((group) => isHeld(letterOf(group)))
    .flatMap((group) => addressIndexes(group).map((index) => operationFor(state, group, index, 'stop')));
  if (operations.length > 0) state.effects.push({ type: 'releaseAddresses', operations });
}

/** Tells the network again where the addresses of these groups live: neighbours may hold the other node's answer. */
export function announce(state: NodeState, groups: readonly GroupState[]): void {
  for (const group of groups) {
    if (letterOf(group) !== 'r') continue;
    for (const index of addressIndexes(group)) {
      state.effects.push({ type: 'operation', operation: operationFor(state, group, index, 'announce') });
    }
  }
}

export function armPeriodicAnnounce(state: NodeState): void {
  const { announceIntervalMs } = state.options;
  if (announceIntervalMs > 0) arm(state.timers, 'announce', state.nowUs + announceIntervalMs * usPerMs);
}
