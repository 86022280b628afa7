/**
 * `npm run sim:mutants [-- NAME-PART]`: builds each wrong version of the core in a temporary directory by changing one
 * text in a copy of the built files, and lets the simulator loose on it. Ends with status 1 when one survives.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, mutants } from './mutant-list.ts';

const root = join(import.meta.dirname, '../../..');
/** A mutant that survives this many seeds is not caught. */
const seedsMax = 1500;
const atOnce = 2;

interface Verdict {
  readonly mutant: Mutant;
  readonly caughtBy: string | undefined;
  readonly seeds: number;
}

async function judge(mutant: Mutant): Promise<Verdict> {
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-mutant-'));
  try {
    build(mutant, directory);
    const main = join(directory, 'dist/test/sim/main.js');
    const output = await run([main, '--seeds', String(seedsMax), '--stop', '--json']);
    const found = /^VIOLATION seed (\d+) at [\d.]+ s: ([^:]+):/m.exec(output);
    return { mutant, caughtBy: found?.[2], seeds: Number(found?.[1] ?? seedsMax) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function build({ name, file, find, replace }: Mutant, directory: string): void {
  for (const part of ['src/core', 'src/ports', 'src/io', 'src/daemon', 'test/sim']) {
    cpSync(join(root, 'dist', part), join(directory, 'dist', part), { recursive: true });
  }
  cpSync(join(root, 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  const path = join(directory, 'dist/src/core', file);
  const text = readFileSync(path, 'utf8');
  const occurrences = text.split(find).length - 1;
  if (occurrences !== 1) throw new Error(`mutant "${name}": its text occurs ${occurrences} times in ${file}`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
}

function run(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: 16 << 20, timeout: 600_000 }, (error, stdout, stderr) => {
      if (error !== null && stdout === '') reject(new Error(stderr.slice(0, 2000)));
      else resolve(stdout);
    });
  });
}

async function main(): Promise<number> {
  const wanted = mutants.filter(({ name }) => name.includes(process.argv[2] ?? ''));
  const waiting = [...wanted];
  const verdicts: Verdict[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const verdict = await judge(next);
      verdicts.push(verdict);
      console.log(describe(verdict));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const survived = verdicts.filter((verdict) => !isCaught(verdict));
  const seeds = verdicts.map((verdict) => verdict.seeds);
  console.log(`mean seeds to catch: ${(seeds.reduce((sum, count) => sum + count, 0) / seeds.length).toFixed(1)}`);
  console.log(`${verdicts.length - survived.length} passed, ${survived.length} failed`);
  return survived.length === 0 ? 0 : 1;
}

function isCaught({ mutant, caughtBy }: Verdict): boolean {
  return caughtBy !== undefined && (mutant.by === undefined || mutant.by === caughtBy);
}

function describe(verdict: Verdict): string {
  const { mutant, caughtBy, seeds } = verdict;
  if (caughtBy === undefined) return `SURVIVED ${mutant.name}`;
  const wrong = isCaught(verdict) ? '' : ` (expected ${mutant.by})`;
  return `caught by ${caughtBy} at seed ${seeds}: ${mutant.name}${wrong}`;
}

process.exitCode = await main();
