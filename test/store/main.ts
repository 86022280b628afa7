/**
 * `npm run sim:store [-- --rounds N --first S]`: simulated rounds, one seed each, the same every time. Ends with status 1 when the
 * checker objected, or when something that the rounds are there for did not happen. `--seed N` tells all that happens in one.
 */
import { parseArgs } from 'node:util';
import { missingOf, reportLines } from './report.ts';
import { runRound } from './round.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10000' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});
const rounds = values.seed === undefined ? Number(values.rounds) : 1;
const first = Number(values.seed ?? values.first);
const tell = values.seed === undefined ? undefined : (line: string) => console.log(line);
const started = process.hrtime.bigint();
const totals = new Map<string, number>();
let failed = 0;
for (let seed = first; seed < first + rounds; seed++) {
  const { objections, counts } = runRound(seed, tell);
  for (const [what, count] of counts) totals.set(what, (totals.get(what) ?? 0) + count);
  if (objections.length === 0) continue;
  failed += 1;
  for (const { rule, text } of objections) console.log(`seed ${seed}: ${rule}: ${text}`);
}
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
for (const line of reportLines(totals)) console.log(line);
const missing = missingOf(totals);
for (const what of missing) console.log(`never happened: ${what}`);
console.log(`${rounds} rounds from seed ${first} in ${seconds.toFixed(1)} s`);
console.log(`${rounds - failed} passed, ${failed + missing.length} failed`);
process.exitCode = failed + missing.length === 0 ? 0 : 1;
