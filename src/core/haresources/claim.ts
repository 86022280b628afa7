/**
 * The `resource` message: what this node claims by class, with `isstable` once nothing is on its way. Between Pairbeat
 * nodes it only accompanies the report; for a real Heartbeat it is all that there is, so it says less than nothing is
 * held while a class is being given away, and more where a start failed: the class is still this node's to give.
 */
import type { StandbyScope } from '../events.ts';
import { isOwnerOf, letterOf, type NodeState, stageOf } from '../node-state.ts';
import { classOf, isClassic } from './classic/classic-peer.ts';
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
  const giving = state.groups.some((group) => isGiving(state, group));
  const busy = isHandingOver(state) && state.handoverPhase.value !== 'asking';
  return {
    hold: heldClass(state),
    stable: isStable(state) && !busy,
    info: giving ? 'standby' : undefined,
  };
}

/**
 * R1 counts by class, not by group: a member that haresources gives nothing of its own claims `local` all the same, as
 * a real Heartbeat does, so that two such claims add up to everything; but not while a real Heartbeat claims that for
 * itself, which is how it says that it has taken over.
 */
export function heldClass(state: NodeState): Claim['hold'] {
  const holds = (mine: boolean) =>
    state.groups.some((group) => isOwnerOf(state, group) === mine && countsAsHeld(state, group));
  const ownsNothing = !state.groups.some((group) => isOwnerOf(state, group));
  const theirs = isClassic(state) && state.peer.classic.held.ours;
  const local = ownsNothing ? stageOf(state) === 'member' && !theirs : holds(true);
  const foreign = holds(false);
  return local && foreign ? 'all' : local ? 'local' : foreign ? 'foreign' : 'none';
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
