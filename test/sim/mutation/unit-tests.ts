/**
 * Unit tests against a wrong version. The tests run from the sources, so the sources are changed while vitest reads
 * them. Which tests reach a site is known from one run of the program as it is.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Worker } from './pool.ts';
import type { UnitJob } from './unit-runner.ts';

/** Names of environment variables, read by vitest.mutants.config.ts and reached-sites.ts. */
export const sourcesVariable = 'PAIRBEAT_CHANGED_SOURCES';
export const reachedVariable = 'PAIRBEAT_REACHED_DIRECTORY';
const runner = join(import.meta.dirname, `unit-runner${extname(import.meta.filename)}`);
const timeoutMs = 300_000;

export class UnitTests {
  /** Sites reached, per test file. */
  readonly reached = new Map<string, ReadonlySet<number>>();
  readonly #worker: Worker<UnitJob>;

  /** `scratch`: a directory of its own. `changed`: from paths below the root to what is read instead. */
  constructor(scratch: string, changed: ReadonlyMap<string, string>) {
    mkdirSync(scratch, { recursive: true });
    const sources = join(scratch, 'sources.json');
    writeFileSync(sources, JSON.stringify(Object.fromEntries(changed)));
    this.#worker = new Worker(runner, { timeoutMs, saysReady: true, variables: { [sourcesVariable]: sources } });
  }

  /**
   * Runs all these tests without a mutant; afterwards `reached` is known. A file of tests that fails already cannot judge:
   * it is left out, and what failed is returned.
   */
  async measure(scratch: string, tests: readonly string[]): Promise<readonly string[]> {
    const directory = join(scratch, 'reached');
    mkdirSync(directory, { recursive: true });
    const { objection } = await this.#worker.run({ awake: 0, tests, all: true, reachedDirectory: directory });
    const failed = objection?.split('\n') ?? [];
    for (const name of readdirSync(directory)) {
      const record = JSON.parse(readFileSync(join(directory, name), 'utf8')) as { test: string; reached: number[] };
      const isSound = !failed.some((words) => words.startsWith(`${record.test} > `));
      if (isSound) this.reached.set(record.test, new Set(record.reached));
    }
    return failed;
  }

  /** The first test that fails with this mutant awake (0: none, only the changed sources), in words, or undefined. */
  async objection(awake: number, tests: readonly string[]): Promise<string | undefined> {
    return (await this.#worker.run({ awake, tests })).objection;
  }

  end(): void {
    this.#worker.end();
  }
}
