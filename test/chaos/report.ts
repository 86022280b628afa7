/** What a run says at its end: figures first, then each overlap with the faults that were going on. */
import { type PlayedFault, sentenceOf } from './episode.ts';
import type { OverlapSpell } from './holdings.ts';
import type { PlayedEpisode, RoundResult } from './results.ts';

/** Faults that ended this long before an overlap began may still be its cause: a deadtime, and a takeover. */
const causeUs = 3_000_000;
const explainedMax = 12;

export interface Span {
  readonly runs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

export function spanOf(values: readonly number[]): Span {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return { runs: values.length, medianMs: Math.round(middle), maxMs: Math.round(sorted.at(-1) ?? 0) };
}

/** Of each kind: how often it happened, and how long the client was without an address where it was alone. */
export function faultTable(rounds: readonly RoundResult[]): Record<string, { happened: number; outage: Span }> {
  const table: Record<string, { happened: number; alone: number[] }> = {};
  for (const { faults, outageMs } of rounds.flatMap((round) => round.episodes)) {
    const happened = faults.filter((fault) => fault.notApplied === undefined);
    for (const { planned } of happened) {
      table[planned.kind] ??= { happened: 0, alone: [] };
      table[planned.kind]!.happened += 1;
      if (happened.length === 1) table[planned.kind]!.alone.push(Math.max(...Object.values(outageMs)));
    }
  }
  const entries = Object.entries(table).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([kind, { happened, alone }]) => [kind, { happened, outage: spanOf(alone) }]));
}

export function overlapMs(overlaps: readonly OverlapSpell[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { resource, fromUs, toUs } of overlaps) sum[resource] = (sum[resource] ?? 0) + (toUs - fromUs) / 1000;
  return sum;
}

/** Faults that were going on when it began, or had ended shortly before. */
export function causesOf(spell: OverlapSpell, episodes: readonly PlayedEpisode[]): PlayedFault[] {
  return episodes
    .flatMap((episode) => episode.faults)
    .filter(
      ({ notApplied, fromUs, toUs }) =>
        notApplied === undefined && fromUs <= spell.fromUs && toUs >= spell.fromUs - causeUs,
    );
}

export function explain(spell: OverlapSpell, episodes: readonly PlayedEpisode[]): string {
  const causes = causesOf(spell, episodes);
  const text = causes.map(sentenceOf).join('; ') || 'no fault was going on';
  const ms = (spell.toUs - spell.fromUs) / 1000;
  return `${spell.resource} on ${spell.nodes.join(' and ')} for ${ms.toFixed(1)} ms (${spell.awakeMs.toFixed(0)} ms with both awake): ${text}`;
}

/** What belongs to all rounds together. */
export function reportLines(rounds: readonly RoundResult[]): string[] {
  const table = Object.entries(faultTable(rounds)).map(([kind, { happened, outage }]) => {
    const alone =
      outage.runs === 0
        ? 'never alone'
        : `${outage.runs} alone: out of service ${outage.medianMs} ms, at most ${outage.maxMs}`;
    return `  ${kind.padEnd(42)} ${String(happened).padStart(4)}  ${alone}`;
  });
  const skipped = Object.entries(rounds[0]?.skipped ?? {}).map(([kind, reason]) => `  ${kind}: skipped (${reason})`);
  return [...totalLines(rounds), '', 'Faults:', ...table, ...skipped, ''];
}

function totalLines(rounds: readonly RoundResult[]): string[] {
  return (['fence', 'none'] as const).flatMap((protection) => {
    const of = rounds.filter((round) => round.protection === protection);
    if (of.length === 0) return [];
    const episodes = of.flatMap((round) => round.episodes);
    const faults = episodes.flatMap((episode) => episode.faults).filter((fault) => fault.notApplied === undefined);
    const recovered = spanOf(episodes.map((episode) => episode.recovery.ms));
    const seconds = of.reduce((sum, round) => sum + round.seconds, 0);
    const word = of.reduce((sum, round) => sum + round.protectedMs, 0) / 1000;
    const overlap = Object.values(overlapMs(of.flatMap((round) => round.overlaps))).reduce((sum, ms) => sum + ms, 0);
    return [
      '',
      `${protection === 'fence' ? 'With a fence device' : 'Without protection'}: ${of.length} rounds, ${Math.round(seconds)} s` +
        `${protection === 'fence' ? ` (${word.toFixed(0)} s of them by the word PROTECTED)` : ''}, ${faults.length} faults in ` +
        `${episodes.length} episodes; two holders for ${overlap.toFixed(1)} ms over all resources; recovery at most ` +
        `${recovered.maxMs} ms, median ${recovered.medianMs} ms, bound ${of[0]!.boundMs} ms`,
    ];
  });
}

export function linesOfRound(round: RoundResult): string[] {
  const { protection, seed, seconds, episodes, overlaps, lockConflicts, doubleAnswers, boundMs } = round;
  const faults = episodes.flatMap((episode) => episode.faults).filter((fault) => fault.notApplied === undefined);
  const recovered = spanOf(episodes.map((episode) => episode.recovery.ms));
  const total = Object.entries(overlapMs(overlaps)).map(([resource, ms]) => `${resource} ${ms.toFixed(1)} ms`);
  const counted = protection === 'none' ? 'unprotected, so counted and explained only' : 'protected: must be none';
  return [
    '',
    `Round ${protection === 'none' ? 'without protection' : 'with a fence device'}, seed ${seed}: ${Math.round(seconds)} s, ` +
      `${episodes.length} episodes, ${faults.length} faults, ${round.boots} boots, ${round.daemonStarts} starts of a daemon`,
    `  PROTECTED by a living node's own word: ${(round.protectedMs / 1000).toFixed(1)} s`,
    ...Object.entries(round.protectionWords).map(([word, count]) => `    ${count} times: ${word}`),
    ...(protection === 'fence' ? [`  fence device: ${fencingSentence(round)}`] : []),
    `  two holders (${counted}): ${total.join(', ') || '0 ms'}; locks not got: ${lockConflicts.length}; ` +
      `double answers: ${doubleAnswers.length}; writers that went on after another had begun: ${interleaved(round)}`,
    `  what the writers wrote: ${written(round)}`,
    ...overlaps.slice(0, explainedMax).map((spell) => `    ${explain(spell, episodes)}`),
    ...(overlaps.length > explainedMax ? [`    and ${overlaps.length - explainedMax} more`] : []),
    `  recovery: bound ${boundMs} ms, median ${recovered.medianMs} ms, longest ${recovered.maxMs} ms`,
    `  daemon: at most ${round.daemon.descriptorsMost} descriptors (${signed(round.daemon.descriptorsGrowth)} within a life), ` +
      `${Math.round(round.daemon.rssMostMb)} MB (${signed(Math.round(round.daemon.rssGrowthMb))})`,
    `  agent host: at most ${round.agentHost.descriptorsMost} descriptors (${signed(round.agentHost.descriptorsGrowth)}), ` +
      `${Math.round(round.agentHost.rssMostMb)} MB (${signed(Math.round(round.agentHost.rssGrowthMb))})`,
    `  left behind: ${round.leftovers.join('; ') || 'nothing'}`,
    ...round.journals.map(
      ({ node, events, decisions, daemons, statesCompared, gaps, divergence }) =>
        `  journal of ${node}: ${events} events of ${daemons} daemons, ${decisions} decisions, ${statesCompared} whole states: ` +
        `replayed ${divergence === undefined ? 'identically' : 'DIFFERENTLY'}${gaps.length > 0 ? ` (gaps: ${gaps.join(', ')})` : ''}`,
    ),
    ...round.changedCores.map(
      ({ name, refusedBy }) =>
        `  a core that ${name}: noticed in the journal of ${refusedBy.join(' and ') || 'NOBODY'}`,
    ),
    `  the observer looked ${round.watcher.polls} times; it was itself held up for ${round.watcher.longestStallMs.toFixed(1)} ms at most; ` +
      `load ${round.load.toFixed(1)}`,
    ...round.violations.map((violation) => `  VIOLATION ${violation}`),
  ];
}

function interleaved({ lockLogs }: RoundResult): number {
  return Object.values(lockLogs).reduce((sum, log) => sum + log.interleavings.length, 0);
}

function written({ lockLogs }: RoundResult): string {
  return Object.entries(lockLogs)
    .map(([service, { lines, writers }]) => `${lines} lines by ${writers} writers of service ${service}`)
    .join(', ');
}

function fencingSentence({ fencing }: RoundResult): string {
  const confirmed = fencing.filter((one) => one.answered === 'success').length;
  const silent = fencing.filter((one) => one.acted && one.answered !== 'success').length;
  return `asked ${fencing.length} times, ${confirmed} confirmed, ${silent} done but not confirmed`;
}

const signed = (value: number): string => (value >= 0 ? `+${value}` : String(value));
