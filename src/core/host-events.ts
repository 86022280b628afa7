/**
 * What the agent host and the machine itself report: what already runs at boot, lost operations, own pauses. The rule
 * behind all of it: what may run is treated as running until a stop has succeeded.
 */

import type { AddressConflict, HostHello, InventoryEntry, OperationResult } from './agents.ts';
import { endAlarm, raiseAlarm } from './alarms.ts';
import type { NodeEvent } from './events.ts';
import { probeFenceDevices } from './fencing/devices.ts';
import { adoptProof } from './fencing/proof.ts';
import { standDownFencing } from './fencing/workflow.ts';
import { addressIndexes, armPeriodicAnnounce, releaseAddresses } from './haresources/addresses.ts';
import { adoptInventory, groupResult, operationFor, sendToGroup } from './haresources/groups.ts';
import { isHeld } from './haresources/letters.ts';
import { adoptMarks, adoptStuck } from './haresources/marks.ts';
import { checkResult } from './haresources/monitor.ts';
import { findLeftovers } from './haresources/reconfigure.ts';
import { adoptUnmanaged } from './haresources/unmanage.ts';
import { forgetStatements, sendToLife } from './membership.ts';
import { letterOf, type NodeState, stageOf } from './node-state.ts';
import type { Problem } from './result.ts';
import { arm } from './timers.ts';
import { usPerMs } from './types.ts';

type EventOf<Type extends NodeEvent['type']> = Extract<NodeEvent, { type: Type }>;

export function boot(state: NodeState, event: EventOf<'boot'>): void {
  state.generation = event.generation;
  state.bootUs = event.nowUs;
  state.hostReady = true;
  waitForPeer(state, state.options.initdeadMs);
  findLeftovers(state, event.hello.inventory);
  for (const group of state.groups) {
    adoptInventory(state, group, event.hello.inventory);
    if (!wasGuarded(state, event.hello)) letGo(state, group);
    if (event.hello.inventoryLost === true && letterOf(group) === '-') mayRun(state, group, 'its record is damaged');
    if (event.stickyStopFailures.includes(group.configuration.key)) sendToGroup(state, group, { type: 'sticky' });
    if (letterOf(group) === 'r') {
      const fields = { group: group.configuration.key };
      state.effects.push({ type: 'log', level: 'notice', message: { code: 'group-adopted', fields } });
    }
  }
  adoptMarks(state, event.takenOnSilence ?? []);
  adoptStuck(state, event.stuckAtPeer ?? []);
  adoptUnmanaged(state, event.unmanaged ?? []);
  adoptProof(state, event.fencedPeer, wasGuarded(state, event.hello));
  probeFenceDevices(state);
  const splitGroups = event.splitGroups ?? [];
  if (splitGroups.length > 0) state.split = { sinceUs: event.nowUs, healedUs: event.nowUs, groups: splitGroups };
  releaseAddresses(
    state,
    state.groups.filter((group) => letterOf(group) === 'u'),
  );
  probeAddresses(state);
  armPeriodicAnnounce(state);
}

/**
 * A host that watched over what runs since the last keepalive would have let go in time. Where there was none, or none
 * that knows of a keepalive, this node may have been silent for longer than its deadtime, and the peer may own all of it.
 * A guardian that has acted is still stopping what its inventory shows.
 */
function wasGuarded(state: NodeState, hello: HostHello): boolean {
  const { nowUs, options } = state;
  return !hello.guardianActed && hello.lastBeatUs > 0 && nowUs - hello.lastBeatUs <= options.deadtimeMs * usPerMs;
}

function letGo(state: NodeState, group: NodeState['groups'][number]): void {
  if (letterOf(group) === 'r') mayRun(state, group, 'unguarded');
}

function mayRun(state: NodeState, group: NodeState['groups'][number], outcome: string): void {
  const fields = { group: group.configuration.key, outcome };
  state.effects.push({ type: 'log', level: 'warning', message: { code: 'found-running-at-boot', fields } });
  sendToGroup(state, group, { type: 'suspect' });
}

/** At boot: nothing is started before it is known whether an address is configured here although nobody started it. */
export const isProbing = (state: NodeState): boolean => state.probes.size > 0;

export function operationResult(state: NodeState, result: OperationResult): void {
  const probed = state.probes.get(result.id);
  if (probed === undefined) {
    if (!checkResult(state, result)) groupResult(state, result);
    return;
  }
  state.probes.delete(result.id);
  const group = state.groups.find((candidate) => candidate.configuration.key === probed);
  if (group === undefined || result.outcome === 'not-running' || letterOf(group) !== '-') return;
  const fields = { group: probed, outcome: result.outcome };
  state.effects.push({ type: 'log', level: 'warning', message: { code: 'found-running-at-boot', fields } });
  sendToGroup(state, group, { type: 'suspect' });
}

/** Operations in flight have already been answered `unknown`; what ran goes on running, the next host knows it. */
export function hostLost(state: NodeState, reason: string): void {
  state.hostReady = false;
  raiseAlarm(state, { code: 'host-lost', fields: { reason } });
  state.effects.push({ type: 'log', level: 'error', message: { code: 'host-lost', fields: { reason } } });
}

export function hostReady(state: NodeState, hello: HostHello): void {
  state.hostReady = true;
  endAlarm(state, 'host-lost');
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'host-ready', fields: { pid: hello.hostPid } } });
  if (hello.guardianActed) {
    pause(state, undefined);
    return;
  }
  for (const group of state.groups) reconcile(state, group, hello.inventory);
}

/** This node was silent for longer than its deadtime: the peer may own everything by now. */
export function ownPause(state: NodeState, event: EventOf<'ownPause'>): void {
  pause(state, event.gapUs / usPerMs);
}

/** The guardian found the daemon stalled and let everything go: the same as a pause, seen from the other side. */
export function guardianActed(state: NodeState, _inventory: readonly InventoryEntry[]): void {
  raiseAlarm(state, { code: 'guardian-acted', fields: {} });
  pause(state, undefined);
}

/** Found after a start that could not wait: an alarm, not a reason to stop (the other may be the dead peer's ghost). */
export function addressConflict(state: NodeState, conflict: AddressConflict): void {
  const fields = {
    group: conflict.group,
    resource: conflict.resource.written,
    hardwareAddress: conflict.hardwareAddress,
  };
  raiseAlarm(state, { code: 'address-shared', fields }, conflict.group);
  state.effects.push({ type: 'log', level: 'critical', message: { code: 'address-shared', fields } });
}

/**
 * Once nothing is held any more: a new incarnation, which believes only what is said to it. Also of a node that is
 * leaving and cannot stop something: the peer must hear of that (S9).
 */
export function settlePaused(state: NodeState): void {
  if (!state.rejoinDue || state.rejoinAsked || stageOf(state) === 'left') return;
  if (state.groups.some((group) => isHeld(letterOf(group)) && letterOf(group) !== 'f')) return;
  state.rejoinAsked = true;
  state.effects.push({ type: 'rejoin' });
}

export function rejoined(state: NodeState, generation: number): void {
  state.generation = generation;
  state.rejoinAsked = false;
  state.rejoinDue = false;
  forgetStatements(state);
  sendToLife(state, { type: 'rejoined' });
  waitForPeer(state, 2 * state.options.deadtimeMs);
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'rejoined', fields: { generation } } });
}

/**
 * The peer has taken this node for dead although it hears the peer: it may have started everything, and only we can end
 * that. As a new incarnation we come back like any node that was dead.
 */
export function declaredDead(state: NodeState): void {
  standDown(state, { code: 'declared-dead-by-peer', fields: { peer: state.options.peer } });
}

/**
 * The peer's device said that this node is off, and it is not: what it held may have been started there. False: this
 * node is on its way out anyway.
 */
export function fencedAlive(state: NodeState): boolean {
  const stage = stageOf(state);
  if (stage !== 'member' && stage !== 'joining') return false;
  const problem = { code: 'fenced-but-alive', fields: { peer: state.options.peer } };
  raiseAlarm(state, problem);
  standDown(state, problem);
  return true;
}

function pause(state: NodeState, gapMs: number | undefined): void {
  const { deadtimeMs } = state.options;
  standDown(
    state,
    gapMs === undefined ? { code: 'guardian-acted', fields: {} } : { code: 'own-pause', fields: { gapMs, deadtimeMs } },
  );
}

function standDown(state: NodeState, message: Problem): void {
  const again = state.rejoinDue;
  state.rejoinDue = true;
  // Told twice (by the clock and by the guardian), what is being stopped already goes on being stopped.
  const sleepers = state.groups.filter((group) => !again || letterOf(group) !== 'p');
  releaseAddresses(state, sleepers);
  state.effects.push({ type: 'log', level: 'critical', message });
  sendToLife(state, { type: 'paused' });
  forgetStatements(state);
  standDownFencing(state);
  // Also a peer that had left: it may have come back while this node stood still.
  state.peer.presence = 'never';
  for (const group of sleepers) {
    if (isHeld(letterOf(group)) && letterOf(group) !== 'f') sendToGroup(state, group, { type: 'suspect' });
  }
}

function waitForPeer(state: NodeState, waitMs: number): void {
  state.waitingSinceUs = state.nowUs;
  state.waitMs = waitMs;
  arm(state.timers, 'wait', state.nowUs + waitMs * usPerMs);
}

function probeAddresses(state: NodeState): void {
  for (const group of state.groups) {
    if (letterOf(group) !== '-') continue;
    for (const index of addressIndexes(group)) {
      const operation = operationFor(state, group, index, 'status');
      state.probes.set(operation.id, group.configuration.key);
      state.effects.push({ type: 'operation', operation });
    }
  }
}

/**
 * A new host's inventory against what this daemon believes; any difference makes the group suspect. The new host cannot
 * know of what its predecessor held whether it still runs, but nothing was in flight for a group that we know to run.
 */
function reconcile(state: NodeState, group: NodeState['groups'][number], inventory: readonly InventoryEntry[]): void {
  const entries = inventory.filter((entry) => entry.group === group.configuration.key);
  const complete =
    entries.length === group.configuration.resources.length && entries.every((entry) => entry.state !== 'stop-failed');
  const letter = letterOf(group);
  const agrees =
    letter === 'r' ? complete : letter === '-' || letter === 'o' || letter === 'x' ? entries.length === 0 : true;
  if (!agrees) sendToGroup(state, group, { type: 'suspect' });
}
