/**
 * Tries the mutants made by hand. One that names a scenario or a test must be caught by that; every other by a seed, from
 * 1 on, until a checker objects.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from '../mutant-list.ts';
import { bundleWorker } from './bundle.ts';
import { jobTimeoutMs } from './generated.ts';
import { inParallel, Worker } from './pool.ts';
import { root } from './root.ts';
import { UnitTests } from './unit-tests.ts';
import type { Job } from './worker.ts';

export interface HandMadeVerdict {
  readonly mutant: Mutant;
  /** The checker, or what the scenario or test says. */
  readonly caughtBy: string | undefined;
  /** How many seeds it took, where seeds caught it. */
  readonly seeds?: number;
}

const width = 2;
export const firstSeedsFile = join(root, 'test/sim/mutation/first-seeds.json');
const firstSeeds = JSON.parse(readFileSync(firstSeedsFile, 'utf8')) as Readonly<Record<string, number>>;

export interface HandMadeOptions {
  readonly seedsMax: number;
  /** From 1 on, instead of the seed that caught it when that was last measured. */
  readonly measure: boolean;
  readonly scratch: string;
  readonly onVerdict: (verdict: HandMadeVerdict) => void;
  /** Something that keeps a test or seed from judging. */
  readonly onProblem: (words: string) => void;
}

export async function tryHandMade(
  mutants: readonly Mutant[],
  options: HandMadeOptions,
): Promise<readonly HandMadeVerdict[]> {
  const { scratch, onProblem, onVerdict } = options;
  const verdicts: HandMadeVerdict[] = [];
  const all = mutants.map((mutant, index) => ({ mutant, directory: join(scratch, String(index)) }));
  const right = await RightVersion.build(join(scratch, 'right'), onProblem);
  try {
    await inParallel(all, width, async ({ mutant, directory }) => {
      const verdict = await judge(mutant, options, directory, right);
      verdicts.push(verdict);
      onVerdict(verdict);
    });
  } finally {
    right.end();
  }
  return verdicts;
}

/** The product as it is. What it fails as well says nothing about a mutant. */
class RightVersion {
  readonly #worker: Worker<Job>;
  readonly #unitTests: UnitTests;
  readonly #passed = new Map<string, Promise<boolean>>();
  readonly #onProblem: (words: string) => void;
  /** One job at a time. */
  #last: Promise<boolean> = Promise.resolve(true);

  static async build(directory: string, onProblem: (words: string) => void): Promise<RightVersion> {
    const bundle = join(directory, 'worker.mjs');
    await bundleWorker(bundle, new Map());
    const worker = new Worker<Job>(bundle, { timeoutMs: jobTimeoutMs });
    return new RightVersion(worker, new UnitTests(directory, new Map()), onProblem);
  }

  constructor(worker: Worker<Job>, unitTests: UnitTests, onProblem: (words: string) => void) {
    this.#worker = worker;
    this.#unitTests = unitTests;
    this.#onProblem = onProblem;
  }

  passes(job: Job): Promise<boolean> {
    const what = job.seed === undefined ? 'a scenario' : `seed ${job.seed}`;
    return this.#inTurn(async () => {
      const { objection, text } = await this.#worker.run(job);
      return objection === undefined ? undefined : `${what}: ${objection} ${text}`;
    });
  }

  passesTest(test: string): Promise<boolean> {
    const known = this.#passed.get(test) ?? this.#inTurn(() => this.#unitTests.objection(0, [test]));
    this.#passed.set(test, known);
    return known;
  }

  #inTurn(objection: () => Promise<string | undefined>): Promise<boolean> {
    this.#last = this.#last.then(async () => {
      const words = await objection();
      if (words !== undefined) this.#onProblem(`FAILS WITHOUT ANY MUTANT, so it judges none: ${words}`);
      return words === undefined;
    });
    return this.#last;
  }

  end(): void {
    this.#unitTests.end();
    this.#worker.end();
  }
}

function* seedsToTry({ name }: Mutant, { seedsMax, measure }: HandMadeOptions): Generator<number> {
  const first = measure ? undefined : firstSeeds[name];
  if (first !== undefined) yield first;
  for (let seed = 1; seed <= seedsMax; seed++) if (seed !== first) yield seed;
}

/** The first seed that caught each of them, when that was last measured. */
export function firstSeedsOf(verdicts: readonly HandMadeVerdict[]): Readonly<Record<string, number>> {
  const measured = verdicts.flatMap((verdict): [string, number][] =>
    isCaught(verdict) && verdict.seeds !== undefined ? [[verdict.mutant.name, verdict.seeds]] : [],
  );
  return { ...firstSeeds, ...Object.fromEntries(measured) };
}

/** The source with the mutant's text in it; throws when the text to be replaced is not there exactly once. */
export function changedSource({ name, file, find, replace }: Mutant): string {
  const path = join(root, file);
  if (!existsSync(path)) throw new Error(`mutant "${name}": there is no ${file}`);
  const text = readFileSync(path, 'utf8');
  const occurrences = text.split(find).length - 1;
  if (occurrences !== 1) throw new Error(`mutant "${name}": its text occurs ${occurrences} times in ${file}`);
  return text.replace(find, () => replace);
}

async function judge(
  mutant: Mutant,
  options: HandMadeOptions,
  directory: string,
  right: RightVersion,
): Promise<HandMadeVerdict> {
  const changed = new Map([[mutant.file, changedSource(mutant)]]);
  if (mutant.test !== undefined) return byTest(mutant, mutant.test, new UnitTests(directory, changed), right);
  const bundle = join(directory, 'worker.mjs');
  await bundleWorker(bundle, changed);
  const worker = new Worker<Job>(bundle, { timeoutMs: jobTimeoutMs });
  try {
    if (mutant.scenario !== undefined) return await byScenario(mutant, worker, mutant.scenario, right);
    for (const seed of seedsToTry(mutant, options)) {
      const { objection } = await worker.run({ awake: 0, seed });
      if (objection !== undefined && (await right.passes({ awake: 0, seed })))
        return { mutant, caughtBy: objection, seeds: seed };
    }
    return { mutant, caughtBy: undefined, seeds: options.seedsMax };
  } finally {
    worker.end();
  }
}

async function byTest(
  mutant: Mutant,
  test: string,
  unitTests: UnitTests,
  right: RightVersion,
): Promise<HandMadeVerdict> {
  try {
    const objection = await unitTests.objection(0, [test]);
    return { mutant, caughtBy: objection !== undefined && (await right.passesTest(test)) ? objection : undefined };
  } finally {
    unitTests.end();
  }
}

async function byScenario(
  mutant: Mutant,
  worker: Worker<Job>,
  name: string,
  right: RightVersion,
): Promise<HandMadeVerdict> {
  const scenario = readFileSync(join(root, 'test/scenarios', `${name}.txt`), 'utf8');
  const { objection } = await worker.run({ awake: 0, scenario });
  const isCaught = objection !== undefined && (await right.passes({ awake: 0, scenario }));
  return { mutant, caughtBy: isCaught ? `scenario ${name}` : undefined };
}

export function isCaught({ mutant, caughtBy }: HandMadeVerdict): boolean {
  return caughtBy !== undefined && (mutant.by === undefined || mutant.by === caughtBy);
}

export function describeHandMade(verdict: HandMadeVerdict): string {
  const { mutant, caughtBy, seeds } = verdict;
  if (caughtBy === undefined) return `SURVIVED ${mutant.name}`;
  const wrong = isCaught(verdict) ? '' : ` (expected ${mutant.by})`;
  return `caught by ${caughtBy}${seeds === undefined ? '' : ` at seed ${seeds}`}: ${mutant.name}${wrong}`;
}
