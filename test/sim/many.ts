/** Many seeds: so many, for so many minutes, or until so many simulated hours are reached. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { runPool } from './pool.ts';
import { progressLine } from './report.ts';
import { addResult, mergeTotals, noTotals, type Result, type Totals } from './totals.ts';
import { repeatEvery } from './verdict.ts';

export type Extent = { readonly seeds: number } | { readonly minutes: number } | { readonly hours: number };

export interface ManyOptions {
  readonly first: number;
  readonly extent: Extent;
  readonly jobs: number;
  /** At the first violation. */
  readonly stop: boolean;
  /** Where the totals are written, every minute and at the end. */
  readonly save?: string | undefined;
  /** Go on where the saved run has ended. */
  readonly resume: boolean;
  readonly realMac: boolean;
}

const progressMs = 60_000;
const violationsShown = 20;

export async function runMany(options: ManyOptions): Promise<Totals> {
  const before = resumed(options);
  const totals = noTotals(before?.nextSeed ?? options.first);
  totals.jobs = options.jobs;
  const startedMs = performance.now();
  const sum = (): Totals => {
    totals.wallS = (performance.now() - startedMs) / 1000;
    return before === undefined ? totals : mergeTotals(before, totals);
  };
  const progress = setInterval(() => {
    console.error(progressLine(sum(), totals.wallS / 60));
    save(options, sum());
  }, progressMs);
  const outcome = await runPool({
    jobs: options.jobs,
    first: totals.nextSeed,
    realMac: options.realMac,
    repeatEvery,
    goesOn: (seed) => goesOn(options, seed, totals, performance.now() - startedMs),
    take: (result) => take(options, totals, result),
  });
  clearInterval(progress);
  totals.processorS = outcome.processorS;
  totals.repeated = outcome.repeated;
  totals.notRepeatable = [...outcome.notRepeatable];
  save(options, sum());
  return sum();
}

export function mergeFiles(files: readonly string[]): Totals {
  const [first, ...rest] = files.map(readTotals);
  if (first === undefined) throw new Error('--merge wants files that --save has written');
  return rest.reduce(mergeTotals, first);
}

function goesOn({ extent, first }: ManyOptions, seed: number, totals: Totals, passedMs: number): boolean {
  if ('seeds' in extent) return seed < first + extent.seeds;
  if ('minutes' in extent) return passedMs < extent.minutes * 60_000;
  return totals.simulatedUs < extent.hours * 3.6e9;
}

/** `false`: nothing after this one counts. */
function take({ extent, stop }: ManyOptions, totals: Totals, result: Result): boolean {
  addResult(totals, result);
  const { seed, violation } = result;
  if (violation !== undefined && totals.violations.length <= violationsShown)
    console.log(
      `VIOLATION seed ${seed} at ${violation.atUs / 1e6} s: ${violation.checker}: ${violation.text.split('\n').slice(0, 3).join(' | ')}`,
    );
  if (violation !== undefined && stop) return false;
  return !('hours' in extent) || totals.simulatedUs < extent.hours * 3.6e9;
}

function resumed({ save: file, resume }: ManyOptions): Totals | undefined {
  if (!resume || file === undefined || !existsSync(file)) return undefined;
  return readTotals(file);
}

function readTotals(file: string): Totals {
  const written = JSON.parse(readFileSync(file, 'utf8')) as Totals;
  // JSON knows no infinity: no run has been counted yet.
  return { ...written, leastFaultsPerMinute: written.leastFaultsPerMinute ?? Number.POSITIVE_INFINITY };
}

function save({ save: file }: ManyOptions, totals: Totals): void {
  if (file === undefined) return;
  writeFileSync(`${file}.new`, JSON.stringify(totals));
  renameSync(`${file}.new`, file);
}
