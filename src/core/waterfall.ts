/**
 * The failover waterfall: where the time of a takeover went, from the records of the node that took over (for a
 * handover also from those of the node that gave). Six phases that follow one another without a gap:
 *
 *   detect    last keepalive heard ... silence established      (zero in a handover: somebody said so)
 *   decide    ... the first fencing or start that follows from it
 *   fence     ... the fence device confirmed                    (zero without one)
 *   stop      request ... the giver has let go                  (handover only)
 *   start     ... every started resource serves
 *   announce  ... the last address was announced                (zero when it was announced while its start went on)
 *
 * A resource that announces itself (an address) serves from its announcement on, although its agent may take a moment
 * longer to report; any other serves when its agent says so.
 */
import type { FailoverRecord, JournalRecord } from './journal-records.ts';
import type { Microseconds } from './types.ts';

export interface FailoverReport {
  readonly kind: 'crash' | 'standby' | 'stop' | 'start';
  readonly from: string;
  readonly agoMs: number;
  readonly groups: readonly string[];
  /** Last keepalive heard (or request received, or daemon up) is 0; milliseconds since then. */
  readonly phases: readonly { readonly name: PhaseName; readonly startMs: number; readonly endMs: number }[];
  readonly protection: string;
  readonly totalMs: number;
}

export const phaseNames = ['detect', 'decide', 'fence', 'stop', 'start', 'announce'] as const;
export type PhaseName = (typeof phaseNames)[number];

/** One failover while its records come in. Immutable: `observe` returns the next one. */
export interface Episode {
  readonly kind: FailoverReport['kind'];
  readonly from: string;
  readonly zeroUs: Microseconds;
  readonly silentUs?: Microseconds;
  readonly fence?: { readonly startedUs: Microseconds; readonly finishedUs: Microseconds };
  readonly releasedUs?: Microseconds;
  readonly firstStartUs?: Microseconds;
  /** Of every start in it, by `group/index`; finished ones have their times. */
  readonly starts: Readonly<Record<string, Start>>;
  readonly unprotected: boolean;
  readonly lastUs: Microseconds;
}

interface Start {
  readonly group: string;
  readonly finishedUs?: Microseconds;
  readonly announcedUs?: Microseconds;
  readonly failed?: boolean;
}

/** Older episodes are forgotten: the journal still has them. */
const episodesMax = 20;
/** A start that begins later than this after the last thing that happened is no part of that failover any more. */
const quietUs = 60_000_000;

/** Episodes so far and one more record; the newest is last. Records of other kinds change nothing. */
export function observe(episodes: readonly Episode[], record: JournalRecord): readonly Episode[] {
  const opened = openedBy(record as FailoverRecord, episodes.at(-1));
  if (opened !== undefined) return [...episodes, opened].slice(-episodesMax);
  const current = episodes.at(-1);
  if (current === undefined || record.us - current.lastUs > quietUs) return episodes;
  const next = continuedBy(current, record as FailoverRecord);
  return next === current ? episodes : [...episodes.slice(0, -1), next];
}

/** Every failover in the records that led to a start or, on a giver, to a release. Oldest first. */
export function failovers(records: readonly JournalRecord[], nowUs: Microseconds): FailoverReport[] {
  return reports(records.reduce<readonly Episode[]>(observe, []), nowUs);
}

export function reports(episodes: readonly Episode[], nowUs: Microseconds): FailoverReport[] {
  return episodes.filter(happened).map((episode) => report(episode, nowUs));
}

/** Silence after which nothing was started (nothing to take over), or a boot into a standing cluster, is no failover. */
function happened(episode: Episode): boolean {
  return episode.firstStartUs !== undefined || episode.releasedUs !== undefined;
}

function openedBy(record: FailoverRecord, current: Episode | undefined): Episode | undefined {
  const opened = { starts: {}, unprotected: false, lastUs: record.us };
  switch (record.kind) {
    case 'boot':
      return { ...opened, kind: 'start', from: record.node, zeroUs: record.us };
    case 'peerSilent':
      return { ...opened, kind: 'crash', from: record.node, zeroUs: record.lastHeardUs, silentUs: record.us };
    case 'handoverRequested': {
      const kind = record.reason === 'stop' ? 'stop' : 'standby';
      // Asked again before anything was released: the same handover, and the user waits since the first request.
      const repeated = current?.kind === kind && current.from === record.from && !happened(current);
      return repeated ? undefined : { ...opened, kind, from: record.from, zeroUs: record.us };
    }
    default:
      return undefined;
  }
}

function continuedBy(episode: Episode, record: FailoverRecord): Episode {
  const touched = { ...episode, lastUs: record.us };
  switch (record.kind) {
    case 'peerFenced': {
      const { startedUs, finishedUs, confirmed } = record;
      return confirmed ? { ...touched, fence: { startedUs, finishedUs } } : touched;
    }
    case 'handoverReleased':
      return record.from === episode.from && episode.releasedUs === undefined
        ? { ...touched, releasedUs: record.us }
        : episode;
    case 'start': {
      // A restart in place is no failover.
      if (record.evidence.kind === 'heldHere') return episode;
      const starts = { ...episode.starts, [key(record)]: { group: record.group } };
      const unprotected = episode.unprotected || record.evidence.kind === 'unprotected';
      return { ...touched, firstStartUs: episode.firstStartUs ?? record.us, starts, unprotected };
    }
    case 'operationResult':
      return withResult(episode, touched, record);
    default:
      return episode;
  }
}

function withResult(
  episode: Episode,
  touched: Episode,
  record: Extract<FailoverRecord, { kind: 'operationResult' }>,
): Episode {
  const start = episode.starts[key(record)];
  if (record.action !== 'start' || start === undefined) return episode;
  // The result of a restart in place, which was not counted as a start: what this failover took is known already.
  if (start.finishedUs !== undefined || start.failed === true) return episode;
  const { finishedUs, announcedUs } = record;
  const finished =
    record.outcome === 'done'
      ? { ...start, finishedUs, ...(announcedUs === undefined ? {} : { announcedUs }) }
      : { ...start, failed: true };
  return { ...touched, starts: { ...episode.starts, [key(record)]: finished } };
}

function report(episode: Episode, nowUs: Microseconds): FailoverReport {
  const starts = Object.values(episode.starts);
  const ends = phaseEnds(episode, starts);
  const millisecondsAt = (us: Microseconds): number => (us - episode.zeroUs) / 1000;
  const phases = phaseNames.map((name, position) => ({
    name,
    startMs: millisecondsAt(position === 0 ? episode.zeroUs : ends[phaseNames[position - 1]!]),
    endMs: millisecondsAt(ends[name]),
  }));
  return {
    kind: episode.kind,
    from: episode.from,
    agoMs: Math.round((nowUs - ends.announce) / 1000),
    groups: [...new Set(starts.filter((start) => start.failed !== true).map(({ group }) => group))],
    phases,
    protection: starts.length === 0 ? '' : episode.unprotected ? 'UNPROTECTED' : 'PROTECTED',
    totalMs: millisecondsAt(ends.announce),
  };
}

/** Each at least as late as the one before, so that phases never overlap whatever order the records had. */
function phaseEnds(episode: Episode, starts: readonly Start[]): Readonly<Record<PhaseName, Microseconds>> {
  const { zeroUs, silentUs, fence, releasedUs, firstStartUs } = episode;
  const handover = episode.kind === 'standby' || episode.kind === 'stop';
  const detect = Math.max(zeroUs, silentUs ?? zeroUs);
  const decided = handover ? zeroUs : (fence?.startedUs ?? firstStartUs ?? detect);
  const decide = Math.max(detect, decided);
  const fenced = Math.max(decide, fence?.finishedUs ?? decide);
  const stop = Math.max(fenced, handover ? (releasedUs ?? firstStartUs ?? fenced) : fenced);
  const start = Math.max(stop, firstStartUs ?? stop, ...starts.map(servesUs));
  const announce = Math.max(start, ...starts.map(({ announcedUs }) => announcedUs ?? start));
  return { detect, decide, fence: fenced, stop, start, announce };
}

function servesUs({ finishedUs, announcedUs }: Start): Microseconds {
  return Math.min(finishedUs ?? 0, announcedUs ?? Number.POSITIVE_INFINITY);
}

function key({ group, index }: { readonly group: string; readonly index: number }): string {
  return `${group}/${index}`;
}
