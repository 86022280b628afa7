/**
 * The stories of both nodes on one clock, ours: cut into incidents (a failover, a handover, a start), and for each
 * resource the times at which both nodes owned it.
 */

import { wallSecondsOf } from '../journal-records.ts';
import { type Microseconds, usPerMs, usPerSecond } from '../types.ts';
import { type Episode, type FailoverReport, reports } from '../waterfall.ts';
import { type ClockComparison, type ClockDifference, compareClocks } from './clocks.ts';
import type { HeldSpan } from './holdings.ts';
import type { Epoch, Moment } from './story.ts';

export interface MergedTimeline {
  readonly nodes: readonly string[];
  /** Absent: only one journal. */
  readonly clocks?: ClockDifference;
  /** Oldest first. */
  readonly incidents: readonly Incident[];
  readonly both: readonly OwnedByBoth[];
}

export interface Incident {
  readonly fromWallSeconds: number;
  /** The gravest of what began it. `split`: each node took the other for dead. */
  readonly kind: 'split' | 'crash' | 'handover' | 'stop' | 'start' | 'pause' | 'other';
  /** The node that it came from. */
  readonly from: string;
  readonly totalMs: number;
  /** Where the time went, by the journal of the node that took over. */
  readonly failover?: Omit<FailoverReport, 'agoMs'>;
  readonly moments: readonly TimedMoment[];
}

export interface TimedMoment extends Omit<Moment, 'us'> {
  /** Since the beginning of the incident. */
  readonly atMs: number;
}

export interface OwnedByBoth {
  readonly resource: string;
  readonly fromWallSeconds: number;
  readonly ms: number;
  /** The truth is no farther away than this; less than nothing is nothing. */
  readonly uncertaintyMs: number;
  /** How the shorter of the two came to its end. */
  readonly endedOn: string;
  readonly end: HeldSpan['end'];
}

interface Placed extends Moment {
  /** In our clock. */
  readonly atUs: Microseconds;
}

/** Nothing has happened for so long and nothing is under way: what comes next is another story. */
const quietUs = 5 * usPerSecond;
/** The same, before something that begins a story by itself. */
const shortPauseUs = usPerSecond / 2;
const begins: ReadonlySet<string> = new Set([
  'moment-last-heard',
  'moment-own-pause',
  'moment-command',
  'moment-handover',
  'moment-stop-requested',
  'moment-boot',
  'moment-boot-adopts',
]);

/** `ours`: the epoch that is told, with whatever of the other node's falls into its time. */
export function mergeStories(ours: Epoch, theirs: readonly Epoch[]): MergedTimeline {
  const pairs = theirs.map((epoch) => ({ epoch, clocks: compareClocks(ours, epoch) }));
  const overlapping = pairs.filter(({ epoch, clocks }) => overlaps(ours, epoch, clocks.at(ours.lastUs)));
  const placed: Placed[] = ours.moments.map((moment) => ({ ...moment, atUs: moment.us }));
  for (const { epoch, clocks } of overlapping)
    for (const moment of epoch.moments) placed.push({ ...moment, atUs: clocks.ours(moment.us) });
  placed.sort((left, right) => left.atUs - right.atUs);
  const newestUs = Math.max(...placed.map(({ atUs }) => atUs));
  // The end of what was written so far says nothing, unless the other node goes on.
  const told = placed.filter(({ code, atUs }) => code !== 'moment-journal-ends' || newestUs - atUs > shortPauseUs);
  const episodes = [
    ...ours.episodes.map((episode) => ({ episode, zeroUs: episode.zeroUs })),
    ...overlapping.flatMap(({ epoch, clocks }) =>
      epoch.episodes.map((episode) => ({ episode, zeroUs: clocks.ours(episode.zeroUs) })),
    ),
  ];
  const both = overlapping.flatMap(({ epoch, clocks }) => ownedByBoth(ours, epoch, clocks));
  const newest = overlapping.at(-1);
  return {
    nodes: [ours.node, ...overlapping.map(({ epoch }) => epoch.node)].filter(
      (node, at, all) => all.indexOf(node) === at,
    ),
    ...(newest === undefined ? {} : { clocks: newest.clocks.at(ours.lastUs) }),
    incidents: cut(told).map((moments) => incidentOf(ours, moments, episodes)),
    both: both.sort((left, right) => left.fromWallSeconds - right.fromWallSeconds),
  };
}

function overlaps(ours: Epoch, theirs: Epoch, { offsetUs, by, messages }: ClockDifference): boolean {
  if (by === 'messages' || messages > 0) return true;
  return theirs.segment.us + offsetUs <= ours.lastUs && theirs.lastUs + offsetUs >= ours.segment.us;
}

/** What goes on without a pause, or while something that was begun has not ended. */
function cut(moments: readonly Placed[]): Placed[][] {
  const incidents: Placed[][] = [];
  const underWay = new Set<string>();
  let lastUs = Number.NEGATIVE_INFINITY;
  for (const moment of moments) {
    const pauseUs = begins.has(moment.code) ? shortPauseUs : quietUs;
    if (moment.atUs - lastUs > pauseUs && underWay.size === 0) incidents.push([]);
    incidents.at(-1)!.push(moment);
    lastUs = moment.atUs;
    follow(underWay, moment);
  }
  return incidents;
}

function follow(underWay: Set<string>, { node, code, fields }: Placed): void {
  const operation = `${node} ${String(fields['resource'] ?? '')}`;
  if (code === 'moment-starts' || code === 'moment-stops') underWay.add(operation);
  else if (code === 'moment-started' || code === 'moment-stopped' || code === 'moment-failed')
    underWay.delete(operation);
  else if (code === 'moment-last-heard') underWay.add(`${node} waits`);
  else if (code === 'moment-peer-silent') underWay.delete(`${node} waits`);
  else if (code === 'moment-fences') underWay.add(`${node} fences`);
  else if (code === 'moment-fenced' || code === 'moment-fence-failed') underWay.delete(`${node} fences`);
  else if (ends.has(code)) for (const each of [...underWay]) if (each.startsWith(`${node} `)) underWay.delete(each);
}

const ends: ReadonlySet<string> = new Set([
  'moment-journal-ends',
  'moment-exit',
  'moment-host-lost',
  'moment-guardian-acted',
  'moment-boot',
  'moment-boot-adopts',
]);

interface PlacedEpisode {
  readonly episode: Episode;
  readonly zeroUs: Microseconds;
}

/** A last word and the silence that follows it belong together; the clocks of two nodes agree only so far. */
const marginUs = 10 * usPerMs;

function failoverOf(moments: readonly Placed[], episodes: readonly PlacedEpisode[]): Incident['failover'] {
  const [fromUs, toUs] = [moments[0]!.atUs - marginUs, moments.at(-1)!.atUs + marginUs];
  const inside = episodes.filter(({ zeroUs }) => zeroUs >= fromUs && zeroUs <= toUs).map(({ episode }) => episode);
  const told = reports(inside, 0);
  const found = told.findLast(({ groups }) => groups.length > 0) ?? told.at(-1);
  if (found === undefined) return undefined;
  const { agoMs: _sinceWhen, ...failover } = found;
  return failover;
}

function incidentOf(ours: Epoch, moments: readonly Placed[], episodes: readonly PlacedEpisode[]): Incident {
  const first = moments[0]!;
  const failover = failoverOf(moments, episodes);
  const cause = causes.flatMap(({ code }) => moments.find((moment) => moment.code === code) ?? []).at(0);
  const silent = new Set(moments.filter(({ code }) => code === 'moment-peer-silent').map(({ node }) => node));
  const kind = causes.find(({ code }) => code === cause?.code)?.kind ?? 'other';
  return {
    fromWallSeconds: wallSecondsOf(ours.segment, first.atUs),
    kind: silent.size > 1 ? 'split' : kind,
    from: String(cause?.fields['peer'] ?? cause?.fields['from'] ?? cause?.node ?? first.node),
    totalMs: (moments.at(-1)!.atUs - first.atUs) / usPerMs,
    ...(failover === undefined ? {} : { failover }),
    moments: moments.map(({ us: _us, atUs, ...moment }) => ({ ...moment, atMs: (atUs - first.atUs) / usPerMs })),
  };
}

/** The gravest first. */
const causes: readonly { readonly code: string; readonly kind: Incident['kind'] }[] = [
  { code: 'moment-peer-silent', kind: 'crash' },
  { code: 'moment-fences', kind: 'crash' },
  { code: 'moment-own-pause', kind: 'pause' },
  { code: 'moment-stop-requested', kind: 'stop' },
  { code: 'moment-handover', kind: 'handover' },
  { code: 'moment-boot', kind: 'start' },
  { code: 'moment-boot-adopts', kind: 'start' },
  { code: 'moment-starts', kind: 'start' },
];

function ownedByBoth(ours: Epoch, theirs: Epoch, clocks: ClockComparison): OwnedByBoth[] {
  const found: OwnedByBoth[] = [];
  for (const here of ours.held) {
    for (const there of theirs.held) {
      if (here.resource !== there.resource) continue;
      const [thereFromUs, thereToUs] = [clocks.ours(there.fromUs), clocks.ours(there.toUs)];
      const fromUs = Math.max(here.fromUs, thereFromUs);
      const toUs = Math.min(here.toUs, thereToUs);
      if (toUs <= fromUs) continue;
      const isHere = here.toUs <= thereToUs;
      found.push({
        resource: here.resource,
        fromWallSeconds: wallSecondsOf(ours.segment, fromUs),
        ms: (toUs - fromUs) / usPerMs,
        uncertaintyMs: clocks.at(fromUs).uncertaintyUs / usPerMs,
        endedOn: isHere ? ours.node : theirs.node,
        end: isHere ? here.end : there.end,
      });
    }
  }
  return found;
}
