/**
 * The node machine: one event in, effects out. Every step has the same three parts: the event changes what is known,
 * `settle` draws the consequences until there are none left, `publish` tells the peer if anything it should know has
 * changed. Decisions are made in `settle` only, from levels rather than from events, so that a lost message or a
 * restarted process can never leave a decision undone.
 */
import { endAlarm, raiseAlarm } from './alarms.ts';
import { assert, unreachable } from './assert.ts';
import { changesNothing, noteRest } from './at-rest.ts';
import { readAttributes, settleAttributes } from './attributes.ts';
import { clientMessage } from './client-questions.ts';
import { tellLink, tellMessage, tellOwnMessages, tellStatusChanges } from './cluster-events.ts';
import { configurationMessage } from './configuration-difference.ts';
import { dopdHostLost, dopdMessage, outdateDone, settleDopd } from './dopd.ts';
import type { NodeEffect } from './effects.ts';
import type { NodeEvent, StandbyScope } from './events.ts';
import { fenceDeviceProbed, probeFenceDevices } from './fencing/devices.ts';
import { heardFencedPeer, isOfFencedIncarnation, recordProof, saysThatWeAreFenced } from './fencing/proof.ts';
import { fenceRecordWritten, fenceResult, settleFencing } from './fencing/workflow.ts';
import { announce, armPeriodicAnnounce } from './haresources/addresses.ts';
import { settleFailedClass } from './haresources/classic/classic-failure.ts';
import { settleClassicPeer } from './haresources/classic/classic-join.ts';
import { isClassic } from './haresources/classic/classic-peer.ts';
import { settleLegacyFailback } from './haresources/classic/legacy-failback.ts';
import { settleOrphanedClass } from './haresources/classic/orphaned-class.ts';
import { runCommand, settleTakeoverRequest } from './haresources/commands.ts';
import { factsFor, statementOf } from './haresources/facts.ts';
import { sendToGroup, startGroup, stopGroup } from './haresources/groups.ts';
import {
  askedGroups,
  askStandby,
  handoverMessage,
  handoverTimer,
  isGiving,
  isHandingOver,
  settleFailback,
  settleHandover,
} from './haresources/handover.ts';
import { linger, settleLeaving, stopRequested } from './haresources/leave.ts';
import { isHeld } from './haresources/letters.ts';
import { recordMarks, writeRecordsAgain } from './haresources/marks.ts';
import { settleMonitoring } from './haresources/monitor.ts';
import { noteNodeList } from './haresources/node-list-messages.ts';
import { publish } from './haresources/publish.ts';
import { isReadyToStart, reconfigure, settleResources } from './haresources/reconfigure.ts';
import { settleDisputes } from './haresources/split.ts';
import { recordUnmanaged, settleUnmanaged } from './haresources/unmanage.ts';
import {
  addressConflict,
  boot,
  fencedAlive,
  guardianActed,
  hostLost,
  hostReady,
  isProbing,
  operationResult,
  ownPause,
  rejoined,
  settlePaused,
} from './host-events.ts';
import { peerDoesNotHearUs, peerHeard, peerLeft, peerMessage, peerSilent, settleMembership } from './membership.ts';
import { letterOf, type NodeState, stageOf } from './node-state.ts';
import { evidenceFor } from './ownership.ts';
import { settleIpfail } from './ping/ipfail.ts';
import { ipfailMessage, sayIpfailCount } from './ping/ipfail-messages.ts';
import { pingDeadline } from './ping/ping-nodes.ts';
import { settlePingd } from './ping/pingd.ts';
import { askPingNodes, beginReach, pingNodeAnswered } from './ping/reach.ts';
import { arm, earliest, takeDue } from './timers.ts';
import { textOf } from './transport/message.ts';
import { type Microseconds, usPerSecond } from './types.ts';

/** How long a disk that failed is left alone. */
const writeAgainUs = usPerSecond;

/** Rounds of consequences within one step; more would mean that two rules undo each other. */
const settleRoundsMax = 50;

export function stepNode(state: NodeState, event: NodeEvent): NodeEffect[] {
  assert(event.nowUs >= state.nowUs, `time runs forward: ${event.nowUs} after ${state.nowUs}`);
  state.nowUs = event.nowUs;
  state.effects = [];
  return changesNothing(state, event) ? state.effects : stepInFull(state, event);
}

/** The step whose consequences nobody knows yet. */
export function stepInFull(state: NodeState, event: NodeEvent): NodeEffect[] {
  take(state, event);
  askPingNodes(state);
  if (stageOf(state) !== 'left') settle(state);
  settleDopd(state);
  settlePingd(state);
  settleAttributes(state);
  sayIpfailCount(state);
  publish(state);
  recordMarks(state);
  recordUnmanaged(state);
  recordProof(state);
  tellStatusChanges(state);
  tellOwnMessages(state);
  noteRest(state, event);
  return state.effects;
}

/** When `timer` is due, if at all. */
export function nodeDeadline(state: NodeState): Microseconds | undefined {
  const timer = earliest(state.timers);
  const ping = pingDeadline(state.reach.nodes);
  return timer === undefined || ping === undefined ? (timer ?? ping) : Math.min(timer, ping);
}

function take(state: NodeState, event: NodeEvent): void {
  if (stageOf(state) === 'paused' && isFromPeer(event)) return;
  switch (event.type) {
    case 'boot':
      boot(state, event);
      return beginReach(state);
    case 'timer':
      return timer(state);
    case 'peerHeard':
      if (isOfFencedIncarnation(state, event.generation, event.uuid)) return heardFencedPeer(state);
      return peerHeard(state, event);
    case 'peerSilent':
      return peerSilent(state, event);
    case 'message':
      return message(state, event);
    case 'peerDoesNotHearUs':
      return peerDoesNotHearUs(state);
    case 'ownPause':
      return ownPause(state, event);
    case 'lateHeartbeat':
      return;
    case 'linkState':
      return linkState(state, event);
    case 'operationResult':
      return operationResult(state, event.result);
    case 'hostLost':
      dopdHostLost(state);
      return hostLost(state, event.reason);
    case 'hostReady':
      return hostReady(state, event.hello);
    case 'guardianActed':
      return guardianActed(state, event.inventory);
    case 'addressConflict':
      return addressConflict(state, event.conflict);
    case 'outdateDone':
      return outdateDone(state, event);
    case 'fenceResult':
      return fenceResult(state, event);
    case 'fenceDeviceProbed':
      return fenceDeviceProbed(state, event);
    case 'pingAnswer':
      return pingNodeAnswered(state, event);
    case 'recordPersisted':
      fenceRecordWritten(state, event.recordId);
      return recordPersisted(state, event.ok);
    case 'rejoined':
      return rejoined(state, event.generation);
    case 'command':
      return runCommand(state, event);
    case 'reconfigure':
      return reconfigure(state, event.settings);
    case 'stopRequested':
      return stopRequested(state);
    default:
      unreachable(event, 'stepNode');
  }
}

function settle(state: NodeState): void {
  for (let round = 0; ; round++) {
    assert(round < settleRoundsMax, 'the rules come to an end');
    const before = outlineOf(state);
    settleClassicPeer(state);
    settleMembership(state);
    settleFencing(state);
    settleResources(state);
    if (!isProbing(state)) settleGroups(state);
    settleMonitoring(state);
    settleDisputes(state);
    settleHandover(state);
    settleFailback(state);
    settleFailedClass(state);
    settleLegacyFailback(state);
    settleIpfail(state);
    settleOrphanedClass(state);
    settleTakeoverRequest(state);
    settleLeaving(state);
    settlePaused(state);
    settleUnmanaged(state);
    if (outlineOf(state) === before) return;
  }
}

/** What one rule decides and another goes by. */
function outlineOf(state: NodeState): string {
  let letters = '';
  for (const group of state.groups) letters += letterOf(group);
  return `${letters} ${stageOf(state)} ${isHandingOver(state)}`;
}

/** The rules of the haresources manager for each group; what may start is asked of the ownership gate. */
function settleGroups(state: NodeState): void {
  for (const group of state.groups) {
    const letter = letterOf(group);
    if (letter === 'u' && state.hostReady && group.inFlight === undefined) {
      stopGroup(state, group, stageOf(state) === 'leaving' || isGiving(state, group) ? 'offered' : 'stopped');
    }
    if (letter === 'o') settleOffer(state, group);
    if (group.marked && letter === 'r') settleMark(state, group);
    if (letterOf(group) !== '-' || !isReadyToStart(state, group)) continue;
    const evidence = evidenceFor(factsFor(state, group));
    if (evidence.ok) startGroup(state, group, evidence.value);
  }
}

/** An offer ends when the peer has read it: it runs the group now, or it did not want it. */
function settleOffer(state: NodeState, group: NodeState['groups'][number]): void {
  if (stageOf(state) === 'leaving' || (isClassic(state) && isGiving(state, group))) return;
  const { peer } = state;
  const read = peer.presence !== 'up' || (peer.fresh && (peer.report?.ack ?? 0) >= group.offeredAtVersion);
  if (read) sendToGroup(state, group, { type: 'withdraw' });
}

/** Both nodes agree again that only we hold it, and the peer has read that we do: it is ours like any other from now on. */
function settleMark(state: NodeState, group: NodeState['groups'][number]): void {
  const { peer } = state;
  if (peer.presence !== 'up' || !peer.fresh || peer.deafSinceUs !== undefined) return;
  if ((peer.report?.ack ?? 0) < group.claimedAtVersion) return;
  if (!isHeld(statementOf(state, group)?.letter ?? '-')) group.marked = false;
}

function message(state: NodeState, event: Extract<NodeEvent, { type: 'message' }>): void {
  if (saysThatWeAreFenced(state, event.message) && fencedAlive(state)) return;
  if (isOfFencedIncarnation(state, event.generation)) return heardFencedPeer(state);
  if (!peerMessage(state, event) || configurationMessage(state, event)) return;
  tellMessage(state, event.message, event.from);
  const type = textOf(event.message, 't');
  if (type === 'ask_resources') handoverMessage(state, event);
  if (type === 'hb_takeover') {
    const scope = mirrored(textOf(event.message, 'rsc_hold'));
    askStandby(state, scope, 'standby', undefined, askedGroups(event.message));
  }
  clientMessage(state, event);
  if (type === 'addnode' || type === 'delnode') noteNodeList(state, event.message);
  if (type === 'shutdone') peerLeft(state);
  ipfailMessage(state, event.message);
  dopdMessage(state, event.message);
  if (type === 'status') readAttributes(state, event.message);
}

/** The other node's `local` is our `foreign`. */
function mirrored(scope: string | undefined): StandbyScope {
  return scope === 'local' ? 'foreign' : scope === 'foreign' ? 'local' : 'all';
}

function timer(state: NodeState): void {
  for (const name of takeDue(state.timers, state.nowUs)) {
    if (name.startsWith('handover')) handoverTimer(state, name);
    else if (name === 'announce') {
      announce(state, state.groups);
      armPeriodicAnnounce(state);
    } else if (name === 'fence devices') {
      probeFenceDevices(state);
    } else if (name === 'write again') {
      writeRecordsAgain(state);
    } else if (name.startsWith('linger')) {
      linger(state, name);
    } else if (name.startsWith('retry ')) {
      const group = state.groups.find((candidate) => candidate.configuration.key === name.slice('retry '.length));
      if (group !== undefined) sendToGroup(state, group, { type: 'retry' });
    }
    // `wait`, `fencing`, `takeover limit`, `monitor`, `ipfail`, `attribute ...`: their meaning is in `settle`, which reads the time
    // itself.
  }
}

function linkState(state: NodeState, event: Extract<NodeEvent, { type: 'linkState' }>): void {
  const fields = { link: event.link, peer: event.node };
  state.effects.push({
    type: 'log',
    level: event.up ? 'notice' : 'warning',
    message: { code: event.up ? 'link-up' : 'link-dead', fields },
  });
  tellLink(state, event.node, event.link, event.up);
}

function recordPersisted(state: NodeState, ok: boolean): void {
  if (ok) {
    endAlarm(state, 'disk-failed');
    return;
  }
  raiseAlarm(state, { code: 'disk-failed', fields: {} });
  arm(state.timers, 'write again', state.nowUs + writeAgainUs);
}

function isFromPeer(event: NodeEvent): boolean {
  return event.type === 'message' || event.type === 'peerHeard' || event.type === 'peerSilent';
}
