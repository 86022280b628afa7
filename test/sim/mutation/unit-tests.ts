/** Unit tests against one wrong version: they run from the sources, which are changed while vitest reads them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Worker } from './pool.ts';
import type { UnitJob } from './unit-runner.ts';

/** Name of an environment variable, read by vitest.mutants.config.ts. */
export const sourcesVariable = 'PAIRBEAT_CHANGED_SOURCES';
const runner = join(import.meta.dirname, `unit-runner${extname(import.meta.filename)}`);
const timeoutMs = 300_000;

export class UnitTests {
  readonly #worker: Worker<UnitJob>;

  /** `scratch`: a directory of its own. `changed`: from paths below the root to what is read instead. */
  constructor(scratch: string, changed: ReadonlyMap<string, string>) {
    mkdirSync(scratch, { recursive: true });
    const sources = join(scratch, 'sources.json');
    writeFileSync(sources, JSON.stringify(Object.fromEntries(changed)));
    this.#worker = new Worker(runner, { timeoutMs, saysReady: true, variables: { [sourcesVariable]: sources } });
  }

  /** The first test that fails with this mutant awake (0: none, only the changed sources), in words, or undefined. */
  async objection(awake: number, tests: readonly string[]): Promise<string | undefined> {
    return (await this.#worker.run({ awake, tests })).objection;
  }

  end(): void {
    this.#worker.end();
  }
}
