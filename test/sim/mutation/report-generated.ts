/** What became of the generated mutants, measured against the judgements of survivors.ts. */
import type { GeneratedVerdict } from './generated.ts';
import type { GuardMutant } from './guards.ts';
import type { Judgement } from './survivors.ts';

export interface GeneratedReport {
  readonly mutants: number;
  readonly killed: number;
  readonly killedBy: Readonly<Record<string, number>>;
  /** Over those that a seed was the first to show. */
  readonly meanSeedsToKill: number | undefined;
  readonly judged: readonly string[];
  /** Survivors without a judgement: these fail the command. */
  readonly unjudged: readonly string[];
  /** Judged as survivors, but caught. */
  readonly caughtSince: readonly string[];
  /** Judged, but no such mutant exists any more. Only known after a run over all files. */
  readonly gone: readonly string[];
  readonly notRun: number;
}

export function summarize(
  verdicts: readonly GeneratedVerdict[],
  judgements: readonly Judgement[],
  isComplete: boolean,
): GeneratedReport {
  const keysOf = (outcome: GeneratedVerdict['outcome']): string[] =>
    verdicts.filter((verdict) => verdict.outcome === outcome).map(({ mutant }) => mutant.key);
  const judgedKeys = new Set(judgements.map(({ mutant }) => mutant));
  const [killed, survived] = [keysOf('killed'), keysOf('survived')];
  const all = new Set(verdicts.map(({ mutant }) => mutant.key));
  const killedBy: Record<string, number> = {};
  for (const { by } of verdicts) if (by !== undefined) killedBy[by] = (killedBy[by] ?? 0) + 1;
  return {
    mutants: verdicts.length,
    killed: killed.length,
    killedBy,
    meanSeedsToKill: mean(verdicts.flatMap(({ seeds }) => seeds ?? [])),
    judged: survived.filter((key) => judgedKeys.has(key)),
    unjudged: survived.filter((key) => !judgedKeys.has(key)),
    caughtSince: killed.filter((key) => judgedKeys.has(key)),
    gone: isComplete ? [...judgedKeys].filter((key) => !all.has(key)) : [],
    notRun: keysOf('not run').length,
  };
}

export function lineOf({ mutant, outcome, by, objector, seeds, reached }: GeneratedVerdict): string {
  const place = `${mutant.key} (line ${mutant.line})`;
  if (outcome !== 'killed')
    return `${outcome === 'survived' ? 'SURVIVED' : 'not run '} ${place}${reached || outcome === 'not run' ? '' : ' (never reached)'}`;
  return `killed   by ${by} ${seeds === undefined ? '' : `${seeds}, `}${objector}: ${place}`;
}

/** What an earlier output says of a mutant: killed, or nothing. */
export function killedBefore(output: string, mutants: readonly GuardMutant[]): readonly GeneratedVerdict[] {
  const lines = output.split('\n').filter((line) => line.startsWith('killed '));
  return mutants.flatMap((mutant) => {
    const line = lines.find((candidate) => candidate.includes(`: ${mutant.key} (line `));
    const match = /^killed +by (scenario|unit test|seed) (?:(\d+), )?/.exec(line ?? '');
    if (line === undefined || match === null) return [];
    const [head, by, seeds] = match;
    return {
      mutant,
      outcome: 'killed' as const,
      by: by as 'scenario' | 'unit test' | 'seed',
      objector: line.slice(head.length, line.lastIndexOf(`: ${mutant.key}`)),
      ...(seeds === undefined ? {} : { seeds: Number(seeds) }),
      reached: true,
    };
  });
}

/** One row per file. */
export function tableOf(verdicts: readonly GeneratedVerdict[]): readonly string[] {
  const files = [...new Set(verdicts.map(({ mutant }) => mutant.file))];
  const rows = files.map((file) => {
    const here = verdicts.filter(({ mutant }) => mutant.file === file);
    const count = (test: (verdict: GeneratedVerdict) => boolean): string => String(here.filter(test).length);
    return [
      file,
      String(here.length),
      count(({ outcome }) => outcome === 'killed'),
      count(({ by }) => by === 'scenario'),
      count(({ by }) => by === 'unit test'),
      count(({ by }) => by === 'seed'),
      count(({ outcome }) => outcome === 'survived'),
      mean(here.flatMap(({ seeds }) => seeds ?? []))?.toFixed(1) ?? '-',
    ];
  });
  const head = ['file', 'mutants', 'killed', 'by scenario', 'by unit test', 'by seed', 'survived', 'mean seeds'];
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length), title.length),
  );
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
}

export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
