/**
 * The last part of every step: if anything changed that the peer should know, it is said at once, and every keepalive
 * says it again. The classic `resource` message goes out beside it whenever the class of what is held changes.
 */

import type { NodeStatus } from '../events.ts';
import { isOwnerOf, letterOf, type NodeState, stageOf, unpublished } from '../node-state.ts';
import { type Field, messageOf } from '../transport/message.ts';
import { isHeld } from './letters.ts';
import { encodeReport, type Report, reportContent } from './report.ts';

export function publish(state: NodeState): void {
  const report = buildReport(state);
  const content = reportContent(report);
  const ack = state.peer.report?.version ?? 0;
  const changed = content !== state.reportContent;
  if (changed) takeNewVersion(state, content);
  if (!changed && ack === state.ackSent) return;
  state.ackSent = ack;
  const fields = encodeReport({ ...report, version: state.reportVersion, ack });
  state.effects.push({
    type: 'advertise',
    status: wireStatus(state),
    deadtimeMs: state.options.deadtimeMs,
    fields: [...fields, { name: 'pbdig', value: state.options.configurationDigest.slice(0, 16) }],
    immediately: true,
  });
  if (changed) sayResource(state, fields);
}

/** local, foreign, all, none, or transition while something moves: the words of `cl_status rscstatus`. */
export function resourceClass(state: NodeState): 'local' | 'foreign' | 'all' | 'none' | 'transition' {
  const letters = state.groups.map(letterOf);
  if (letters.some((letter) => letter === 's' || letter === 'p' || letter === 'u')) return 'transition';
  return heldClass(state);
}

/**
 * R1 counts by class, not by group: a member that haresources gives nothing of its own claims `local` all the same, as
 * a real Heartbeat does, so that two such claims add up to everything.
 */
function heldClass(state: NodeState): 'local' | 'foreign' | 'all' | 'none' {
  const holds = (mine: boolean) =>
    state.groups.some((group) => isOwnerOf(state, group) === mine && isHeld(letterOf(group)));
  const ownsNothing = !state.groups.some((group) => isOwnerOf(state, group));
  const local = ownsNothing ? stageOf(state) === 'member' : holds(true);
  const foreign = holds(false);
  return local && foreign ? 'all' : local ? 'local' : foreign ? 'foreign' : 'none';
}

function buildReport(state: NodeState): Report {
  return {
    version: 0,
    ack: 0,
    ackGeneration: state.peer.generation,
    stage: stageOf(state),
    groups: state.groups.map((group) => ({
      key: group.configuration.key,
      letter: letterOf(group),
      marked: group.marked,
      owner: group.configuration.owner,
    })),
  };
}

function takeNewVersion(state: NodeState, content: string): void {
  state.reportVersion++;
  state.reportContent = content;
  for (const group of state.groups) {
    if (group.offeredAtVersion === unpublished) group.offeredAtVersion = state.reportVersion;
    if (group.claimedAtVersion === unpublished) group.claimedAtVersion = state.reportVersion;
    if (group.withdrawnAtVersion === unpublished) group.withdrawnAtVersion = state.reportVersion;
  }
}

/** R1: what this node holds, by class; `isstable` once nothing moves. */
function sayResource(state: NodeState, fields: readonly Field[]): void {
  const stable = stageOf(state) === 'member' && resourceClass(state) !== 'transition';
  const hold = `${heldClass(state)} ${stable ? 1 : 0}`;
  if (hold === state.holdSent) return;
  state.holdSent = hold;
  const message = messageOf('resource', { rsc_hold: heldClass(state), rtype: 'full', isstable: stable ? '1' : '0' });
  state.effects.push({ type: 'send', message: { fields: [...message.fields, ...fields] } });
}

function wireStatus(state: NodeState): NodeStatus {
  const stage = stageOf(state);
  return stage === 'joining' || stage === 'paused' ? 'up' : stage === 'left' ? 'dead' : 'active';
}
