/**
 * Tries the generated mutants, each until somebody objects: the scenarios that reach its place, the unit tests of its
 * file, seeds, every other unit test that reaches it. Nothing is run that does not reach it: it could not tell.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundleWorker } from './bundle.ts';
import { guardedFiles, mutantsOf } from './guarded-files.ts';
import type { GuardMutant } from './guards.ts';
import { inParallel, Worker } from './pool.ts';
import { root } from './root.ts';
import { prepareUnitTests, type UnitTests } from './unit-tests.ts';

export interface GeneratedOptions {
  /** Only files whose path contains it. */
  readonly file: string;
  /** Only mutants whose key contains it. */
  readonly only: string;
  /** No further mutant is begun after that. */
  readonly budgetS: number;
  readonly seedsMax: number;
  /** Neither unit tests nor the traces of scenarios: what the checkers see by themselves. */
  readonly simulatorOnly: boolean;
  readonly scratch: string;
  readonly onVerdict: (verdict: GeneratedVerdict) => void;
}

export interface GeneratedVerdict {
  readonly mutant: GuardMutant;
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
  readonly workers: readonly Worker[];
  readonly scenarios: readonly Scenario[];
  /** By seed, from 1: the sites that it reaches. */
  readonly seeds: readonly ReadonlySet<number>[];
  readonly unitTests: UnitTests | undefined;
}

interface Scenario {
  readonly name: string;
  readonly text: string;
  readonly reached: ReadonlySet<number>;
}

const width = 2;

export async function tryGenerated(options: GeneratedOptions): Promise<readonly GeneratedVerdict[]> {
  const startedMs = performance.now();
  const guarded = guardedFiles(options.file);
  const mutants = mutantsOf(guarded).filter(({ key }) => key.includes(options.only));
  mkdirSync(options.scratch, { recursive: true });
  const bundle = join(options.scratch, 'worker.mjs');
  const changed = new Map(guarded.map(({ file, instrumented }) => [file, instrumented]));
  await bundleWorker(bundle, changed);
  const workers = Array.from({ length: width }, () => new Worker(bundle));
  try {
    const unitTests = options.simulatorOnly ? undefined : prepareUnitTests(options.scratch, changed, unitTestFolders());
    const scenarios = await measureScenarios(workers);
    const seeds = await measureSeeds(workers, options.seedsMax);
    const bench: Bench = { workers, scenarios, seeds, unitTests: await unitTests };
    const verdicts: GeneratedVerdict[] = [];
    await inParallel(mutants, width, async (mutant, lane) => {
      const late = performance.now() - startedMs > options.budgetS * 1000;
      const verdict = late ? notRun(mutant) : await judge(mutant, bench, lane, options);
      verdicts.push(verdict);
      options.onVerdict(verdict);
    });
    return verdicts;
  } finally {
    for (const worker of workers) worker.end();
  }
}

async function judge(
  mutant: GuardMutant,
  bench: Bench,
  lane: number,
  options: GeneratedOptions,
): Promise<GeneratedVerdict> {
  const worker = bench.workers[lane]!;
  const mirror = mirrorOf(mutant.file);
  const tests = [...(bench.unitTests?.reached ?? [])]
    .filter(([, sites]) => sites.has(mutant.site))
    .map(([test]) => test);
  const isMirror = (test: string): boolean => test === mirror;
  return (
    (await byScenarios(mutant, bench, worker, options.simulatorOnly)) ??
    (await byUnitTests(mutant, bench, tests.filter(isMirror))) ??
    (await bySeeds(mutant, bench, worker)) ??
    (await byUnitTests(
      mutant,
      bench,
      tests.filter((test) => !isMirror(test)),
    )) ?? {
      mutant,
      outcome: 'survived',
      reached:
        tests.length > 0 ||
        [...bench.scenarios.map(({ reached }) => reached), ...bench.seeds].some((sites) => sites.has(mutant.site)),
    }
  );
}

async function byScenarios(
  mutant: GuardMutant,
  { scenarios }: Bench,
  worker: Worker,
  checkersOnly: boolean,
): Promise<GeneratedVerdict | undefined> {
  if (checkersOnly) return undefined;
  for (const { name, text, reached } of scenarios) {
    if (!reached.has(mutant.site)) continue;
    const { objection } = await worker.run({ awake: mutant.id, scenario: text });
    if (objection !== undefined)
      return { mutant, outcome: 'killed', by: 'scenario', objector: `${name}: ${objection}`, reached: true };
  }
  return undefined;
}

async function bySeeds(mutant: GuardMutant, { seeds }: Bench, worker: Worker): Promise<GeneratedVerdict | undefined> {
  for (const [index, reached] of seeds.entries()) {
    if (!reached.has(mutant.site)) continue;
    const { objection } = await worker.run({ awake: mutant.id, seed: index + 1 });
    if (objection !== undefined)
      return { mutant, outcome: 'killed', by: 'seed', objector: objection, seeds: index + 1, reached: true };
  }
  return undefined;
}

async function byUnitTests(
  mutant: GuardMutant,
  { unitTests }: Bench,
  tests: readonly string[],
): Promise<GeneratedVerdict | undefined> {
  if (unitTests === undefined || tests.length === 0) return undefined;
  const objector = await unitTests.objection(mutant.id, tests);
  return objector === undefined ? undefined : { mutant, outcome: 'killed', by: 'unit test', objector, reached: true };
}

const notRun = (mutant: GuardMutant): GeneratedVerdict => ({ mutant, outcome: 'not run', reached: false });

async function measureScenarios(workers: readonly Worker[]): Promise<readonly Scenario[]> {
  const folder = join(root, 'test/scenarios');
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  const measured: Scenario[] = [];
  await inParallel(names, workers.length, async (name, lane) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const { objection, text: problem, reached } = await workers[lane]!.run({ awake: 0, scenario: text });
    if (objection !== undefined) throw new Error(`scenario ${name} fails without any mutant: ${objection} ${problem}`);
    measured.push({ name: basename(name, '.txt'), text, reached: new Set(reached) });
  });
  return measured.sort((a, b) => a.text.length - b.text.length);
}

async function measureSeeds(workers: readonly Worker[], count: number): Promise<readonly ReadonlySet<number>[]> {
  const measured: ReadonlySet<number>[] = [];
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  await inParallel(seeds, workers.length, async (seed, lane) => {
    const { objection, text, reached } = await workers[lane]!.run({ awake: 0, seed });
    if (objection !== undefined) throw new Error(`seed ${seed} fails without any mutant: ${objection} ${text}`);
    measured[seed - 1] = new Set(reached);
  });
  return measured;
}

/** The core's own, without the reading of configuration files. */
function unitTestFolders(): string[] {
  const core = readdirSync(join(root, 'test/core'), { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() ? entry.name !== 'config' : entry.name.endsWith('.test.ts')))
    .map((entry) => join('test/core', entry.name) + (entry.isDirectory() ? '/' : ''));
  return core;
}

function mirrorOf(file: string): string | undefined {
  const mirror = file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');
  return existsSync(join(root, mirror)) ? mirror : undefined;
}
