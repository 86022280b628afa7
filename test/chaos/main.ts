/**
 * `npm run chaos -- --minutes M`: real daemons, agents and links under faults, and an observer who belongs to neither
 * node. docs/chaos.md tells what is done and what is measured.
 */
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { enterLab } from '../lab/enter.ts';
import type { ProtectionKind } from './configuration.ts';
import { faultTable, linesOfRound, overlapMs, reportLines, spanOf } from './report.ts';
import type { RoundResult } from './results.ts';
import { playRound } from './round.ts';

interface Options {
  readonly minutes: string;
  readonly seed: string;
  readonly protection: 'none' | 'fence' | 'both';
  readonly roundMinutes: string;
  readonly logs?: string;
  readonly json?: boolean;
}

const command = new Command('npm run chaos --')
  .description('a real pair under faults, watched from outside')
  .option('--minutes <number>', 'how long, over all rounds', '5')
  .option('--seed <number>', 'of the first round; each round has the next one', String(Date.now() % 1_000_000))
  .addOption(
    new Option('--protection <kind>', 'with a fence device, without, or in turns')
      .choices(['none', 'fence', 'both'])
      .default('both'),
  )
  .option('--round-minutes <number>', 'the longest a round may last', '5')
  .option('--logs <directory>', 'copy logs and journals of both nodes there, round by round')
  .option('--json', 'one JSON document on stdout; progress goes to stderr');

await enterLab(import.meta.url, async (mode) => {
  const options = command.parse().opts<Options>();
  const minutes = Number(options.minutes);
  const first = Number(options.seed);
  if (!(minutes > 0) || !Number.isInteger(first))
    command.error('--minutes takes a number above 0, --seed a whole number');
  const protections: ProtectionKind[] = options.protection === 'both' ? ['none', 'fence'] : [options.protection];
  const perRound = Math.min(Number(options.roundMinutes), minutes / protections.length);
  const count = Math.max(protections.length, Math.round(minutes / perRound));
  say(
    `chaos: ${mode === 'root' ? 'as root' : 'in a user namespace, without real-time priority'}, seeds ${first} to ${first + count - 1}`,
  );
  const rounds: RoundResult[] = [];
  const tellRound = (line: string): void => void (options.json ? say(line) : process.stdout.write(`${line}\n`));
  const broken: string[] = [];
  const logs = options.logs === undefined ? {} : { logs: resolve(options.logs) };
  for (let index = 0; index < count; index += 1) {
    const protection = protections[index % protections.length]!;
    const seed = first + index;
    const forMs = (minutes * 60_000) / count;
    try {
      const round = await playRound({ protection, seed, forMs, changedCores: true, tell: say, ...logs });
      rounds.push(round);
      for (const line of linesOfRound(round)) tellRound(line);
    } catch (error) {
      broken.push(`the round with seed ${seed} broke off: ${error instanceof Error ? error.stack : error}`);
      say(broken.at(-1)!);
    }
  }
  if (options.json) process.stdout.write(`${JSON.stringify(documentOf(rounds, broken), null, 2)}\n`);
  else process.stdout.write(`${reportLines(rounds).join('\n')}\n`);
  const violations = [...broken, ...rounds.flatMap((round) => round.violations)];
  say(violations.length === 0 ? 'chaos: no violation' : `chaos: ${violations.length} violations`);
  return violations.length === 0 ? 0 : 1;
});

function documentOf(rounds: readonly RoundResult[], broken: readonly string[]): object {
  return {
    apiVersion: '1',
    seconds: rounds.reduce((sum, round) => sum + round.seconds, 0),
    protectedSeconds: rounds.reduce((sum, round) => sum + round.protectedMs, 0) / 1000,
    protectedOverlapMs: overlapMs(rounds.filter((one) => one.protection === 'fence').flatMap((one) => one.overlaps)),
    unprotectedOverlapMs: overlapMs(rounds.filter((one) => one.protection === 'none').flatMap((one) => one.overlaps)),
    recovery: spanOf(rounds.flatMap((round) => round.episodes.map((episode) => episode.recovery.ms))),
    faults: faultTable(rounds),
    violations: [...broken, ...rounds.flatMap((round) => round.violations)],
    rounds,
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
