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

export async function tryHandMade(
  mutants: readonly Mutant[],
  seedsMax: number,
  scratch: string,
  onVerdict: (verdict: HandMadeVerdict) => void,
): Promise<readonly HandMadeVerdict[]> {
  const verdicts: HandMadeVerdict[] = [];
  const all = mutants.map((mutant, index) => ({ mutant, directory: join(scratch, String(index)) }));
  await inParallel(all, width, async ({ mutant, directory }) => {
    const verdict = await judge(mutant, seedsMax, directory);
    verdicts.push(verdict);
    onVerdict(verdict);
  });
  return verdicts;
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

async function judge(mutant: Mutant, seedsMax: number, directory: string): Promise<HandMadeVerdict> {
  const changed = new Map([[mutant.file, changedSource(mutant)]]);
  if (mutant.test !== undefined) return byTest(mutant, mutant.test, new UnitTests(directory, changed));
  const bundle = join(directory, 'worker.mjs');
  await bundleWorker(bundle, changed);
  const worker = new Worker<Job>(bundle, { timeoutMs: jobTimeoutMs });
  try {
    if (mutant.scenario !== undefined) return await byScenario(mutant, worker, mutant.scenario);
    for (let seed = 1; seed <= seedsMax; seed++) {
      const { objection } = await worker.run({ awake: 0, seed });
      if (objection !== undefined) return { mutant, caughtBy: objection, seeds: seed };
    }
    return { mutant, caughtBy: undefined, seeds: seedsMax };
  } finally {
    worker.end();
  }
}

async function byTest(mutant: Mutant, test: string, unitTests: UnitTests): Promise<HandMadeVerdict> {
  try {
    return { mutant, caughtBy: await unitTests.objection(0, [test]) };
  } finally {
    unitTests.end();
  }
}

async function byScenario(mutant: Mutant, worker: Worker<Job>, scenario: string): Promise<HandMadeVerdict> {
  const text = readFileSync(join(root, 'test/scenarios', `${scenario}.txt`), 'utf8');
  const { objection } = await worker.run({ awake: 0, scenario: text });
  return { mutant, caughtBy: objection === undefined ? undefined : `scenario ${scenario}` };
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
