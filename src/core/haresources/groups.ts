/**
 * Drives the group machines: turns their actions into operations and the operations' answers into their events.
 * A start leaves here only through the ownership gate.
 */

import type { AgentAction, InventoryEntry, Operation, OperationResult } from '../agents.ts';
import { endAlarm, raiseAlarm } from '../alarms.ts';
import { assert } from '../assert.ts';
import { advance } from '../machine.ts';
import { type GroupState, letterOf, type NodeState, unpublished } from '../node-state.ts';
import { authorizeStart, evidenceForPart, type StartEvidence } from '../ownership.ts';
import { arm, disarm } from '../timers.ts';
import { usPerMs } from '../types.ts';
import { changeDone, leaveOut, sameResource } from './change.ts';
import { mayRunAtPeer } from './facts.ts';
import { type AfterStop, type GroupChange, type GroupEvent, groupMachine } from './group-machine.ts';
import { isOffered } from './letters.ts';
import { followResources } from './watch.ts';

/** The one way a group begins to start: with evidence, which the gate checks again for every resource of it. */
export function startGroup(state: NodeState, group: GroupState, evidence: StartEvidence): void {
  group.evidence = evidence;
  group.decidedUs = state.nowUs;
  group.marked = evidence.kind === 'unprotected' || restsOnConfirmOff(state, evidence);
  group.claimedAtVersion = unpublished;
  group.operatorWord = undefined;
  if (evidence.kind === 'operator') group.stuckAtPeer = false;
  const fields = { group: group.configuration.key, evidence: evidence.kind };
  state.effects.push({
    type: 'log',
    level: evidence.kind === 'unprotected' ? 'warning' : 'notice',
    message: { code: 'group-starting', fields },
  });
  sendToGroup(state, group, { type: 'start' });
}

/** An operator who says that the whole peer is off may be mistaken: then the one that had the group keeps it. */
function restsOnConfirmOff({ fencing }: NodeState, { kind }: StartEvidence): boolean {
  return kind === 'operator' && fencing.proof?.by === 'operator';
}

export function stopGroup(state: NodeState, group: GroupState, after: AfterStop): void {
  sendToGroup(state, group, { type: 'stop', after });
}

/** Stops and starts a part of a group that runs. `resources`: the list that the indexes count in, if it is another one. */
export function changeGroup(
  state: NodeState,
  group: GroupState,
  change: Omit<GroupChange, 'size'>,
  resources = group.configuration.resources,
): void {
  assert(letterOf(group) === 'r', `only what runs is changed in part: ${group.configuration.key}`);
  group.configuration = { ...group.configuration, resources };
  followResources(group.monitor, resources);
  group.going = change.stops.filter((at) => !change.starts.includes(at)).map((at) => resources[at]!);
  sendToGroup(state, group, { type: 'change', size: resources.length, ...change });
}

export function sendToGroup(state: NodeState, group: GroupState, event: GroupEvent): void {
  const before = letterOf(group);
  const { snapshot, actions } = advance(groupMachine, group.snapshot, event);
  group.snapshot = snapshot;
  const after = letterOf(group);
  if (isOffered(after) && !isOffered(before)) group.offeredAtVersion = unpublished;
  if (isOffered(before) && !isOffered(after)) group.withdrawnAtVersion = unpublished;
  if (after === '-' || isOffered(after)) settleStopped(state, group);
  for (const action of actions) perform(state, group, action.type, action.params);
}

/** The answer of the operation in flight; answers of superseded operations change nothing. */
export function groupResult(state: NodeState, result: OperationResult): GroupState | undefined {
  const group = state.groups.find((candidate) => candidate.inFlight?.id === result.id);
  if (group?.inFlight === undefined) return undefined;
  const operation = group.inFlight;
  group.inFlight = undefined;
  if (result.outcome !== 'done') reportFailure(state, group, operation, result);
  if (result.conflictWith !== undefined) {
    const fields = {
      group: group.configuration.key,
      resource: operation.resource.written,
      hardwareAddress: result.conflictWith,
    };
    state.effects.push({ type: 'log', level: 'critical', message: { code: 'address-in-use', fields } });
    raiseAlarm(state, { code: 'address-in-use', fields }, group.configuration.key);
  }
  if (result.outcome === 'done') sendToGroup(state, group, { type: 'done' });
  else if (result.outcome === 'unknown') sendToGroup(state, group, { type: 'lost' });
  else sendToGroup(state, group, { type: 'failed' });
  return group;
}

/** What a host that outlived the daemon says of a group: all of it running is adopted, anything else is suspect. */
export function adoptInventory(state: NodeState, group: GroupState, inventory: readonly InventoryEntry[]): void {
  const entries = inventory.filter((entry) => entry.group === group.configuration.key);
  if (entries.length === 0) return;
  const { resources } = group.configuration;
  const complete = resources.every((resource) =>
    entries.some((entry) => entry.state === 'running' && sameResource(entry.resource, resource)),
  );
  if (entries.some((entry) => entry.state === 'stop-failed')) sendToGroup(state, group, { type: 'sticky' });
  else if (complete && entries.length === resources.length) {
    sendToGroup(state, group, { type: 'adopt' });
    for (const { resource, statusSeenRunning } of entries) {
      const watch = group.monitor.watches.find(({ written }) => written === resource.written);
      if (watch !== undefined && statusSeenRunning === true) watch.proven = true;
    }
  } else sendToGroup(state, group, { type: 'suspect' });
}

export function operationFor(state: NodeState, group: GroupState, index: number, action: AgentAction): Operation {
  const resource = group.configuration.resources[index];
  assert(resource !== undefined, `group ${group.configuration.key} has a resource ${index}`);
  const { startTimeoutMs, stopTimeoutMs, statusTimeoutMs } = state.options;
  const timeoutMs = action === 'start' ? startTimeoutMs : action === 'stop' ? stopTimeoutMs : statusTimeoutMs;
  return { id: state.nextOperationId++, group: group.configuration.key, index, resource, action, timeoutMs };
}

function perform(state: NodeState, group: GroupState, type: string, params: unknown): void {
  const key = group.configuration.key;
  switch (type) {
    case 'runStart': {
      if (group.snapshot.value === 'filling' && mayRunAtPeer(state, group)) {
        group.lastFailure = `the group may run on ${state.options.peer}`;
        return sendToGroup(state, group, { type: 'failed' });
      }
      const { at } = params as { at: number };
      const { evidence, careful } = whyStarted(group, at);
      const operation = { ...operationFor(state, group, at, 'start'), careful };
      group.inFlight = operation;
      state.effects.push(authorizeStart(operation, evidence));
      return;
    }
    case 'runStop': {
      const operation = operationFor(state, group, (params as { at: number }).at, 'stop');
      group.inFlight = operation;
      state.effects.push({ type: 'operation', operation });
      return;
    }
    case 'armRetry':
      arm(state.timers, `retry ${key}`, state.nowUs + state.options.stopRetryDelayMs * usPerMs);
      return;
    case 'started':
      group.startedUs = state.nowUs;
      group.lastFailure = undefined;
      state.effects.push({
        type: 'log',
        level: 'notice',
        message: { code: 'group-running', fields: { group: key, tookMs: (state.nowUs - group.decidedUs) / usPerMs } },
      });
      return;
    case 'stopped':
      state.effects.push({ type: 'log', level: 'notice', message: { code: 'group-stopped', fields: { group: key } } });
      return;
    case 'startFailed':
      state.effects.push({
        type: 'log',
        level: 'error',
        message: { code: 'group-start-failed', fields: { group: key, reason: group.lastFailure ?? '' } },
      });
      return;
    case 'changed':
      changeDone(state, group);
      return;
    case 'leftOut':
      leaveOut(state, group, (params as { at: number }).at);
      return;
    case 'stopFailedForGood':
      raiseAlarm(state, { code: 'group-stop-failed', fields: { group: key, reason: group.lastFailure ?? '' } }, key);
      state.effects.push({
        type: 'log',
        level: 'critical',
        message: { code: 'group-stop-failed', fields: { group: key, reason: group.lastFailure ?? '' } },
      });
      persistSticky(state);
      return;
  }
}

function whyStarted(group: GroupState, at: number): { evidence: StartEvidence | undefined; careful: boolean } {
  if (group.snapshot.value !== 'filling') return { evidence: group.evidence, careful: mayTakeTime(group.evidence) };
  const held = { sinceUs: group.startedUs, first: group.evidence };
  // Nobody waits for what was not there before.
  return { evidence: evidenceForPart(letterOf(group), held), careful: group.snapshot.context.optional.includes(at) };
}

/** S9: a failed stop survives this daemon. Nothing waits for the disk here: the letter already forbids every start. */
export function persistSticky(state: NodeState): void {
  const groups = state.groups.filter((group) => letterOf(group) === 'f').map((group) => group.configuration.key);
  const recordId = state.nextRecordId++;
  state.effects.push({ type: 'persist', recordId, name: 'failed-stops.json', content: JSON.stringify({ groups }) });
}

/**
 * Nobody waits for a cold start: an address is first looked for on the network. That also keeps a node that boots cut
 * off from its peer from taking an address that is alive.
 */
function mayTakeTime(evidence: StartEvidence | undefined): boolean {
  return evidence?.kind === 'peerConfirmedStopped'
    ? evidence.letter === '-'
    : evidence?.kind === 'unprotected' && !evidence.peerSeen;
}

function settleStopped(state: NodeState, group: GroupState): void {
  group.marked = false;
  group.evidence = undefined;
  group.disputedSinceUs = undefined;
  endAlarm(state, 'address-in-use', group.configuration.key);
  endAlarm(state, 'address-shared', group.configuration.key);
  disarm(state.timers, `retry ${group.configuration.key}`);
}

function reportFailure(state: NodeState, group: GroupState, operation: Operation, result: OperationResult): void {
  group.lastFailure = `${operation.action} of ${operation.resource.written}: ${result.outcome}${result.reason ? ` (${result.reason})` : ''}`;
  const fields = {
    group: operation.group,
    resource: operation.resource.written,
    action: operation.action,
    outcome: result.outcome,
    reason: result.reason ?? '',
    exitCode: result.exitCode ?? -1,
  };
  state.effects.push({ type: 'log', level: 'error', message: { code: 'operation-failed', fields } });
}
