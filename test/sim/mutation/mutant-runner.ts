/**
 * Runs each unit test many times: as the product is, and then with every mutant awake that the test reaches and nobody
 * has caught yet. So one start of vitest judges all of them. unit-batch.ts says which there are and reads what was found.
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RunnerTestCase } from 'vitest';
import { VitestTestRunner } from 'vitest/runners';
import { getFn } from 'vitest/suite';
import { type BatchLine, type BatchPlan, batchVariable, beganPrefix, readLines } from './batch-files.ts';
import { switchboard } from './instrument.ts';
import { root } from './root.ts';

/** Visits of places, in one run of a test that ends. */
const plenty = 1e12;

export default class MutantRunner extends VitestTestRunner {
  readonly #directory = process.env[batchVariable] ?? '';
  readonly #plan = JSON.parse(readFileSync(join(this.#directory, 'plan.json'), 'utf8')) as BatchPlan;

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = getFn(test) as () => unknown;
    const name = [...namesOf(test)].reverse().join(' > ');
    const file = relative(root, test.file.filepath);
    const board = switchboard();
    board.awake = 0;
    board.reached.fill(0);
    board.fuel = plenty;
    const first = await failureOf(run);
    const fuel = 100_000 + 20 * (plenty - board.fuel);
    const reached = board.reached.slice();
    const beganMs = process.cpuUsage().user / 1000;
    const second = first ?? (await failureOf(run));
    const tookMs = process.cpuUsage().user / 1000 - beganMs;
    if (second !== undefined) return this.#note({ what: 'unsound', test: `${file} > ${name}`, words: second });
    this.#note({ what: 'reached', sites: [...reached.keys()].filter((site) => reached[site] === 1) });
    if (tookMs < this.#plan.fromMs || tookMs >= this.#plan.toMs) return;
    for (const { id, site } of this.#alive()) {
      if (reached[site] !== 1) continue;
      this.#begin(id, file);
      board.awake = id;
      board.fuel = fuel;
      const objection = await failureOf(run);
      board.awake = 0;
      board.fuel = plenty;
      rmSync(join(this.#directory, `${beganPrefix}${process.pid}`), { force: true });
      if (objection === undefined) continue;
      const isSpoilt = (await failureOf(run)) !== undefined;
      this.#note(isSpoilt ? { what: 'suspect', id, file } : { what: 'killed', id, test: name, file });
      if (isSpoilt) return;
    }
  }

  #alive(): BatchPlan['mutants'] {
    const killed = new Set(readLines(this.#directory).flatMap((line) => (line.what === 'killed' ? line.id : [])));
    return this.#plan.mutants.filter(({ id }) => !killed.has(id));
  }

  #note(line: BatchLine): void {
    appendFileSync(join(this.#directory, 'found.jsonl'), `${JSON.stringify(line)}\n`);
  }

  /** Names the mutant that never comes back, if one does not. */
  #begin(id: number, file: string): void {
    writeFileSync(join(this.#directory, `${beganPrefix}${process.pid}`), `${id} ${file}`);
  }
}

async function failureOf(run: () => unknown): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return String(error).split('\n')[0];
  }
}

function* namesOf(test: RunnerTestCase): Generator<string> {
  yield test.name;
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) yield suite.name;
}
