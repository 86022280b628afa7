/**
 * Who is there. The transport says that the peer was heard or fell silent; here it becomes presence: never seen, up,
 * silent, left. Silence is a reason to act, never proof about the peer: what may be started is the gate's business.
 */
import { endAlarm, hasAlarm, raiseAlarm } from './alarms.ts';
import { followDifference } from './configuration-difference.ts';
import type { NodeEvent } from './events.ts';
import { standDownFencing } from './fencing/workflow.ts';
import { announce } from './haresources/addresses.ts';
import { readClassicMessage } from './haresources/classic/classic-messages.ts';
import { createClassicPeer, isClassic } from './haresources/classic/classic-peer.ts';
import { statementOf } from './haresources/facts.ts';
import { sendToGroup } from './haresources/groups.ts';
import { decodeReport } from './haresources/report.ts';
import { type LifeEvent, lifeMachine } from './life-machine.ts';
import { advance } from './machine.ts';
import { letterOf, type NodeState, stageOf } from './node-state.ts';
import { arm } from './timers.ts';
import { type Message, textOf } from './transport/message.ts';
import { usPerMs } from './types.ts';

type EventOf<Type extends NodeEvent['type']> = Extract<NodeEvent, { type: Type }>;

export function peerHeard(state: NodeState, event: EventOf<'peerHeard'>): void {
  const { peer } = state;
  peer.linkViewVersion = Math.max(peer.linkViewVersion, event.linkViewVersion);
  peer.lastHeardUs = event.nowUs;
  if (event.generation !== peer.generation || event.uuid !== peer.uuid) forgetStatements(state);
  // What it said before the silence may no longer hold.
  peer.fresh = false;
  peer.classic = { ...peer.classic, knowsUsSince: undefined, nodesAskedUs: undefined, firstAskedUs: undefined };
  standDownFencing(state);
  state.fencing.peerSeen = true;
  peer.generation = event.generation;
  peer.uuid = event.uuid;
  peer.presence = 'up';
  endAlarm(state, 'peer-does-not-hear-us');
  peer.failbackDue = true;
  peer.returnedUs = event.returning ? event.nowUs : undefined;
  const code = event.returning ? 'peer-returned' : 'peer-heard';
  const fields = {
    peer: event.node,
    generation: event.generation,
    silentMs: event.returning ? (event.nowUs - peer.silentSinceUs) / usPerMs : 0,
  };
  state.effects.push({ type: 'log', level: event.returning ? 'warning' : 'notice', message: { code, fields } });
  // A group that was taken on silence is not announced: the other side may be its rightful keeper.
  if (event.returning)
    announce(
      state,
      state.groups.filter((group) => !group.marked),
    );
}

export function peerSilent(state: NodeState, event: EventOf<'peerSilent'>): void {
  const { peer } = state;
  if (event.linkViewVersion < peer.linkViewVersion) return;
  peer.linkViewVersion = event.linkViewVersion;
  // After an own pause the silence was ours: only what is heard from now on counts.
  if (peer.presence === 'never') return;
  const wasLeft = peer.presence === 'left';
  peer.deadtimeMs = event.deadtimeMs;
  peer.silentSinceUs = event.lastHeardUs;
  if (wasLeft) return;
  peer.presence = 'silent';
  state.effects.push({
    type: 'record',
    record: { kind: 'peerSilent', us: event.nowUs, node: event.node, lastHeardUs: event.lastHeardUs },
  });
  const silentMs = (event.nowUs - event.lastHeardUs) / usPerMs;
  state.effects.push({
    type: 'log',
    level: 'warning',
    message: { code: 'peer-silent', fields: { peer: event.node, silentMs, deadtimeMs: event.deadtimeMs } },
  });
  peerGone(state);
}

/**
 * A peer that lives but does not hear us holds whatever it holds. As long as it talks, this node goes on waiting: to
 * start beside it would be a split with open eyes.
 */
export function peerDoesNotHearUs(state: NodeState): void {
  if (state.peer.presence !== 'never') return;
  raiseAlarm(state, { code: 'peer-does-not-hear-us', fields: { node: state.options.peer } });
  const untilUs = state.nowUs + 2 * state.options.deadtimeMs * usPerMs;
  if (untilUs <= state.waitingSinceUs + state.waitMs * usPerMs) return;
  state.waitMs = (untilUs - state.waitingSinceUs) / usPerMs;
  arm(state.timers, 'wait', untilUs);
}

/** Any verified message of the peer's present incarnation: its status, its report. False: not of the peer as we know it. */
export function peerMessage(state: NodeState, event: EventOf<'message'>): boolean {
  const { peer } = state;
  if (event.generation !== peer.generation || peer.presence === 'left' || peer.presence === 'silent') return false;
  peer.linkViewVersion = Math.max(peer.linkViewVersion, event.linkViewVersion);
  peer.lastHeardUs = event.nowUs;
  if (peer.presence === 'never') {
    peer.presence = 'up';
    endAlarm(state, 'peer-does-not-hear-us');
  }
  readStatus(state, event);
  if (isClassic(state)) readClassicMessage(state, event);
  else readReport(state, event);
  return true;
}

/** `shutdone`: a graceful stop is over. Its groups are free at once, no deadtime to wait for. */
export function peerLeft(state: NodeState): void {
  if (state.peer.presence !== 'up') return;
  state.peer.presence = 'left';
  state.peer.silentSinceUs = state.nowUs;
  state.effects.push({
    type: 'log',
    level: 'notice',
    message: { code: 'peer-left', fields: { peer: state.options.peer } },
  });
  peerGone(state);
}

/** Membership itself: when is there nobody left to wait for? */
export function settleMembership(state: NodeState): void {
  if (stageOf(state) !== 'joining' || !state.hostReady) return;
  const { peer } = state;
  const waited = state.nowUs - state.waitingSinceUs >= state.waitMs * usPerMs;
  // An operator who says that the peer is off has ended the waiting for it.
  const { proof } = state.fencing;
  if (proof?.by === 'operator' && proof.confirmedUs >= state.waitingSinceUs) return join(state);
  const known = peer.presence === 'up' ? peer.fresh && peer.report !== undefined : peer.presence !== 'never' || waited;
  if (known) join(state);
}

function join(state: NodeState): void {
  const alone = state.peer.presence !== 'up';
  sendToLife(state, { type: 'joined' });
  state.effects.push({
    type: 'log',
    level: alone ? 'warning' : 'notice',
    message: { code: alone ? 'joined-alone' : 'joined', fields: { peer: state.options.peer } },
  });
}

export function sendToLife(state: NodeState, event: LifeEvent): void {
  state.life = advance<undefined, typeof lifeMachine>(lifeMachine, state.life, event).snapshot;
}

/** After a pause or a rejoin: what the peer said before was said to somebody else. */
export function forgetStatements(state: NodeState): void {
  const { peer } = state;
  peer.report = undefined;
  peer.classic = createClassicPeer();
  peer.overheard = undefined;
  peer.fresh = false;
  peer.deafSinceUs = undefined;
}

/** A node that failed to start a group tries once more when it is the only one left. */
function peerGone(state: NodeState): void {
  state.peer.deafSinceUs = undefined;
  for (const group of state.groups) {
    group.disputedSinceUs = undefined;
    if (letterOf(group) === 'x') sendToGroup(state, group, { type: 'cleanup' });
  }
}

function readStatus(state: NodeState, event: EventOf<'message'>): void {
  const { peer } = state;
  const status = textOf(event.message, 'st');
  if (textOf(event.message, 't') !== 'status') return;
  if (status !== undefined) peer.status = status;
  const deadtime = Number.parseInt(textOf(event.message, 'dt') ?? '', 16);
  if (deadtime > 0) peer.deadtimeMs = deadtime;
  const isHeartbeat = textOf(event.message, 'pbver') === undefined;
  readProduct(state, isHeartbeat ? 'heartbeat' : 'pairbeat');
  peer.configurationDigest = textOf(event.message, 'pbdig') ?? (isHeartbeat ? undefined : peer.configurationDigest);
  compareConfigurations(state, event.message);
  readHearing(state, textOf(event.message, 'pbsees'));
}

/** Its groups will be offered one by one as they stop; the outage of each is counted from here. */
function peerIsLeaving(state: NodeState): void {
  const { self, peer } = state.options;
  state.effects.push({
    type: 'record',
    record: { kind: 'handoverRequested', us: state.nowUs, reason: 'stop', from: peer, to: self },
  });
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'peer-leaving', fields: { peer } } });
}

/** Only what both files have can be run by both; a group that one of them lacks is not started beside the other node. */
function compareConfigurations(state: NodeState, status: Message): void {
  const { configurationDigest: theirs } = state.peer;
  const differs = theirs !== undefined && theirs !== state.options.configurationDigest.slice(0, theirs.length);
  followDifference(state, theirs ?? '', differs, status);
  if (!differs) return configurationsAgree(state);
  if (hasAlarm(state, 'configuration-differs')) return;
  const problem = { code: 'configuration-differs', fields: { peer: state.options.peer } };
  raiseAlarm(state, problem);
  state.effects.push({ type: 'log', level: 'error', message: problem });
}

function configurationsAgree(state: NodeState): void {
  if (!hasAlarm(state, 'configuration-differs')) return;
  endAlarm(state, 'configuration-differs');
  const message = { code: 'configuration-agrees', fields: { peer: state.options.peer } };
  state.effects.push({ type: 'log', level: 'notice', message });
}

/** `pbver` tells: a node without it is a real Heartbeat, which claims classes and sends no reports. */
function readProduct(state: NodeState, product: 'heartbeat' | 'pairbeat'): void {
  if (state.peer.product === product) return;
  state.peer.product = product;
  forgetStatements(state);
  if (product === 'pairbeat') return;
  const fields = { peer: state.options.peer };
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'peer-is-heartbeat', fields } });
}

/** One-way loss: it says that it does not hear us, or has not heard us in this life of its own, although we hear it. */
function readHearing(state: NodeState, sees: string | undefined): void {
  const { peer } = state;
  if (sees !== 'dead' && sees !== 'init') {
    peer.deafSinceUs = undefined;
    return;
  }
  if (peer.deafSinceUs !== undefined) return;
  peer.deafSinceUs = state.nowUs;
}

/**
 * Reports may overtake each other on the wire: an older one than the last is not read. A report may also have been put
 * together before the peer's node knew of our present incarnation and sent with a header that already does: what it
 * acknowledges are then the versions of the one before.
 */
function readReport(state: NodeState, event: EventOf<'message'>): void {
  const { peer } = state;
  const report = decodeReport(event.message);
  if (report === undefined) return;
  if (peer.overheard === undefined || report.version >= peer.overheard.version) peer.overheard = report;
  const knowsUs = Number.parseInt(textOf(event.message, 'pbto') ?? '0', 16) === state.generation;
  const last = peer.report;
  if (last !== undefined && report.version < last.version) return;
  if (!knowsUs || report.ackGeneration !== state.generation || report.ack < (last?.ack ?? 0)) {
    // It has given us up (an operator called us off) and reads us no more: what it last said to us is no longer so.
    if (peer.deafSinceUs !== undefined && report.version > (last?.version ?? 0)) peer.fresh = false;
    return;
  }
  if (report.stage === 'leaving' && peer.report?.stage !== 'leaving') peerIsLeaving(state);
  peer.report = report;
  for (const group of state.groups) {
    group.stuckAtPeer = statementOf(state, group)?.letter === 'f';
    // What an operator said of the silent peer does not outlive the peer's own word.
    group.operatorWord = undefined;
  }
  peer.reportUs = state.nowUs;
  peer.fresh = true;
}
