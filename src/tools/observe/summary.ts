/** From arrivals to figures: jitter, loss, and the smallest deadtime that what was seen would allow. */
import type { Observation, Track } from './observation.ts';

export interface ObserveReport {
  readonly seconds: number;
  readonly packets: number;
  readonly unreadable: number;
  readonly strangers: number;
  /** Packets the kernel dropped before they were read: loss figures are not to be trusted if this is not 0. */
  readonly captureDropped: number;
  readonly keys: readonly {
    readonly index: number;
    readonly method: string;
    readonly packets: number;
    readonly weak: boolean;
  }[];
  readonly verification: { readonly possible: boolean; readonly verified: number; readonly refused: number };
  readonly weaknesses: readonly string[];
  readonly senders: readonly SenderReport[];
}

export interface SenderReport {
  readonly node: string;
  readonly restarts: number;
  readonly advertisedDeadtimeMs?: number;
  readonly clockOffsetSeconds?: number;
  readonly links: readonly LinkSeen[];
  /** Over all links together: a keepalive counts as heard when any of them brought it. */
  readonly keepalive?: IntervalFigures;
  readonly suggestion?: DeadtimeSuggestion;
}

export interface LinkSeen {
  readonly link: string;
  readonly source: string;
  readonly messages: number;
  readonly lost: number;
  readonly keepalive?: IntervalFigures;
}

export interface IntervalFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface DeadtimeSuggestion {
  readonly deadtimeMs: number;
  readonly because: 'longest-silence' | 'two-keepalives';
  /** Too few intervals for a rare delay to have shown itself. */
  readonly fewSamples: boolean;
}

const weakMethods = ['crc', 'md5', 'sha1'];
const enoughIntervals = 1000;

export function summarize(
  observation: Observation,
  context: {
    readonly seconds: number;
    readonly captureDropped: number;
    readonly canVerify: boolean;
    readonly weaknesses: readonly string[];
  },
): ObserveReport {
  const { counts } = observation;
  const tracks = [...observation.tracks.values()].sort((left, right) =>
    `${left.node} ${left.link}` < `${right.node} ${right.link}` ? -1 : 1,
  );
  const nodes = [...new Set(tracks.map(({ node }) => node))];
  return {
    seconds: context.seconds,
    packets: counts.packets,
    unreadable: counts.unreadable,
    strangers: counts.strangers,
    captureDropped: context.captureDropped,
    keys: [...observation.keys].map(([key, packets]) => {
      const [index = '', method = ''] = key.split(' ');
      return { index: Number(index), method, packets, weak: weakMethods.includes(method) };
    }),
    verification: { possible: context.canVerify, verified: counts.verified, refused: counts.refused },
    weaknesses: context.weaknesses,
    senders: nodes.map((node) =>
      senderReport(
        node,
        tracks.filter((track) => track.node === node),
      ),
    ),
  };
}

function senderReport(node: string, tracks: readonly Track[]): SenderReport {
  const newest = [...tracks].sort((left, right) => generationOf(right) - generationOf(left))[0];
  const current = tracks.filter((track) => track.generation === newest?.generation);
  const together = new Map<number, number>();
  for (const track of current) {
    for (const [sequence, atUs] of track.beats) together.set(sequence, Math.min(atUs, together.get(sequence) ?? atUs));
  }
  const keepalive = intervals(together);
  const suggestion = keepalive === undefined ? undefined : suggest(keepalive);
  return {
    node,
    restarts: Math.max(0, ...tracks.map(({ restarts }) => restarts)),
    ...(newest?.deadtimeMs === undefined ? {} : { advertisedDeadtimeMs: newest.deadtimeMs }),
    ...(newest?.clockOffsetSeconds === undefined ? {} : { clockOffsetSeconds: newest.clockOffsetSeconds }),
    links: tracks.map((track) => {
      const figures = intervals(track.beats);
      const { link, source, sequences } = track;
      return {
        link,
        source,
        messages: sequences.size,
        lost: lost(sequences),
        ...(figures === undefined ? {} : { keepalive: figures }),
      };
    }),
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function generationOf({ generation }: Track): number {
  return Number.parseInt(generation, 16) || 0;
}

/** Sequence numbers between the first and the last one seen that never came on this link. */
export function lost(sequences: ReadonlySet<number>): number {
  if (sequences.size === 0) return 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const sequence of sequences) {
    lowest = Math.min(lowest, sequence);
    highest = Math.max(highest, sequence);
  }
  return highest - lowest + 1 - sequences.size;
}

/** Of times of arrival: a lost keepalive shows as a long interval, which is what a silence timer sees too. */
export function intervals(beats: ReadonlyMap<number, number>): IntervalFigures | undefined {
  const times = [...beats.values()].sort((left, right) => left - right);
  if (times.length < 2) return undefined;
  const gaps: number[] = [];
  for (let index = 1; index < times.length; index += 1)
    gaps.push(((times[index] ?? 0) - (times[index - 1] ?? 0)) / 1000);
  gaps.sort((left, right) => left - right);
  const at = (share: number) => gaps[Math.min(gaps.length - 1, Math.ceil(share * gaps.length) - 1)] ?? 0;
  return { count: gaps.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: gaps[gaps.length - 1] ?? 0 };
}

/**
 * Twice the longest silence seen, and more than two keepalives in any case (below that Heartbeat refuses to start,
 * heartbeat.md 1.3). Rounded up to two digits: more would pretend a precision that an observation does not have.
 */
export function suggest({ count, p50Ms, maxMs }: IntervalFigures): DeadtimeSuggestion {
  const bySilence = 2 * maxMs;
  const byRule = 2 * p50Ms + 1;
  return {
    deadtimeMs: roundUp(Math.max(bySilence, byRule)),
    because: bySilence >= byRule ? 'longest-silence' : 'two-keepalives',
    fewSamples: count < enoughIntervals,
  };
}

function roundUp(milliseconds: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(milliseconds, 1))) - 1);
  return Math.ceil(Math.round((milliseconds / unit) * 1000) / 1000) * unit;
}
