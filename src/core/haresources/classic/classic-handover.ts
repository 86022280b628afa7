/**
 * The R1 handshake where the other node is a real Heartbeat. It knows classes and no groups: everything of a class goes
 * at once, and the giver's `done` is the permission to start. So `done` is said only when nothing of the class is held
 * here, and never after a stop that failed (S9).
 */
import type { NodeEvent, StandbyScope } from '../../events.ts';
import { type GroupState, letterOf, type NodeState, stageOf } from '../../node-state.ts';
import type { Problem } from '../../result.ts';
import { holdsEmptyClass } from '../claim.ts';
import { statementOf } from '../facts.ts';
import { isHeld } from '../letters.ts';
import { noteGiven, noteTaken } from './classic-messages.ts';
import { type ClassFlags, classesInScope, classOf, eitherOf, noClass } from './classic-peer.ts';

type MessageEvent = Extract<NodeEvent, { type: 'message' }>;

/** Groups that go when this node gives a scope: all of its classes that the peer does not run anyway. */
export function groupsToGive(state: NodeState, scope: StandbyScope): GroupState[] {
  return groupsOf(state, classesInScope(scope, 'us')).filter((group) => !heldByPeer(state, group));
}

/** Groups that come when the peer gives a scope: what haresources has of its classes and we do not run anyway. */
export function groupsToTake(state: NodeState, scope: StandbyScope): GroupState[] {
  return groupsOf(state, classesInScope(scope, 'peer')).filter((group) => letterOf(group) !== 'r');
}

/** Why nothing of that scope can be given to a real Heartbeat now. */
export function cannotGive(state: NodeState, scope: StandbyScope): Problem | undefined {
  const fields = { peer: state.options.peer, scope };
  if (state.options.legacyFailback === true) return { code: 'peer-legacy', fields };
  const groups = groupsToGive(state, scope);
  const stuck = groups.find((group) => letterOf(group) === 'f');
  if (stuck !== undefined) {
    const reason = stuck.lastFailure ?? '';
    return { code: 'group-stop-failed', fields: { group: stuck.configuration.key, reason } };
  }
  // It would start the whole class, and with it what goes on running here.
  const unmanaged = groups.find((group) => group.unmanaged !== undefined);
  if (unmanaged !== undefined)
    return { code: 'class-unmanaged', fields: { ...fields, group: unmanaged.configuration.key } };
  const holds = groups.some((group) => letterOf(group) === 'r' || letterOf(group) === 'x');
  const classes = classesInScope(scope, 'us');
  const empty = (['ours', 'theirs'] as const).some((one) => classes[one] && holdsEmptyClass(state, one));
  return holds || empty ? undefined : { code: 'nothing-to-give', fields };
}

/** A peer that asks is answered only if all that it would give can be started here; else it keeps everything. */
export function canTake(state: NodeState, scope: StandbyScope): boolean {
  if (stageOf(state) !== 'member' || !state.hostReady || !state.peer.fresh) return false;
  if (isEmptyScope(state, scope)) return true;
  const groups = groupsToTake(state, scope);
  return groups.length > 0 && groups.every((group) => letterOf(group) === '-' || letterOf(group) === 'o');
}

/**
 * haresources has nothing of the classes that the peer would give: only its accounting moves, and for that it wants the
 * whole handshake all the same.
 */
export function isEmptyScope(state: NodeState, scope: StandbyScope): boolean {
  return groupsOf(state, classesInScope(scope, 'peer')).length === 0;
}

/** As taker: the peer has said that it is done with giving all of the scope. */
export function givenByPeer(state: NodeState, scope: StandbyScope): boolean {
  const { offered } = state.peer.classic;
  const { ours, theirs } = classesInScope(scope, 'peer');
  return (!ours || offered.ours) && (!theirs || offered.theirs);
}

/** Our `done` as giver has been said: from now on the peer may start all of it. */
export function noteHanded(state: NodeState, scope: StandbyScope): void {
  const { classic } = state.peer;
  classic.handed = eitherOf(classic.handed, classesInScope(scope, 'us'));
  classic.takenSequence = undefined;
}

/** Our taking has ended, well or not: what was offered to us is no permission any more. */
export function noteTakingEnded(state: NodeState): void {
  state.peer.classic.offered = noClass;
}

/** `ask_resources done` of the peer. */
export function classicDone(state: NodeState, event: MessageEvent): void {
  const phase = state.handoverPhase.value;
  const { handover } = state;
  if (handover === undefined) return;
  if (phase === 'taking') noteGiven(state, classesInScope(handover.scope, 'peer'), event);
  if (phase === 'handing') noteTaken(state, event);
}

/** As giver: the peer has said that it is done, and what it holds now. */
export function takenByPeer(state: NodeState, groups: readonly GroupState[]): 'waiting' | 'taken' | 'failed' {
  const { handed } = state.peer.classic;
  if (handed.ours || handed.theirs) return 'waiting';
  return groups.every((group) => heldByPeer(state, group)) ? 'taken' : 'failed';
}

function groupsOf(state: NodeState, classes: ClassFlags): GroupState[] {
  return state.groups.filter((group) => classes[classOf(state, group)]);
}

/** What nothing was said of counts as held. */
const heldByPeer = (state: NodeState, group: GroupState): boolean => isHeld(statementOf(state, group)?.letter ?? 'u');
