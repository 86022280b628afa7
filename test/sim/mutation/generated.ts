/**
 * Tries the generated mutants, each until somebody objects: the scenarios that reach its place, the unit tests of its
 * file, seeds, every other unit test that reaches it. Nothing is run that does not reach it: it could not tell.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundleWorker } from './bundle.ts';
import { guardedFiles, mutantsOf } from './guarded-files.ts';
import type { GuardMutant } from './guards.ts';
import { inParallel, Worker } from './pool.ts';
import { root } from './root.ts';
import { UnitTests } from './unit-tests.ts';
import type { Job } from './worker.ts';

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
  /** Something that keeps a test or seed from judging. */
  readonly onProblem: (words: string) => void;
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
  readonly workers: readonly Worker<Job>[];
  readonly scenarios: readonly Scenario[];
  /** By seed, from 1: the sites that it reaches. */
  readonly seeds: readonly ReadonlySet<number>[];
  /** By lane; none when the checkers are on their own. */
  readonly unitTests: readonly UnitTests[];
}

interface Scenario {
  readonly name: string;
  readonly text: string;
  readonly reached: ReadonlySet<number>;
}

const width = 2;
export const jobTimeoutMs = 120_000;

export async function tryGenerated(options: GeneratedOptions): Promise<readonly GeneratedVerdict[]> {
  const startedMs = performance.now();
  const guarded = guardedFiles(options.file);
  const mutants = mutantsOf(guarded).filter(({ key }) => key.includes(options.only));
  mkdirSync(options.scratch, { recursive: true });
  const bundle = join(options.scratch, 'worker.mjs');
  const changed = new Map(guarded.map(({ file, instrumented }) => [file, instrumented]));
  await bundleWorker(bundle, changed);
  const lanes = Array.from({ length: width }, (_, lane) => lane);
  const workers = lanes.map(() => new Worker<Job>(bundle, { timeoutMs: jobTimeoutMs }));
  const unitTests = options.simulatorOnly
    ? []
    : lanes.map((lane) => new UnitTests(join(options.scratch, `unit-${lane}`), changed));
  try {
    const scenarios = options.simulatorOnly ? [] : await measureScenarios(workers, options.onProblem);
    const seeds = await measureSeeds(workers, options.seedsMax, options.onProblem);
    const unsound = (await unitTests[0]?.measure(options.scratch, unitTestFiles())) ?? [];
    for (const words of unsound) options.onProblem(`FAILS WITHOUT ANY MUTANT, so it judges none: ${words}`);
    const bench: Bench = { workers, scenarios, seeds, unitTests };
    const verdicts: GeneratedVerdict[] = [];
    await inParallel(mutants, width, async (mutant, lane) => {
      const late = performance.now() - startedMs > options.budgetS * 1000;
      const verdict = late ? notRun(mutant) : await judge(mutant, bench, lane);
      verdicts.push(verdict);
      options.onVerdict(verdict);
    });
    return verdicts;
  } finally {
    for (const process of [...workers, ...unitTests]) process.end();
  }
}

async function judge(mutant: GuardMutant, bench: Bench, lane: number): Promise<GeneratedVerdict> {
  const worker = bench.workers[lane]!;
  const unitTests = bench.unitTests[lane];
  const tests = [...(bench.unitTests[0]?.reached ?? [])]
    .filter(([, sites]) => sites.has(mutant.site))
    .map(([test]) => test);
  const near = nearest(mutant.file, tests);
  const far = tests.filter((test) => !near.includes(test));
  const simulated = [...bench.scenarios.map((scenario) => scenario.reached), ...bench.seeds];
  return (
    (await byScenarios(mutant, bench, worker)) ??
    (await byUnitTests(mutant, unitTests, near)) ??
    (await bySeeds(mutant, bench, worker)) ??
    (await byUnitTests(mutant, unitTests, far)) ?? {
      mutant,
      outcome: 'survived',
      reached: tests.length > 0 || simulated.some((sites) => sites.has(mutant.site)),
    }
  );
}

async function byScenarios(
  mutant: GuardMutant,
  { scenarios }: Bench,
  worker: Worker<Job>,
): Promise<GeneratedVerdict | undefined> {
  for (const { name, text, reached } of scenarios) {
    if (!reached.has(mutant.site)) continue;
    const { objection } = await worker.run({ awake: mutant.id, scenario: text });
    if (objection !== undefined)
      return { mutant, outcome: 'killed', by: 'scenario', objector: `${name}: ${objection}`, reached: true };
  }
  return undefined;
}

async function bySeeds(
  mutant: GuardMutant,
  { seeds }: Bench,
  worker: Worker<Job>,
): Promise<GeneratedVerdict | undefined> {
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
  unitTests: UnitTests | undefined,
  tests: readonly string[],
): Promise<GeneratedVerdict | undefined> {
  if (unitTests === undefined || tests.length === 0) return undefined;
  const objector = await unitTests.objection(mutant.id, tests);
  return objector === undefined ? undefined : { mutant, outcome: 'killed', by: 'unit test', objector, reached: true };
}

const notRun = (mutant: GuardMutant): GeneratedVerdict => ({ mutant, outcome: 'not run', reached: false });

async function measureScenarios(
  workers: readonly Worker<Job>[],
  onProblem: (words: string) => void,
): Promise<readonly Scenario[]> {
  const folder = join(root, 'test/scenarios');
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  const measured: Scenario[] = [];
  await inParallel(names, workers.length, async (name, lane) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const { objection, text: problem, reached } = await workers[lane]!.run({ awake: 0, scenario: text });
    if (objection === undefined) measured.push({ name: basename(name, '.txt'), text, reached: new Set(reached) });
    else onProblem(`FAILS WITHOUT ANY MUTANT, so it judges none: scenario ${name}: ${objection} ${problem}`);
  });
  return measured.sort((a, b) => a.text.length - b.text.length);
}

async function measureSeeds(
  workers: readonly Worker<Job>[],
  count: number,
  onProblem: (words: string) => void,
): Promise<readonly ReadonlySet<number>[]> {
  const measured: ReadonlySet<number>[] = [];
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  await inParallel(seeds, workers.length, async (seed, lane) => {
    const { objection, text, reached } = await workers[lane]!.run({ awake: 0, seed });
    measured[seed - 1] = new Set(objection === undefined ? reached : []);
    if (objection !== undefined)
      onProblem(`FAILS WITHOUT ANY MUTANT, so it judges none: seed ${seed}: ${objection} ${text}`);
  });
  return measured;
}

/** The core's own, without the reading of configuration files. */
function unitTestFiles(): string[] {
  return readdirSync(join(root, 'test/core'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('config/'))
    .map((name) => join('test/core', name));
}

/** The test of that file, or those that lie where it would lie. */
function nearest(file: string, tests: readonly string[]): readonly string[] {
  const mirror = file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');
  return tests.includes(mirror) ? [mirror] : tests.filter((test) => dirname(test) === dirname(mirror));
}
