/**
 * The last part of every step: if anything changed that the peer should know, it is said at once, and every keepalive
 * says it again. The classic `resource` message goes out beside it whenever the class of what is held changes.
 */

import { attributeFields, attributesChanged, attributeText } from '../attributes.ts';
import { digestDigits } from '../configuration-difference.ts';
import type { NodeStatus } from '../events.ts';
import { fencedGeneration } from '../fencing/proof.ts';
import { letterOf, type NodeState, stageOf, unpublished } from '../node-state.ts';
import { reachReport } from '../ping/reach.ts';
import { type Field, messageOf } from '../transport/message.ts';
import { claimOf, heldClass } from './claim.ts';
import { isClassic } from './classic/classic-peer.ts';
import { saidLists } from './reconfigure.ts';
import { encodeReport, type Report, reportContent } from './report.ts';

export function publish(state: NodeState): void {
  const ack = state.peer.report?.version ?? 0;
  const status = wireStatus(state);
  const changed = !isStillTrue(state) && takeReport(state);
  const digest = state.options.configurationDigest;
  const isNews = changed || ack !== state.ackSent || status !== state.statusSent || digest !== state.digestSent;
  const isDue = isNews || attributesChanged(state);
  if (!isDue && !isClassic(state)) return;
  const fields = encodeReport({ ...state.reportSaid!, version: state.reportVersion, ack });
  if (isDue) advertise(state, status, ack, fields);
  if (changed || isClassic(state)) sayResource(state, fields);
}

/** The report is put together anew; true: it says something else than the last one. */
function takeReport(state: NodeState): boolean {
  const report = buildReport(state);
  const content = reportContent(report);
  state.reportSaid = report;
  if (content === state.reportContent) return false;
  takeNewVersion(state, content, report.lists);
  return true;
}

/**
 * Whether the report last said is what `buildReport` would give now: every part of it is looked at, so that nobody has
 * to tell when it has changed. Asked for in every step, and nearly always so.
 */
function isStillTrue(state: NodeState): boolean {
  const { reportSaid: said, groups } = state;
  if (said === undefined || said.ackGeneration !== state.peer.generation || said.stage !== stageOf(state)) return false;
  if (said.groups.length !== groups.length || !isSameReach(said.pings, reachReport(state))) return false;
  if ((said.fenced ?? 0) !== fencedGeneration(state)) return false;
  const { digest, lists } = saidLists(state);
  if (digest !== said.lists || lists !== undefined) return false;
  for (let at = 0; at < groups.length; at++) {
    const { configuration, marked, unmanaged } = groups[at]!;
    const statement = said.groups[at]!;
    if (statement.key !== configuration.key || statement.owner !== configuration.owner) return false;
    if (statement.letter !== letterOf(groups[at]!) || statement.marked !== marked) return false;
    if ((statement.unmanaged === true) !== (unmanaged !== undefined) || statement.resources !== undefined) return false;
  }
  return true;
}

function isSameReach(said: Report['pings'], now: Report['pings']): boolean {
  return said?.live === now?.live && said?.disputed === now?.disputed;
}

function advertise(state: NodeState, status: NodeStatus, ack: number, fields: readonly Field[]): void {
  state.ackSent = ack;
  state.statusSent = status;
  state.digestSent = state.options.configurationDigest;
  state.attributesSent = attributeText(state);
  state.effects.push({
    type: 'advertise',
    status,
    deadtimeMs: state.options.deadtimeMs,
    fields: [
      ...fields,
      { name: 'pbdig', value: state.options.configurationDigest.slice(0, digestDigits) },
      ...attributeFields(state),
    ],
    immediately: true,
  });
}

/** local, foreign, all, none, or transition while something moves: the words of `cl_status rscstatus`. */
export function resourceClass(state: NodeState): 'local' | 'foreign' | 'all' | 'none' | 'transition' {
  const letters = state.groups.map(letterOf);
  if (letters.some((letter) => letter === 's' || letter === 'p' || letter === 'u')) return 'transition';
  return heldClass(state);
}

function buildReport(state: NodeState): Report {
  const pings = reachReport(state);
  const { digest, lists } = saidLists(state);
  const fenced = fencedGeneration(state);
  return {
    ...(pings === undefined ? {} : { pings }),
    ...(fenced === 0 ? {} : { fenced }),
    version: 0,
    ack: 0,
    ackGeneration: state.peer.generation,
    stage: stageOf(state),
    groups: state.groups.map((group, at) => ({
      key: group.configuration.key,
      letter: letterOf(group),
      marked: group.marked,
      ...(group.unmanaged === undefined ? {} : { unmanaged: true }),
      owner: group.configuration.owner,
      ...(lists?.[at] === undefined ? {} : { resources: lists[at] }),
    })),
    lists: digest,
  };
}

function takeNewVersion(state: NodeState, content: string, lists: string | undefined): void {
  state.reportVersion++;
  state.reportContent = content;
  if (state.reach.disputedAtVersion === unpublished) state.reach.disputedAtVersion = state.reportVersion;
  if (lists !== undefined && lists !== state.listsSaid) {
    state.listsSaid = lists;
    state.listsAtVersion = state.reportVersion;
  }
  for (const group of state.groups) {
    if (group.offeredAtVersion === unpublished) group.offeredAtVersion = state.reportVersion;
    if (group.claimedAtVersion === unpublished) group.claimedAtVersion = state.reportVersion;
    if (group.withdrawnAtVersion === unpublished) group.withdrawnAtVersion = state.reportVersion;
  }
}

/** R1: what this node holds, by class; `isstable` once nothing moves. */
function sayResource(state: NodeState, fields: readonly Field[]): void {
  const claim = claimOf(state);
  if (claim === undefined) return;
  const { hold, stable, info } = claim;
  const said = `${hold} ${stable ? 1 : 0} ${info ?? ''}`;
  if (said === state.holdSent) return;
  state.holdSent = said;
  const words = {
    rsc_hold: hold,
    rtype: 'full',
    isstable: stable ? '1' : '0',
    ...(info === undefined ? {} : { info }),
  };
  state.effects.push({ type: 'send', message: { fields: [...messageOf('resource', words).fields, ...fields] } });
}

function wireStatus(state: NodeState): NodeStatus {
  const stage = stageOf(state);
  // A real Heartbeat is active as soon as the other node has answered it, before anything is decided about resources.
  if (stage === 'joining' && isClassic(state) && state.peer.classic.knowsUsSince !== undefined) return 'active';
  // It takes `dead` for a death and every status after that for a return after a partition: it would restart itself.
  if (stage === 'left' && isClassic(state)) return 'active';
  return stage === 'joining' || stage === 'paused' ? 'up' : stage === 'left' ? 'dead' : 'active';
}
