/** All unit tests against all mutants that are still alive, in one start of vitest (mutant-runner.ts does the work). */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BatchLine, batchVariable, readLines } from './batch-files.ts';
import type { GuardMutant } from './guards.ts';

import { root } from './root.ts';
import { sourcesVariable } from './unit-tests.ts';

export interface BatchOptions {
  /** A directory of its own. */
  readonly directory: string;
  readonly changed: ReadonlyMap<string, string>;
  readonly mutants: readonly GuardMutant[];
  readonly tests: readonly string[];
  /** Only tests that take so much processor time. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface BatchResult {
  /** By mutant: the test that fails. */
  readonly killed: ReadonlyMap<number, string>;
  /** To be tried one by one: the test files in which each was seen to fail. */
  readonly suspects: ReadonlyMap<number, string>;
  readonly reached: ReadonlySet<number>;
  readonly unsound: readonly string[];
}

/** Nothing was written for so long: one of the mutants does not end. */
const silenceMs = 180_000;
const lookMs = 2000;
const restartsMax = 20;

export async function runUnitBatch(options: BatchOptions): Promise<BatchResult> {
  const { directory, changed, mutants, fromMs, toMs } = options;
  mkdirSync(directory, { recursive: true });
  const sources = join(directory, 'sources.json');
  writeFileSync(sources, JSON.stringify(Object.fromEntries(changed)));
  const plan = { mutants: mutants.map(({ id, site }) => ({ id, site })), fromMs, toMs };
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(plan));
  for (let restarts = 0; restarts < restartsMax; restarts++) {
    const ended = await once(options.tests, directory, { [sourcesVariable]: sources, [batchVariable]: directory });
    if (ended) break;
    blameWhoWasAwake(directory);
  }
  return sortLines(readLines(directory));
}

function once(
  tests: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): Promise<boolean> {
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  const config = join(root, 'test/sim/mutation/vitest.mutants.config.ts');
  const args = [program, 'run', '--config', config, '--root', root, '--reporter=dot', ...tests];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...variables },
    stdio: 'ignore',
    detached: true,
  });
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (Date.now() - lastWrittenMs(directory) < silenceMs) return;
      clearInterval(timer);
      endAll(child);
      resolve(false);
    }, lookMs);
    child.on('close', () => {
      clearInterval(timer);
      resolve(true);
    });
  });
}

/** With its workers: a group of processes that is nobody else's. */
function endAll({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

function lastWrittenMs(directory: string): number {
  return Math.max(...readdirSync(directory).map((name) => statSync(join(directory, name)).mtimeMs));
}

function blameWhoWasAwake(directory: string): void {
  for (const name of readdirSync(directory).filter((each) => each.startsWith('began-'))) {
    const last = readFileSync(join(directory, name), 'utf8').trimEnd().split('\n').at(-1);
    const killed: BatchLine = { what: 'killed', id: Number(last), test: 'does not end', file: 'hangs' };
    appendFileSync(join(directory, 'found.jsonl'), `${JSON.stringify(killed)}\n`);
  }
}

function sortLines(lines: readonly BatchLine[]): BatchResult {
  const killed = new Map<number, string>();
  const suspects = new Map<number, string>();
  const reached = new Set<number>();
  const unsound: string[] = [];
  for (const line of lines) {
    if (line.what === 'killed') killed.set(line.id, `${line.file} > ${line.test}`);
    else if (line.what === 'suspect') suspects.set(line.id, line.file);
    else if (line.what === 'reached') for (const site of line.sites) reached.add(site);
    else unsound.push(`${line.test}: ${line.words}`);
  }
  return { killed, suspects, reached, unsound };
}
