/**
 * How far apart the clocks of two nodes are, from the messages that both journals tell of. A message cannot come in
 * before it went out: each one bounds the difference from one side, and those of both directions from both. The truth lies
 * between the tightest bounds; how far they are apart is the uncertainty, and it is stated.
 */
import { type Microseconds, usPerSecond } from '../types.ts';
import type { Epoch, Passed } from './story.ts';

export interface ClockDifference {
  /** Add to a time of the other node to get a time of ours. */
  readonly offsetUs: Microseconds;
  /** The truth is no farther away than this. */
  readonly uncertaintyUs: Microseconds;
  /** `messages`: bounded from both sides. `wall`: by the wall clocks of both nodes, whose own error nobody knows. */
  readonly by: 'messages' | 'wall';
  /** Messages that were compared. */
  readonly messages: number;
}

/** Two clocks run apart by no more than this; a bound from long ago counts the less. */
const driftRate = 50 / usPerSecond;
/** The time that is written down for a message is this much off at most: it is taken before the message leaves. */
const slackUs = 100;

/** Clocks drift: the nearer in time the messages, the better the answer. One answer for so long. */
const periodUs = 10 * usPerSecond;

export interface ClockComparison {
  /** For a time of ours. */
  at(ourUs: Microseconds): ClockDifference;
  /** A time of theirs in our clock. */
  ours(theirUs: Microseconds): Microseconds;
}

export function compareClocks(ours: Epoch, theirs: Epoch): ClockComparison {
  // Theirs went out and came in here: our time is later than theirs at least by nothing.
  const upper = matches(theirs.said, ours.heard).map(({ saidUs, heardUs }) => ({
    us: heardUs,
    bound: heardUs - saidUs,
  }));
  const lower = matches(ours.said, theirs.heard).map(({ saidUs, heardUs }) => ({
    us: saidUs,
    bound: heardUs - saidUs,
  }));
  const answers = new Map<number, ClockDifference>();
  const at = (ourUs: Microseconds): ClockDifference => {
    const period = Math.floor(ourUs / periodUs);
    const known = answers.get(period);
    if (known !== undefined) return known;
    const answer = differenceAt(upper, lower, period * periodUs + periodUs / 2) ?? {
      ...{ offsetUs: wallOffset(ours, theirs), uncertaintyUs: usPerSecond, by: 'wall' as const },
      messages: upper.length + lower.length,
    };
    answers.set(period, answer);
    return answer;
  };
  const about = at(ours.lastUs).offsetUs;
  return { at, ours: (theirUs) => theirUs + at(theirUs + about).offsetUs };
}

interface Bound {
  readonly us: Microseconds;
  readonly bound: Microseconds;
}

function differenceAt(upper: readonly Bound[], lower: readonly Bound[], us: Microseconds): ClockDifference | undefined {
  if (upper.length === 0 || lower.length === 0) return undefined;
  const highUs = tightest(upper, us) + slackUs;
  const lowUs = -tightest(lower, us) - slackUs;
  return {
    offsetUs: Math.round((highUs + lowUs) / 2),
    uncertaintyUs: Math.ceil(Math.abs(highUs - lowUs) / 2 + (periodUs / 2) * driftRate),
    by: 'messages',
    messages: upper.length + lower.length,
  };
}

function tightest(bounds: readonly Bound[], aroundUs: Microseconds): Microseconds {
  let best = Number.POSITIVE_INFINITY;
  for (const { us, bound } of bounds) best = Math.min(best, bound + Math.abs(us - aroundUs) * driftRate);
  return best;
}

function matches(
  said: readonly Passed[],
  heard: readonly Passed[],
): { readonly saidUs: Microseconds; readonly heardUs: Microseconds }[] {
  const sent = new Map(said.map(({ generation, sequence, us }) => [`${generation}/${sequence}`, us]));
  return heard.flatMap(({ generation, sequence, us: heardUs }) => {
    const saidUs = sent.get(`${generation}/${sequence}`);
    return saidUs === undefined ? [] : [{ saidUs, heardUs }];
  });
}

function wallOffset(ours: Epoch, theirs: Epoch): Microseconds {
  const zero = ({ segment }: Epoch): number => segment.wallSeconds * usPerSecond - segment.us;
  return Math.round(zero(theirs) - zero(ours));
}
