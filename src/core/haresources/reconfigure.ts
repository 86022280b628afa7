/**
 * haresources was read again: which resources belong to which group here from now on. What `wanted` says becomes true
 * step by step, by rules that look at levels and not at events:
 *
 * - A resource that haresources does not name any more is stopped; that needs nobody's permission. The same with a group.
 * - A resource that haresources names and that is not in force yet is *claimed*, and said to be so. It comes into force
 *   (and is started, where its group runs) when the peer does not have it in another group, by a report that answers
 *   ours: the peer has read the claim, and from then on claims no such thing itself. With the same lists on both nodes,
 *   or without a peer, there is nothing to wait for.
 * - If both claim it for different groups, the group with the lower name goes first. If both run it in different groups
 *   (brought into force while they did not hear each other), the one with the higher name gives it up.
 *
 * So nothing runs twice while only one of the two nodes has been reloaded, and what both files agree upon runs once both
 * have (docs/changing-the-configuration.md). Who starts the groups themselves is none of this file's business.
 */
import type { InventoryEntry } from '../agents.ts';
import { endAlarm, raiseAlarm } from '../alarms.ts';
import type { GroupConfiguration, ResourceConfiguration } from '../config/configuration.ts';
import { ownMeaningChanged } from '../configuration-difference.ts';
import {
  createGroup,
  type GroupState,
  letterOf,
  type NodeSettings,
  type NodeState,
  stageOf,
  unpublished,
} from '../node-state.ts';
import { changePingNodes } from '../ping/reach.ts';
import { arm, disarm } from '../timers.ts';
import { compareText, groupKey, usPerMs } from '../types.ts';
import { armPeriodicAnnounce } from './addresses.ts';
import { sameResource, setResources, tryLeftOutAgain } from './change.ts';
import { planChange } from './change-plan.ts';
import { mayRunAtPeer } from './facts.ts';
import { changeGroup, stopGroup } from './groups.ts';
import { isHandingOver } from './handover.ts';
import { isHeld } from './letters.ts';
import { digestOfLists, elsewhereAtPeer, resourceId, type SaidResource, saidOf } from './resource-lists.ts';

export function reconfigure(state: NodeState, settings: NodeSettings): void {
  const before = state.options;
  state.options = { ...before, ...settings };
  takeGroups(state, settings.groups);
  for (const group of state.groups) {
    const { value, context } = group.snapshot;
    group.snapshot = { value, context: { ...context, stopRetryMax: settings.stopRetryMax } };
  }
  if (settings.announceIntervalMs !== before.announceIntervalMs) {
    disarm(state.timers, 'announce');
    armPeriodicAnnounce(state);
  }
  changePingNodes(state, settings.reach);
  ownMeaningChanged(state);
  if (stageOf(state) === 'joining' && state.waitMs === before.initdeadMs) {
    state.waitMs = settings.initdeadMs;
    arm(state.timers, 'wait', state.waitingSinceUs + state.waitMs * usPerMs);
  }
  // Said at once, also where nothing of the report has changed: the deadtime, the digest.
  state.ackSent = -1;
}

/** At boot: what an earlier daemon started and haresources does not name any more is known, or nobody would stop it. */
export function findLeftovers(state: NodeState, inventory: readonly InventoryEntry[]): void {
  for (const entry of inventory.toSorted((left, right) => left.index - right.index)) {
    let group = state.groups.find(({ configuration }) => configuration.key === entry.group);
    if (group === undefined) {
      const configuration = { key: groupKey(entry.group), index: state.groups.length, owner: state.options.self };
      group = createGroup({ ...configuration, resources: [] }, state.options.stopRetryMax);
      group.wanted = undefined;
      state.groups.push(group);
    }
    const { resources } = group.configuration;
    const at = resources.findIndex((resource) => sameResource(resource, entry.resource));
    // In the spelling that the host knows it by.
    if (at < 0) setResources(group, [...resources, entry.resource]);
    else if (resources[at]?.written !== entry.resource.written) setResources(group, resources.with(at, entry.resource));
  }
}

/** The rules. Called after every event. */
export function settleResources(state: NodeState): void {
  const stage = stageOf(state);
  if (stage !== 'member' && stage !== 'joining') return;
  for (const group of state.groups) {
    if (group.wanted === undefined) settleRemoved(state, group);
    else if (group.configuration.resources !== group.wanted.resources || disagrees(state))
      settleList(state, group, group.wanted);
  }
  const stays = (group: GroupState): boolean =>
    group.wanted !== undefined || isHeld(letterOf(group)) || group.stuckAtPeer;
  if (!state.groups.every(stays)) state.groups = state.groups.filter((group) => stays(group) || forget(state, group));
}

/** Everything that haresources names is in force, or is not for this group to start. */
export function isReadyToStart(state: NodeState, group: GroupState): boolean {
  const { wanted, configuration } = group;
  if (wanted === undefined || configuration.resources.length === 0) return false;
  return configuration.resources === wanted.resources || claimsOf(state, group).length === 0;
}

/** What this node says of its groups, in their order; `undefined` for the lists themselves where the digest says it all. */
export function saidLists(state: NodeState): {
  readonly digest: string;
  readonly lists: readonly (readonly SaidResource[])[] | undefined;
} {
  const theirs = state.peer.presence === 'up' ? state.peer.report?.lists : undefined;
  const settled = isAllInForce(state);
  // Asked for in every step, and hardly ever another answer.
  const known = settled ? knownDigest(state) : undefined;
  if (known !== undefined && (theirs === undefined || theirs === known)) return { digest: known, lists: undefined };
  const said = state.groups.map((group) => saidOf(group, claimsOf(state, group)));
  const digest = digestOfLists(state.groups.map(({ configuration: { key } }, at) => ({ key, said: said[at]! })));
  const present = state.groups.map(({ configuration }) => configuration.resources);
  state.listsMemo = settled ? { present, digest } : undefined;
  return { digest, lists: theirs === undefined || theirs === digest ? undefined : said };
}

function isAllInForce({ groups }: NodeState): boolean {
  for (const { configuration, wanted } of groups) if (configuration.resources !== wanted?.resources) return false;
  return true;
}

/** Of these very lists, if they are those of the last time. */
function knownDigest({ groups, listsMemo }: NodeState): string | undefined {
  if (listsMemo === undefined || listsMemo.present.length !== groups.length) return undefined;
  for (let at = 0; at < groups.length; at++)
    if (groups[at]!.configuration.resources !== listsMemo.present[at]) return undefined;
  return listsMemo.digest;
}

function takeGroups(state: NodeState, configured: readonly GroupConfiguration[]): void {
  for (const group of state.groups) {
    const wanted = configured.find(({ key }) => key === group.configuration.key);
    group.wanted = wanted;
    tryLeftOutAgain(state, group);
    if (wanted !== undefined) {
      const { owner, index } = wanted;
      // What was said before may have permitted the peer to start it: as with an offer, it must have read the change.
      if (owner !== group.configuration.owner) group.withdrawnAtVersion = unpublished;
      group.configuration = { ...group.configuration, owner, index };
    }
  }
  for (const configuration of configured) {
    if (state.groups.some((group) => group.configuration.key === configuration.key)) continue;
    const group = createGroup({ ...configuration, resources: [] }, state.options.stopRetryMax);
    group.wanted = configuration;
    state.groups.push(group);
  }
  state.groups.sort((left, right) => place(left, configured) - place(right, configured));
}

function place(group: GroupState, configured: readonly GroupConfiguration[]): number {
  return group.wanted === undefined ? configured.length : configured.indexOf(group.wanted);
}

function settleRemoved(state: NodeState, group: GroupState): void {
  const letter = letterOf(group);
  if ((letter !== 'r' && letter !== 's') || group.unmanaged !== undefined) return;
  const fields = { group: group.configuration.key };
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'group-removed', fields } });
  stopGroup(state, group, 'stopped');
}

/** Nothing of it runs here, and nobody needs to know of it any more. */
function forget(state: NodeState, group: GroupState): false {
  disarm(state.timers, `retry ${group.configuration.key}`);
  for (const name of [...state.alarms.keys()])
    if (name.split(' ')[1] === group.configuration.key) state.alarms.delete(name);
  return false;
}

function settleList(state: NodeState, group: GroupState, wanted: GroupConfiguration): void {
  const permitted: ResourceConfiguration[] = [];
  for (const resource of wanted.resources) {
    const present = inForce(group, resource);
    if (isPermitted(state, group, resource)) permitted.push(present ?? resource);
    sayElsewhere(state, group, resource);
  }
  const letter = letterOf(group);
  const complete =
    permitted.length === wanted.resources.length && permitted.every((one, at) => one === wanted.resources[at]);
  const resources = complete ? wanted.resources : permitted;
  if (!isHeld(letter)) {
    if (!equal(group.configuration.resources, resources)) setResources(group, resources);
    else if (complete) group.configuration = { ...group.configuration, resources };
    return;
  }
  // Somebody works on it with his own hands.
  if (letter !== 'r' || group.inFlight !== undefined || group.unmanaged !== undefined) return;
  const plan = planChange(group.configuration.resources, resources);
  if (plan === undefined) {
    const reordered = !equal(group.configuration.resources, resources);
    setResources(group, resources);
    if (reordered) regroup(state, group);
    return;
  }
  if (plan.starts.length > 0 && (stageOf(state) !== 'member' || mayRunAtPeer(state, group))) return;
  if (isHandingOver(state) && state.handover?.keys.includes(group.configuration.key)) return;
  if (!state.hostReady) return;
  const { merged, ...change } = plan;
  sayChange(state, group, merged, change.stops.length, change.starts.length);
  changeGroup(state, group, change, merged);
  regroup(state, group);
}

function isPermitted(state: NodeState, group: GroupState, resource: ResourceConfiguration): boolean {
  if (group.leftOut.includes(resource.written)) return false;
  if (isInForce(group, resource)) return !mustGiveUp(state, group, resource);
  return !isElsewhere(state, group, resource) && !goesElsewhere(state, group, resource) && isAnswered(state);
}

/** While the group is not held the lists of both nodes are compared anew: what it consists of is only a wish. */
function isInForce(group: GroupState, resource: ResourceConfiguration): boolean {
  return isHeld(letterOf(group)) && inForce(group, resource) !== undefined;
}

function inForce(group: GroupState, resource: ResourceConfiguration): ResourceConfiguration | undefined {
  return group.configuration.resources.find((other) => sameResource(other, resource));
}

/** Named by haresources, not in force, and nothing known that speaks against it. */
function claimsOf(state: NodeState, group: GroupState): ResourceConfiguration[] {
  const { wanted, configuration } = group;
  if (wanted === undefined || wanted.resources === configuration.resources) return [];
  return wanted.resources.filter(
    (resource) =>
      inForce(group, resource) === undefined &&
      !group.leftOut.includes(resource.written) &&
      !isElsewhere(state, group, resource) &&
      !losers(state, group, resource).some(isStuck),
  );
}

/** The peer has it in another group. Of two claims the group with the lower name goes first. */
function isElsewhere(state: NodeState, group: GroupState, resource: ResourceConfiguration): boolean {
  const there = peerElsewhere(state, group, resource);
  if (there === undefined) return false;
  return !there.claimed || compareText(there.key, group.configuration.key) < 0;
}

function peerElsewhere(
  state: NodeState,
  group: GroupState,
  resource: ResourceConfiguration,
): ReturnType<typeof elsewhereAtPeer> {
  const { peer } = state;
  if (peer.presence !== 'up') return undefined;
  return elsewhereAtPeer(state, group.configuration.key, resourceId(resource));
}

function goesElsewhere(state: NodeState, group: GroupState, resource: ResourceConfiguration): boolean {
  return losers(state, group, resource).length > 0;
}

/** It will not lose it before somebody comes: the rest of the new group does not wait for that. */
const isStuck = (group: GroupState): boolean => letterOf(group) === 'f' || group.unmanaged !== undefined;

/** Other groups here that are about to lose it, and have not yet. */
function losers(state: NodeState, group: GroupState, resource: ResourceConfiguration): GroupState[] {
  const id = resourceId(resource);
  const has = (list: readonly ResourceConfiguration[]): boolean => list.some((other) => resourceId(other) === id);
  return state.groups.filter(
    (other) =>
      other !== group &&
      isHeld(letterOf(other)) &&
      has(other.configuration.resources) &&
      !has(other.wanted?.resources ?? []),
  );
}

/** Both run it, in different groups: only after a time in which they did not hear each other. */
function mustGiveUp(state: NodeState, group: GroupState, resource: ResourceConfiguration): boolean {
  if (!state.peer.fresh) return false;
  const there = peerElsewhere(state, group, resource);
  if (there === undefined || there.claimed || !['s', 'r', 'u', 'f'].includes(there.letter)) return false;
  return compareText(there.key, group.configuration.key) < 0;
}

/** The peer has read what we claim, and its lists are known; or there is no peer that has any. */
function isAnswered(state: NodeState): boolean {
  // S8: with fencing a peer that is gone may have it until it is proven to be off.
  const { presence } = state.peer;
  const isGone = presence === 'silent' || presence === 'never';
  if (isGone && state.options.fencing !== undefined && state.fencing.proof === undefined) return false;
  const { peer } = state;
  if (peer.presence !== 'up') return true;
  if (!peer.fresh || peer.report === undefined) return peer.product === 'heartbeat';
  const { lists: theirs, ack, groups } = peer.report;
  // A node that says nothing of its lists is none of ours, or an older one.
  if (theirs === undefined) return true;
  const { digest } = saidLists(state);
  if (theirs === digest) return true;
  const known = groups.every(({ resources }) => resources !== undefined);
  return known && digest === state.listsSaid && ack >= state.listsAtVersion;
}

/** The peer's lists and ours are not the same: then they are looked at again and again. */
function disagrees({ peer, listsSaid }: NodeState): boolean {
  return peer.presence === 'up' && peer.report?.lists !== undefined && peer.report.lists !== listsSaid;
}

function sayElsewhere(state: NodeState, group: GroupState, resource: ResourceConfiguration): void {
  const subject = `${group.configuration.key} ${resource.written}`;
  const there = isInForce(group, resource) ? undefined : peerElsewhere(state, group, resource);
  if (there === undefined) return endAlarm(state, 'resource-elsewhere', subject);
  if (state.alarms.has(`resource-elsewhere ${subject}`)) return;
  const { peer } = state.options;
  const fields = { group: group.configuration.key, resource: resource.written, peer, other: there.key };
  raiseAlarm(state, { code: 'resource-elsewhere', fields }, subject);
  state.effects.push({ type: 'log', level: 'warning', message: { code: 'resource-elsewhere', fields } });
}

function sayChange(
  state: NodeState,
  group: GroupState,
  merged: readonly ResourceConfiguration[],
  stops: number,
  starts: number,
): void {
  const fields = { group: group.configuration.key, stops, starts, resources: merged.length };
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'group-changing', fields } });
}

function regroup(state: NodeState, { configuration: { key, resources } }: GroupState): void {
  state.effects.push({ type: 'regroup', group: key, resources });
}

function equal<Item>(left: readonly Item[], right: readonly Item[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at]);
}
