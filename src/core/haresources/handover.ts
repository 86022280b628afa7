/**
 * Handing groups over on purpose: `hb_standby`, `hb_takeover`, auto_failback. The handshake of heartbeat's R1 protocol
 * (`ask_resources`), with the groups named in `pbask`; the offer that permits the peer's start is the letter in the
 * report, so a lost `done` loses nothing.
 */
import { tellGiving } from '../cluster-events.ts';
import type { NodeEvent, StandbyScope } from '../events.ts';
import { advance } from '../machine.ts';
import { type GroupState, type Handover, isOwnerOf, letterOf, type NodeState, stageOf } from '../node-state.ts';
import { mayFailBack, noteFetched } from '../ping/going-home.ts';
import type { Problem } from '../result.ts';
import { arm, disarm } from '../timers.ts';
import { type Message, messageOf, textOf } from '../transport/message.ts';
import { compareText, type NodeName, usPerMs, usPerSecond } from '../types.ts';
import { holdsEmptyClass } from './claim.ts';
import {
  cannotGive,
  canTake,
  classicDone,
  givenByPeer,
  groupsToGive,
  groupsToTake,
  isEmptyScope,
  noteHanded,
  noteTakingEnded,
  takenByPeer,
} from './classic/classic-handover.ts';
import { isClassic } from './classic/classic-peer.ts';
import { statementOf } from './facts.ts';
import { stopGroup } from './groups.ts';
import { type HandoverEvent, handoverMachine } from './handover-machine.ts';
import { type GroupLetter, isOffered } from './letters.ts';
import { noSuchGroup } from './no-such-group.ts';

/** How often `me` is said again while nobody answers, and after how long we give up: 10 s, as Heartbeat. */
const askAgainUs = 200 * usPerMs;
const askGiveUpUs = 10 * usPerSecond;
/** Scripts may take long; heartbeat allows an hour as well. */
const handingGiveUpUs = 3600 * usPerSecond;

type MessageEvent = Extract<NodeEvent, { type: 'message' }>;

export const isHandingOver = (state: NodeState): boolean => state.handoverPhase.value !== 'idle';

/**
 * Gives this node's groups of that scope to the peer, or only those of them that `only` names. Answers the request at
 * once if it cannot be done.
 */
export function askStandby(
  state: NodeState,
  scope: StandbyScope,
  reason: 'standby' | 'failback' | 'ipfail',
  requestId: number | undefined,
  only?: readonly string[],
): void {
  const problem = cannotNarrow(state, scope, only) ?? cannotHandOver(state, scope, only);
  if (problem !== undefined) {
    if (requestId !== undefined) state.effects.push({ type: 'reply', requestId, ok: false, problem, final: true });
    return;
  }
  const given = isClassic(state) ? groupsToGive(state, scope) : givableGroups(state, scope, only);
  const keys = given.map((group) => group.configuration.key);
  state.handover = { reason, scope, keys, requestId, startedUs: state.nowUs, moving: false };
  step(state, { type: 'ask' });
  const fields = { scope, reason, groups: keys.join(' ') };
  recordRequest(state, reason === 'failback' ? reason : 'standby', state.options.self, state.options.peer);
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'handover-asked', fields } });
  if (requestId !== undefined) state.effects.push({ type: 'reply', requestId, ok: true, final: false });
  sayAsk(state, 'me');
  // A real Heartbeat counts a second `me` as a second request; it asks for what it misses.
  if (!isClassic(state)) arm(state.timers, 'handover again', state.nowUs + askAgainUs);
  arm(state.timers, 'handover limit', state.nowUs + askGiveUpUs);
}

/** `ask_resources` of the peer. */
export function handoverMessage(state: NodeState, event: MessageEvent): void {
  const info = textOf(event.message, 'info');
  const keys = askedGroups(event.message) ?? [];
  if (info === 'me') peerAsks(state, event, keys);
  if (info === 'other' && state.handoverPhase.value === 'asking') peerAgrees(state);
  if (info === 'no' && state.handoverPhase.value === 'asking')
    finish(state, { type: 'refused' }, { code: 'peer-refused', fields: { peer: state.options.peer } });
  if (info === 'done' && isClassic(state)) classicDone(state, event);
}

export function handoverTimer(state: NodeState, name: string): void {
  if (name === 'handover again' && state.handoverPhase.value === 'asking') {
    sayAsk(state, 'me');
    arm(state.timers, 'handover again', state.nowUs + askAgainUs);
  }
  if (name === 'handover limit')
    finish(state, { type: 'timeout' }, { code: 'handover-timeout', fields: { peer: state.options.peer } });
}

/** Called after every event: has the handshake come to its next phase? */
export function settleHandover(state: NodeState): void {
  const { handover } = state;
  if (handover === undefined) return;
  if (state.peer.presence !== 'up' || !state.peer.fresh) {
    finish(state, { type: 'peerGone' }, { code: 'peer-gone', fields: { peer: state.options.peer } });
    return;
  }
  const groups = state.groups.filter((group) => handover.keys.includes(group.configuration.key));
  if (state.handoverPhase.value === 'releasing') settleReleasing(state, groups);
  if (state.handoverPhase.value === 'handing') settleHanding(state, groups);
  if (state.handoverPhase.value === 'taking') settleTaking(state, groups);
}

/** auto_failback on: the peer is back and well, and we hold what is its own. Once for each time it comes back. */
export function settleFailback(state: NodeState): void {
  const { peer } = state;
  if (!peer.failbackDue || peer.presence !== 'up' || !peer.fresh || peer.deafSinceUs !== undefined) return;
  if (stageOf(state) !== 'member' || peer.report?.stage !== 'member' || isHandingOver(state)) return;
  if (state.groups.some((group) => ['s', 'p', 'u'].includes(letterOf(group)) || group.disputedSinceUs !== undefined))
    return;
  if (!mayFailBack(state)) return;
  peer.failbackDue = false;
  state.reach.fetched = false;
  if (!state.options.autoFailback) return;
  const empty = isClassic(state) && holdsEmptyClass(state, 'theirs');
  if (givableGroups(state, 'foreign').length > 0 || empty) askStandby(state, 'foreign', 'failback', undefined);
}

/** This node has agreed to give the group away, and the peer waits for it. */
export function isGiving(state: NodeState, group: GroupState): boolean {
  const phase = state.handoverPhase.value;
  const giving = phase === 'releasing' || phase === 'handing';
  return giving && state.handover?.keys.includes(group.configuration.key) === true;
}

/** Groups of the scope, seen from this node; of these only the ones named, where any are. */
export function groupsInScope(state: NodeState, scope: StandbyScope, only?: readonly string[]): GroupState[] {
  return state.groups.filter(
    (group) =>
      (scope === 'all' || (scope === 'local') === isOwnerOf(state, group)) &&
      (only === undefined || only.includes(group.configuration.key)),
  );
}

/** The groups that a message of the peer names; `undefined` when it means the whole scope. */
export function askedGroups(message: Message): readonly string[] | undefined {
  return textOf(message, 'pbask')
    ?.split(' ')
    .filter((key) => key !== '');
}

/**
 * Why a handover of single groups is impossible: one of them does not exist, or the peer is a real Heartbeat, which
 * counts what it holds by class. There, all groups of the class or none.
 */
export function cannotNarrow(
  state: NodeState,
  scope: StandbyScope,
  only: readonly string[] | undefined,
): Problem | undefined {
  if (only === undefined) return undefined;
  const unknown = only.find((key) => !state.groups.some((group) => group.configuration.key === key));
  if (unknown !== undefined) return noSuchGroup(state, unknown);
  if (state.peer.product !== 'heartbeat') return undefined;
  const whole = groupsInScope(state, scope).every((group) => only.includes(group.configuration.key));
  return whole ? undefined : { code: 'peer-takes-classes', fields: { peer: state.options.peer } };
}

function givableGroups(state: NodeState, scope: StandbyScope, only?: readonly string[]): GroupState[] {
  return groupsInScope(state, scope, only).filter(
    (group) => letterOf(group) === 'r' && group.unmanaged === undefined && peerCanRun(state, group),
  );
}

/** A group that its haresources does not name it would never start, and we might not be allowed to again. */
function peerCanRun(state: NodeState, group: GroupState): boolean {
  const theirs = statementOf(state, group);
  return theirs === undefined ? state.peer.product !== 'pairbeat' : theirs.letter !== 'x';
}

function cannotHandOver(state: NodeState, scope: StandbyScope, only?: readonly string[]): Problem | undefined {
  const fields = { peer: state.options.peer, scope: only?.join(' ') ?? scope };
  if (stageOf(state) !== 'member') return { code: 'not-a-member', fields: { stage: stageOf(state) } };
  if (isHandingOver(state)) return { code: 'handover-in-progress', fields };
  if (state.peer.presence !== 'up') return { code: 'peer-not-there', fields };
  if (!state.peer.fresh || state.peer.report?.stage !== 'member') return { code: 'peer-not-ready', fields };
  if (state.groups.some((group) => ['s', 'p', 'u'].includes(letterOf(group))))
    return { code: 'transition-in-progress', fields };
  if (isClassic(state)) return cannotGive(state, scope);
  const held = groupsInScope(state, scope, only).filter((group) => letterOf(group) === 'r');
  if (held.length === 0) return { code: 'nothing-to-give', fields };
  if (held.every(({ unmanaged }) => unmanaged !== undefined)) return { code: 'only-unmanaged', fields };
  if (givableGroups(state, scope, only).length === 0) return { code: 'peer-cannot-run', fields };
  return undefined;
}

/** Both asked at once: the lower node name goes on, the other takes. A real Heartbeat always goes on. */
function peerAsks(state: NodeState, event: MessageEvent, named: readonly string[]): void {
  const scope = scopeOf(event);
  const keys = isClassic(state) ? groupsToTake(state, scope).map((group) => group.configuration.key) : named;
  const fresh = isClassic(state)
    ? canTake(state, scope)
    : Number.parseInt(textOf(event.message, 'pbto') ?? '0', 16) === state.generation;
  const peerFirst = isClassic(state) || compareText(state.options.self, state.options.peer) > 0;
  const crossing = state.handoverPhase.value === 'asking' && peerFirst;
  if (crossing) finish(state, { type: 'refused' }, { code: 'peer-asked-first', fields: { peer: state.options.peer } });
  if (state.handoverPhase.value === 'asking' || state.handoverPhase.value === 'releasing') return;
  const something = keys.length > 0 || (isClassic(state) && isEmptyScope(state, scope));
  const willing = fresh && stageOf(state) === 'member' && state.hostReady && something;
  if (willing && state.handoverPhase.value === 'idle') {
    state.handover = { reason: 'peer', scope, keys, requestId: undefined, startedUs: state.nowUs, moving: false };
    step(state, { type: 'asked' });
    noteFetched(state);
    recordRequest(state, 'standby', state.options.peer, state.options.self);
    arm(state.timers, 'handover limit', state.nowUs + askGiveUpUs);
  }
  if (willing || !isClassic(state)) return sayAsk(state, willing ? 'other' : 'no');
  // It keeps everything when nobody answers.
  const fields = { peer: state.options.peer, scope };
  state.effects.push({ type: 'log', level: 'warning', message: { code: 'handover-not-taken', fields } });
}

function scopeOf(event: MessageEvent): StandbyScope {
  const hold = textOf(event.message, 'rsc_hold');
  return hold === 'local' || hold === 'foreign' ? hold : 'all';
}

function peerAgrees(state: NodeState): void {
  step(state, { type: 'agreed' });
  disarm(state.timers, 'handover again');
  arm(state.timers, 'handover limit', state.nowUs + handingGiveUpUs);
  for (const group of state.groups) {
    if (state.handover?.keys.includes(group.configuration.key) !== true || letterOf(group) !== 'r') continue;
    tellGiving(state, group.configuration.key);
    stopGroup(state, group, 'offered');
  }
}

function settleReleasing(state: NodeState, groups: readonly GroupState[]): void {
  if (groups.some((group) => letterOf(group) === 'p' || letterOf(group) === 'u')) return;
  const stuck = groups.find((group) => letterOf(group) === 'f');
  if (stuck !== undefined) {
    finish(
      state,
      { type: 'failed' },
      { code: 'group-stop-failed', fields: { group: stuck.configuration.key, reason: stuck.lastFailure ?? '' } },
    );
    return;
  }
  step(state, { type: 'released' });
  state.effects.push({
    type: 'record',
    record: { kind: 'handoverReleased', us: state.nowUs, from: state.options.self },
  });
  sayAsk(state, 'done');
  if (isClassic(state) && state.handover !== undefined) noteHanded(state, state.handover.scope);
}

function settleHanding(state: NodeState, groups: readonly GroupState[]): void {
  if (isClassic(state)) return settleClassicHanding(state, groups);
  // Start-failed here: it has come back already, and did not start here either.
  if (groups.some((group) => letterOf(group) === 'o')) return;
  const letters = groups.map((group) => statementOf(state, group)?.letter ?? '-');
  if (letters.some((letter) => letter === 's')) return;
  const failed = groups.find((_, index) => letters[index] !== 'r');
  if (failed === undefined) finish(state, { type: 'taken' }, undefined);
  else
    finish(
      state,
      { type: 'failed' },
      { code: 'peer-could-not-start', fields: { group: failed.configuration.key, peer: state.options.peer } },
    );
}

function settleClassicHanding(state: NodeState, groups: readonly GroupState[]): void {
  const outcome = takenByPeer(state, groups);
  if (outcome === 'taken') finish(state, { type: 'taken' }, undefined);
  const fields = { group: groups[0]?.configuration.key ?? '', peer: state.options.peer };
  if (outcome === 'failed') finish(state, { type: 'failed' }, { code: 'peer-could-not-start', fields });
}

function settleTaking(state: NodeState, groups: readonly GroupState[]): void {
  const { handover } = state;
  if (handover === undefined) return;
  if (groups.length === 0 && !givenByPeer(state, handover.scope)) return settleClassicTaking(state, handover, groups);
  if (groups.every((group) => letterOf(group) === 'r')) {
    sayAsk(state, 'done');
    finish(state, { type: 'taken' }, undefined);
    return;
  }
  const { peer } = state.options;
  const unable = groups.find((group) => letterOf(group) === 'x' || letterOf(group) === 'f');
  if (unable !== undefined) {
    const fields = { group: unable.configuration.key, reason: unable.lastFailure ?? '' };
    if (isClassic(state) && groups.some((group) => isMovingHere(letterOf(group)))) return;
    if (isClassic(state)) sayAsk(state, 'done');
    finish(state, { type: 'failed' }, { code: 'group-start-failed', fields });
    return;
  }
  if (isClassic(state)) return settleClassicTaking(state, handover, groups);
  const letters = groups.map((group) => statementOf(state, group)?.letter ?? '-');
  if (!handover.moving && letters.some((letter) => letter !== 'r')) {
    handover.moving = true;
    arm(state.timers, 'handover limit', state.nowUs + handingGiveUpUs);
  }
  // The giver has given up when nothing is on its way any more, neither there nor here.
  const underWay = groups.some(
    (group, index) => isMoving(letters[index]!) || ['s', 'p', 'u'].includes(letterOf(group)),
  );
  if (handover.moving && !underWay) finish(state, { type: 'failed' }, { code: 'peer-refused', fields: { peer } });
}

const isMovingHere = (letter: GroupLetter): boolean => letter === 's' || letter === 'p' || letter === 'u';

/** A real Heartbeat is not stable while it gives; stable again without having said `done`, it has given up. */
function settleClassicTaking(state: NodeState, handover: Handover, groups: readonly GroupState[]): void {
  const isStable = state.peer.report?.stage === 'member';
  if (!isStable && !handover.moving) {
    handover.moving = true;
    arm(state.timers, 'handover limit', state.nowUs + handingGiveUpUs);
  }
  const underWay = groups.some(
    (group) => isMovingHere(letterOf(group)) || isOffered(statementOf(state, group)?.letter ?? '-'),
  );
  const { peer } = state.options;
  if (!handover.moving || !isStable || underWay) {
    handover.stableSinceUs = undefined;
    return;
  }
  // A script of its own that ends meanwhile may say so as well: only a peer that remains stable has given up.
  handover.stableSinceUs ??= state.nowUs;
  const dueUs = handover.stableSinceUs + askGiveUpUs;
  if (state.nowUs < dueUs) arm(state.timers, 'handover doubt', dueUs);
  else finish(state, { type: 'failed' }, { code: 'peer-refused', fields: { peer } });
}

/** Being stopped there, or stopped for us to start. */
function isMoving(letter: GroupLetter): boolean {
  return letter === 'p' || letter === 'u' || isOffered(letter);
}

function finish(state: NodeState, event: HandoverEvent, problem: Problem | undefined): void {
  const { handover } = state;
  step(state, event);
  if (state.handoverPhase.value !== 'idle' || handover === undefined) return;
  state.handover = undefined;
  noteTakingEnded(state);
  disarm(state.timers, 'handover again');
  disarm(state.timers, 'handover limit');
  const tookMs = (state.nowUs - handover.startedUs) / usPerMs;
  const fields = { scope: handover.scope, reason: handover.reason, tookMs, problem: problem?.code ?? '' };
  state.effects.push({
    type: 'log',
    level: problem === undefined ? 'notice' : 'warning',
    message: { code: problem === undefined ? 'handover-done' : 'handover-failed', fields },
  });
  if (handover.requestId === undefined) return;
  if (problem === undefined)
    state.effects.push({ type: 'reply', requestId: handover.requestId, ok: true, final: true });
  else state.effects.push({ type: 'reply', requestId: handover.requestId, ok: false, problem, final: true });
}

function recordRequest(state: NodeState, reason: 'standby' | 'failback', from: NodeName, to: NodeName): void {
  state.effects.push({ type: 'record', record: { kind: 'handoverRequested', us: state.nowUs, reason, from, to } });
}

function sayAsk(state: NodeState, info: 'me' | 'other' | 'no' | 'done'): void {
  const { handover } = state;
  const fields = { rsc_hold: handover?.scope ?? 'all', info, pbask: handover?.keys.join(' ') ?? '' };
  state.effects.push({ type: 'send', message: messageOf('ask_resources', fields) });
}

function step(state: NodeState, event: HandoverEvent): void {
  state.handoverPhase = advance<undefined, typeof handoverMachine>(
    handoverMachine,
    state.handoverPhase,
    event,
  ).snapshot;
}
