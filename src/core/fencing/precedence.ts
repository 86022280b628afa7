/**
 * Who strikes first when the two lose sight of each other and both reach for their devices. Without an arbiter both
 * attempts may succeed, and then nothing runs anywhere. So the node that held less gives the other a head start; with
 * equal holdings the one whose name is the greater. Both know the same two reports, so both come to the same answer,
 * except for what changed in the last moment before the silence (S5).
 */
import { isClassic } from '../haresources/classic/classic-peer.ts';
import { statementOf } from '../haresources/facts.ts';
import { isHeld } from '../haresources/letters.ts';
import { isOwnerOf, letterOf, type NodeState } from '../node-state.ts';
import { compareText } from '../types.ts';

/** 0: at once. */
export function delayBeforeFirstAttemptMs(state: NodeState): number {
  const ours = state.groups.filter((group) => isHeld(letterOf(group))).length;
  const theirs = state.groups.filter((group) => heldThere(state, group)).length;
  const first = ours === theirs ? compareText(state.options.self, state.options.peer) < 0 : ours > theirs;
  return first ? 0 : (state.options.fencing?.delayMs ?? 0);
}

function heldThere(state: NodeState, group: NodeState['groups'][number]): boolean {
  if (isClassic(state)) return state.peer.classic.held[isOwnerOf(state, group) ? 'ours' : 'theirs'];
  return isHeld(statementOf(state, group)?.letter ?? '-');
}
