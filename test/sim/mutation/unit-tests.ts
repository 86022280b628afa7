/**
 * Unit tests against a wrong version. The tests run from the sources, so the sources are changed while vitest reads
 * them; which mutant is awake stands in the environment. The tests that reach a site are known from one run of the
 * program as it is.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awakeVariable } from './instrument.ts';
import { root } from './root.ts';

/** Names of environment variables, read by vitest.mutants.config.ts and reached-sites.ts. */
export const sourcesVariable = 'PAIRBEAT_CHANGED_SOURCES';
export const reachedVariable = 'PAIRBEAT_REACHED_DIRECTORY';
const timeoutMs = 120_000;

export interface UnitTests {
  /** Sites reached, per test file. */
  readonly reached: ReadonlyMap<string, ReadonlySet<number>>;
  /** The tests that fail with this mutant awake, in words, or undefined. */
  readonly objection: (awake: number, tests: readonly string[]) => Promise<string | undefined>;
}

/** Runs all `tests` (paths or folders) once without a mutant: they have to pass. */
export async function prepareUnitTests(
  scratch: string,
  changed: ReadonlyMap<string, string>,
  tests: readonly string[],
): Promise<UnitTests> {
  const sources = writeSources(scratch, changed);
  const directory = join(scratch, 'reached');
  mkdirSync(directory, { recursive: true });
  const baseline = await vitest(tests, { [sourcesVariable]: sources, [reachedVariable]: directory });
  if (baseline !== undefined) throw new Error(`unit tests fail without any mutant: ${baseline}`);
  const reached = new Map<string, ReadonlySet<number>>();
  for (const name of readdirSync(directory)) {
    const record = JSON.parse(readFileSync(join(directory, name), 'utf8')) as { test: string; reached: number[] };
    reached.set(record.test, new Set(record.reached));
  }
  const objection = (awake: number, chosen: readonly string[]): Promise<string | undefined> =>
    vitest(chosen, { [sourcesVariable]: sources, [awakeVariable]: String(awake) });
  return { reached, objection };
}

/** One wrong version that is a changed text, against tests named for it. */
export function failingTest(
  scratch: string,
  changed: ReadonlyMap<string, string>,
  tests: readonly string[],
): Promise<string | undefined> {
  return vitest(tests, { [sourcesVariable]: writeSources(scratch, changed) });
}

function writeSources(scratch: string, changed: ReadonlyMap<string, string>): string {
  mkdirSync(scratch, { recursive: true });
  const path = join(scratch, 'sources.json');
  writeFileSync(path, JSON.stringify(Object.fromEntries(changed)));
  return path;
}

/** The first failure in words; `undefined` when every test passed. */
function vitest(tests: readonly string[], variables: Readonly<Record<string, string>>): Promise<string | undefined> {
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  const config = join(root, 'test/sim/mutation/vitest.mutants.config.ts');
  const args = [program, 'run', '--config', config, '--root', root, '--reporter=dot', ...tests];
  if (variables[reachedVariable] === undefined) args.push('--bail=1');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...variables, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-200_000);
      });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(undefined);
      else resolve(firstFailure(output) ?? (signal === null ? `status ${code}: ${output.slice(-500)}` : 'hangs'));
    });
  });
}

function firstFailure(output: string): string | undefined {
  return /^\s*FAIL\s+(.*)$/m.exec(output)?.[1];
}
