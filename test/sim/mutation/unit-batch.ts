/** All unit tests against all mutants that are still alive, in one start of vitest (mutant-runner.ts does the work). */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BatchLine, batchVariable, beganPrefix, readLines } from './batch-files.ts';
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

/** A mutant that has been awake in one test for so long does not end. */
const awakeMaxMs = 60_000;
const lookMs = 2000;
const restartsMax = 20;

export async function runUnitBatch(options: BatchOptions): Promise<BatchResult> {
  const { directory, changed, mutants, fromMs, toMs } = options;
  mkdirSync(directory, { recursive: true });
  const sources = join(directory, 'sources.json');
  writeFileSync(sources, JSON.stringify(Object.fromEntries(changed)));
  const plan = { mutants: mutants.map(({ id, site }) => ({ id, site })), fromMs, toMs };
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(plan));
  const variables = { [sourcesVariable]: sources, [batchVariable]: directory };
  let tests = options.tests;
  for (let restarts = 0; tests.length > 0 && restarts < restartsMax; restarts++)
    tests = await once(tests, directory, variables);
  return sortLines(readLines(directory));
}

/** Returns the tests that have to be run again, because a process was ended in the middle of them. */
function once(
  tests: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  const config = join(root, 'test/sim/mutation/vitest.mutants.config.ts');
  const args = [program, 'run', '--config', config, '--root', root, '--reporter=dot', ...tests];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...variables }, stdio: 'ignore' });
  const again = new Set<string>();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      for (const file of endWhatDoesNotEnd(directory)) again.add(file);
    }, lookMs);
    child.on('close', () => {
      clearInterval(timer);
      resolve([...again]);
    });
  });
}

/** Ends each process in which one mutant has been awake for too long, and blames the mutant. */
function endWhatDoesNotEnd(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    if (!name.startsWith(beganPrefix)) return [];
    const path = join(directory, name);
    let began: string;
    try {
      if (Date.now() - statSync(path).mtimeMs < awakeMaxMs) return [];
      began = readFileSync(path, 'utf8');
      rmSync(path);
      process.kill(Number(name.slice(beganPrefix.length)), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
      return [];
    }
    const [id, file = ''] = began.split(' ');
    const killed: BatchLine = { what: 'killed', id: Number(id), test: 'does not end', file };
    appendFileSync(join(directory, 'found.jsonl'), `${JSON.stringify(killed)}\n`);
    return [file];
  });
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
