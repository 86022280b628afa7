/**
 * Healing a split. Both nodes hear each other again, and both hold a group. They reach the same answer from the same
 * two reports: the one that took it on silence (marked) yields; where both or neither did, the one that reaches more
 * ping nodes keeps it, else the one with the lower uuid.
 * The keeper never stops; the other releases its addresses first, then stops the rest.
 *
 * A peer that we hear but that does not hear us (one-way loss) cannot be told anything: after a grace time we yield,
 * whoever was first, because only we can end the double ownership.
 */
import { type GroupState, letterOf, type NodeState } from '../node-state.ts';
import { betterReach, freezeReach, thawReach } from '../ping/reach.ts';
import { compareText, type Microseconds, usPerMs } from '../types.ts';
import { announce, isAddress, releaseAddresses } from './addresses.ts';
import { isClassic } from './classic/classic-peer.ts';
import { mustYieldToHeartbeat, settleClassicSplit } from './classic/classic-split.ts';
import { statementOf } from './facts.ts';
import { stopGroup } from './groups.ts';
import { type GroupLetter, isHeld } from './letters.ts';
import type { GroupStatement } from './report.ts';

/**
 * A peer may go on saying for this long that it does not hear us before we give way. It must have gone on saying it:
 * one that falls silent meanwhile is cut off in both directions, and we need not yield to it.
 */
function insistsOnNotHearing(state: NodeState, sinceUs: Microseconds): boolean {
  const graceUs = Math.max(3 * state.options.keepaliveMs, 300) * usPerMs;
  return state.peer.lastHeardUs - sinceUs >= graceUs;
}

/** A group whose stop failed may run there: who took it meanwhile on silence must let go of it (S9). */
const claims: ReadonlySet<GroupLetter> = new Set(['s', 'r', 'f']);

/** Called after every event: settles what both nodes claim. */
export function settleDisputes(state: NodeState): void {
  const losing: GroupState[] = [];
  if (isClassic(state) && settleClassicSplit(state)) return;
  for (const group of state.groups) {
    const ours = letterOf(group);
    const theirs = statementOf(state, group);
    const claimed = theirs !== undefined && claims.has(theirs.letter);
    if (claimedUnheard(state, group)) losing.push(group);
    // What is not known now settles nothing; a peer that falls silent ends the dispute elsewhere.
    if (state.peer.presence !== 'up' || !state.peer.fresh) continue;
    const disputed = claimed && (ours === 's' || ours === 'r');
    if (!disputed) {
      if (group.disputedSinceUs !== undefined) resolved(state, group, theirs !== undefined && isHeld(theirs.letter));
      continue;
    }
    if (group.disputedSinceUs === undefined) disputeBegins(state, group);
    if (mustYield(state, group, theirs)) losing.push(group);
  }
  if (state.groups.every((group) => group.disputedSinceUs === undefined)) thawReach(state);
  if (losing.length > 0) yieldGroups(state, losing);
}

function mustYield(state: NodeState, group: GroupState, theirs: GroupStatement): boolean {
  if (isClassic(state)) return mustYieldToHeartbeat(state);
  // What is only being started is not started any further; what runs goes on where both took it on silence.
  if (theirs.letter === 'f') return group.marked && (!theirs.marked || letterOf(group) === 's');
  const { deafSinceUs } = state.peer;
  if (deafSinceUs !== undefined) return insistsOnNotHearing(state, deafSinceUs);
  // Until it has read our claim, what it says may be older than that, and the two of us would answer different questions.
  if ((state.peer.report?.ack ?? 0) < group.claimedAtVersion) return false;
  if (group.marked !== theirs.marked) return group.marked;
  const better = betterReach(state);
  if (better !== 'nobody') return better === 'theirs';
  return compareText(state.options.uuid, state.peer.uuid) > 0;
}

/**
 * A peer behind a one-way link that was restarted, or holds us for off, says nothing to us; but it says it aloud, and all
 * that it can learn of our giving way is that nobody else answers any more.
 */
function claimedUnheard(state: NodeState, group: GroupState): boolean {
  const { peer } = state;
  if (peer.presence !== 'up' || peer.fresh || peer.deafSinceUs === undefined) return false;
  const ours = letterOf(group);
  if ((ours !== 's' && ours !== 'r') || !insistsOnNotHearing(state, peer.deafSinceUs)) return false;
  const theirs = peer.overheard?.groups.find((statement) => statement.key === group.configuration.key);
  return theirs?.letter === 's' || theirs?.letter === 'r';
}

function yieldGroups(state: NodeState, groups: readonly GroupState[]): void {
  releaseAddresses(state, groups);
  for (const group of groups) {
    const fields = { group: group.configuration.key, peer: state.options.peer };
    state.effects.push({ type: 'log', level: 'critical', message: { code: 'split-yielded', fields } });
    stopGroup(state, group, 'stopped');
  }
}

function disputeBegins(state: NodeState, group: GroupState): void {
  group.disputedSinceUs = state.nowUs;
  freezeReach(state);
  const key = group.configuration.key;
  state.effects.push({
    type: 'log',
    level: 'critical',
    message: { code: 'split-found', fields: { group: key, peer: state.options.peer } },
  });
  if (!group.marked) announce(state, [group]);
  if (group.configuration.resources.every(isAddress)) return;
  const before = state.split;
  const groups = before === undefined ? [key] : [...new Set([...before.groups, key])];
  state.split = {
    sinceUs: before?.sinceUs ?? contactLostUs(state),
    healedUs: state.nowUs,
    groups,
  };
  const recordId = state.nextRecordId++;
  state.effects.push({ type: 'persist', recordId, name: 'split.json', content: JSON.stringify({ groups }) });
}

/** Since when the two went separate ways; a peer that only did not hear us was never silent here. */
function contactLostUs({ peer, nowUs }: NodeState): number {
  return peer.silentSinceUs > 0 ? Math.min(peer.silentSinceUs, nowUs) : (peer.deafSinceUs ?? nowUs);
}

/** The keeper's last act: everybody who learned the other node's hardware address learns ours. */
function resolved(state: NodeState, group: GroupState, stillHeldByPeer: boolean): void {
  if (stillHeldByPeer) return;
  group.disputedSinceUs = undefined;
  group.marked = false;
  const fields = {
    group: group.configuration.key,
    keeper: letterOf(group) === 'r' ? state.options.self : state.options.peer,
  };
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'split-healed', fields } });
  announce(state, [group]);
}
