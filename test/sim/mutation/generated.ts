/**
 * Tries the generated mutants in turns, each turn with those that are still alive: the scenarios that reach their places,
 * quick unit tests, seeds, slow unit tests. Nothing is run that does not reach the place of a mutant: it could not tell.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundleWorker } from './bundle.ts';
import { guardedFiles, mutantsOf } from './guarded-files.ts';
import type { GuardMutant } from './guards.ts';
import { inParallel, Worker } from './pool.ts';
import { root } from './root.ts';
import { runUnitBatch } from './unit-batch.ts';
import { UnitTests } from './unit-tests.ts';
import type { Job } from './worker.ts';

export const everyTurn = ['scenarios', 'quick', 'seeds', 'slow'] as const;
export type Turn = (typeof everyTurn)[number];

export interface GeneratedOptions {
  /** Only files whose path contains it. */
  readonly file: string;
  /** Only mutants whose key contains it. */
  readonly only: string;
  /** No further turn or seed is begun after that. */
  readonly budgetS: number;
  readonly seedsMax: number;
  /** Which turns are taken; `seeds` alone shows what the checkers see by themselves. */
  readonly turns: readonly Turn[];
  readonly scratch: string;
  /** What is known of some of them; they are not tried again. */
  readonly known: (mutants: readonly GuardMutant[]) => readonly GeneratedVerdict[];
  readonly onVerdict: (verdict: GeneratedVerdict) => void;
  /** How far it is, and what keeps a test or seed from judging. */
  readonly onWords: (words: string) => void;
}

export interface GeneratedVerdict {
  readonly mutant: GuardMutant;
  /** `not run`: alive when the budget was used up. */
  readonly outcome: 'killed' | 'survived' | 'not run';
  readonly by?: 'scenario' | 'unit test' | 'seed';
  /** The scenario, test or checker. */
  readonly objector?: string;
  /** The first seed that showed it, which is the number of seeds that it took. */
  readonly seeds?: number;
  /** False: neither a scenario, a seed nor a unit test gets to the place. */
  readonly reached: boolean;
}

interface Bench {
  readonly options: GeneratedOptions;
  readonly changed: ReadonlyMap<string, string>;
  readonly workers: readonly Worker<Job>[];
  readonly alive: Map<number, GuardMutant>;
  readonly verdicts: GeneratedVerdict[];
  readonly reached: Set<number>;
  readonly untilMs: number;
}

const width = 2;
export const jobTimeoutMs = 120_000;
/** Processor time of one run of a test. */
const quickMs = 300;
const cannotJudge = 'FAILS WITHOUT ANY MUTANT, so it judges none';

export async function tryGenerated(options: GeneratedOptions): Promise<readonly GeneratedVerdict[]> {
  const untilMs = performance.now() + options.budgetS * 1000;
  const guarded = guardedFiles(options.file);
  const mutants = mutantsOf(guarded).filter(({ key }) => key.includes(options.only));
  mkdirSync(options.scratch, { recursive: true });
  const bundle = join(options.scratch, 'worker.mjs');
  const changed = new Map(guarded.map(({ file, instrumented }) => [file, instrumented]));
  await bundleWorker(bundle, changed);
  const workers = Array.from({ length: width }, () => new Worker<Job>(bundle, { timeoutMs: jobTimeoutMs }));
  const alive = new Map(mutants.map((mutant) => [mutant.id, mutant]));
  const bench: Bench = { options, changed, workers, alive, verdicts: [], reached: new Set(), untilMs };
  for (const verdict of options.known(mutants)) if (alive.delete(verdict.mutant.id)) tell(bench, verdict);
  try {
    const { turns } = options;
    if (turns.includes('scenarios')) await tryScenarios(bench);
    if (turns.includes('quick')) await tryUnitTests(bench, 0, quickMs);
    if (turns.includes('seeds')) await trySeeds(bench);
    if (turns.includes('slow')) await tryUnitTests(bench, quickMs, Number.MAX_SAFE_INTEGER);
  } finally {
    for (const worker of workers) worker.end();
  }
  for (const mutant of alive.values()) {
    const outcome = isLate(bench) ? 'not run' : 'survived';
    tell(bench, { mutant, outcome, reached: bench.reached.has(mutant.site) });
  }
  return bench.verdicts;
}

function tell({ options, verdicts }: Bench, verdict: GeneratedVerdict): void {
  verdicts.push(verdict);
  options.onVerdict(verdict);
}

function kill(bench: Bench, mutant: GuardMutant, how: Pick<GeneratedVerdict, 'by' | 'objector' | 'seeds'>): void {
  if (!bench.alive.delete(mutant.id)) return;
  tell(bench, { mutant, outcome: 'killed', ...how, reached: true });
}

const isLate = ({ untilMs }: Bench): boolean => performance.now() > untilMs;

async function tryScenarios(bench: Bench): Promise<void> {
  const { workers, options, reached, alive } = bench;
  const folder = join(root, 'test/scenarios');
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  options.onWords(`${alive.size} mutants, ${names.length} scenarios`);
  const scenarios: { readonly name: string; readonly text: string; readonly sites: ReadonlySet<number> }[] = [];
  await inParallel(names, width, async (name, lane) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const result = await workers[lane]!.run({ awake: 0, scenario: text });
    if (result.objection === undefined)
      scenarios.push({ name: basename(name, '.txt'), text, sites: new Set(result.reached) });
    else options.onWords(`${cannotJudge}: scenario ${name}: ${result.objection} ${result.text}`);
    for (const site of result.reached) reached.add(site);
  });
  scenarios.sort((left, right) => left.text.length - right.text.length);
  await inParallel([...alive.values()], width, async (mutant, lane) => {
    for (const { name, text, sites } of scenarios) {
      if (!sites.has(mutant.site) || isLate(bench)) continue;
      const { objection } = await workers[lane]!.run({ awake: mutant.id, scenario: text });
      if (objection !== undefined) return kill(bench, mutant, { by: 'scenario', objector: `${name}: ${objection}` });
    }
  });
}

async function tryUnitTests(bench: Bench, fromMs: number, toMs: number): Promise<void> {
  const { options, changed, alive, reached } = bench;
  if (isLate(bench) || alive.size === 0) return;
  options.onWords(`${alive.size} alive, ${fromMs === 0 ? 'quick' : 'slow'} unit tests`);
  const directory = join(options.scratch, `unit-from-${fromMs}`);
  const batch = { directory, changed, mutants: [...alive.values()], tests: unitTestFiles(), fromMs, toMs };
  const result = await runUnitBatch(batch);
  for (const words of result.unsound) options.onWords(`${cannotJudge}: ${words}`);
  for (const site of result.reached) reached.add(site);
  for (const [id, test] of result.killed) kill(bench, alive.get(id)!, { by: 'unit test', objector: test });
  await tryOneByOne(bench, result.suspects, join(options.scratch, `alone-from-${fromMs}`));
}

async function tryOneByOne(bench: Bench, suspects: ReadonlyMap<number, string>, directory: string): Promise<void> {
  const unitTests = new UnitTests(directory, bench.changed);
  for (const [id, file] of suspects) {
    const mutant = bench.alive.get(id);
    if (mutant === undefined) continue;
    const objector = await unitTests.objection(id, [file]);
    if (objector !== undefined) kill(bench, mutant, { by: 'unit test', objector });
  }
  unitTests.end();
}

async function trySeeds(bench: Bench): Promise<void> {
  const { workers, options, reached, alive } = bench;
  options.onWords(`${alive.size} alive, ${options.seedsMax} seeds`);
  for (let seed = 1; seed <= options.seedsMax && alive.size > 0 && !isLate(bench); seed++) {
    const result = await workers[0]!.run({ awake: 0, seed });
    if (result.objection !== undefined)
      options.onWords(`${cannotJudge}: seed ${seed}: ${result.objection} ${result.text}`);
    if (result.objection !== undefined) continue;
    const sites = new Set(result.reached);
    for (const site of sites) reached.add(site);
    const reachable = [...alive.values()].filter(({ site }) => sites.has(site));
    await inParallel(reachable, width, async (mutant, lane) => {
      if (isLate(bench)) return;
      const { objection } = await workers[lane]!.run({ awake: mutant.id, seed });
      if (objection !== undefined) kill(bench, mutant, { by: 'seed', objector: objection, seeds: seed });
    });
  }
}

/** The core's own, without the reading of configuration files. */
function unitTestFiles(): string[] {
  return readdirSync(join(root, 'test/core'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('config/'))
    .map((name) => join('test/core', name));
}
