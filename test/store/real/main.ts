/**
 * `npm run test:store [-- --rounds N --first S]`: real rounds, each with two processes, real files and SIGKILL. Needs the build. Ends with
 * status 1 when a round objected, or when nothing was committed or killed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { realRound } from './round.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, first: { type: 'string', default: '1' } },
});
const rounds = Number(values.rounds);
const first = Number(values.first);
const totals = new Map<string, number>();
const started = process.hrtime.bigint();
let failed = 0;
for (let seed = first; seed < first + rounds; seed++) {
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-store-'));
  try {
    const { objections, counts } = await realRound(seed, directory);
    for (const [what, count] of Object.entries(counts)) totals.set(what, (totals.get(what) ?? 0) + count);
    for (const text of objections) console.log(`round ${seed}: ${text}`);
    if (objections.length > 0) failed += 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
for (const [what, count] of [...totals].sort()) console.log(`${String(count).padStart(9)}  ${what}`);
const needed = ['committed on both', 'committed here only', 'killed at a moment', 'killed before a step'];
const missing = rounds < 10 ? [] : needed.filter((what) => !totals.has(what));
for (const what of missing) console.log(`never happened: ${what}`);
console.log(`${rounds} real rounds from ${first} in ${seconds.toFixed(1)} s`);
console.log(`${rounds - failed} passed, ${failed + missing.length} failed`);
process.exitCode = failed + missing.length === 0 ? 0 : 1;
