/**
 * The `resource` message: what this node claims by class, with `isstable` once nothing is on its way. Between Pairbeat
 * nodes it only accompanies the report; for a real Heartbeat it is all that there is, so it says less than nothing is
 * held while a class is being given away, and more where a start failed: the class is still this node's to give.
 */
import type { StandbyScope } from '../events.ts';
import { type GroupState, letterOf, type NodeState, stageOf } from '../node-state.ts';
import { classesInScope, classOf, isClassic, type ResourceClass } from './classic/classic-peer.ts';
import { isGiving, isHandingOver } from './handover.ts';
import { isHeld } from './letters.ts';

export interface Claim {
  readonly hold: StandbyScope | 'none';
  readonly stable: boolean;
  readonly info: 'standby' | 'shutdown' | undefined;
}

/** `undefined`: a real Heartbeat has not been greeted yet, nothing is claimed before that. */
export function claimOf(state: NodeState): Claim | undefined {
  const stage = stageOf(state);
  if (!isClassic(state)) return { hold: heldClass(state), stable: isStable(state), info: undefined };
  if (!state.peer.classic.introduced || state.options.legacyFailback === true) return undefined;
  if (stage === 'leaving' || stage === 'left') return { hold: 'none', stable: false, info: 'shutdown' };
  const giving = isGivingClass(state, 'ours') || isGivingClass(state, 'theirs');
  const busy = isHandingOver(state) && state.handoverPhase.value !== 'asking';
  return {
    hold: heldClass(state),
    stable: isStable(state) && !busy,
    info: giving ? 'standby' : undefined,
  };
}

/**
 * R1 counts by class, not by group. A class to which haresources gives no group is held by somebody all the same, as
 * with a real Heartbeat, so that two claims add up to everything: by its owner, unless the other one has taken it.
 */
export function heldClass(state: NodeState): Claim['hold'] {
  const local = holdsClass(state, 'ours');
  const foreign = holdsClass(state, 'theirs');
  return local && foreign ? 'all' : local ? 'local' : foreign ? 'foreign' : 'none';
}

/** An empty class is held here: it can be given away like any other. */
export function holdsEmptyClass(state: NodeState, resourceClass: ResourceClass): boolean {
  return groupsOf(state, resourceClass).length === 0 && holdsClass(state, resourceClass);
}

function holdsClass(state: NodeState, resourceClass: ResourceClass): boolean {
  const groups = groupsOf(state, resourceClass);
  if (groups.length > 0) return groups.some((group) => countsAsHeld(state, group));
  if (stageOf(state) !== 'member') return false;
  if (!isClassic(state)) return resourceClass === 'ours';
  const { presence, classic } = state.peer;
  if (presence !== 'up') return true;
  if (isGivingClass(state, resourceClass) || classic.held[resourceClass] || classic.handed[resourceClass]) return false;
  return resourceClass === 'ours' || (classic.stable && classic.claimSequence > 0);
}

const groupsOf = (state: NodeState, resourceClass: ResourceClass): GroupState[] =>
  state.groups.filter((group) => classOf(state, group) === resourceClass);

function isGivingClass(state: NodeState, resourceClass: ResourceClass): boolean {
  const { handover } = state;
  const phase = state.handoverPhase.value;
  const giving = phase === 'releasing' || phase === 'handing';
  return giving && handover !== undefined && classesInScope(handover.scope, 'us')[resourceClass];
}

function countsAsHeld(state: NodeState, group: NodeState['groups'][number]): boolean {
  const letter = letterOf(group);
  if (!isClassic(state)) return isHeld(letter);
  if (isGiving(state, group)) return false;
  if (isHeld(letter)) return true;
  const { held, handed } = state.peer.classic;
  const own = classOf(state, group);
  return letter === 'x' && !held[own] && !handed[own];
}

function isStable(state: NodeState): boolean {
  return stageOf(state) === 'member' && !state.groups.some((group) => ['s', 'p', 'u'].includes(letterOf(group)));
}
