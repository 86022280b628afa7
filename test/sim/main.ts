/**
 * The simulator's command:
 *
 *   npm run sim                                     the standard run
 *   npm run sim -- --seeds N | --minutes M | --hours H   [--first S] [--jobs J] [--stop] [--json] [--save FILE [--resume]]
 *   npm run sim -- --seed S   [--trace | --trace-all] [--hashes] [--faults FILE|JSON] [--shrink]
 *   npm run sim -- --merge FILE FILE ...            the sum of what --save has written
 *
 * Every seed is a run of its own and the same every time. Ends with status 1 when a checker objected, or when the
 * standard run (or one of at least as many seeds) did not get to where it should.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { nodeHashes as realHashes } from '../../src/io/hashes.ts';
import { type Extent, mergeFiles, runMany } from './many.ts';
import { runOne } from './one.ts';
import { jsonReport, textReport } from './report.ts';
import type { Totals } from './totals.ts';
import { checksOf, standard } from './verdict.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string' },
    first: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    hours: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    stop: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    save: { type: 'string' },
    resume: { type: 'boolean', default: false },
    merge: { type: 'boolean', default: false },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    'trace-all': { type: 'boolean', default: false },
    hashes: { type: 'boolean', default: false },
    faults: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    'real-mac': { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  if (values.seed !== undefined) return runOne(Number(values.seed), oneOptions());
  const totals = values.merge ? mergeFiles(positionals) : await runMany(manyOptions());
  return report(totals);
}

function oneOptions() {
  const { trace, hashes, faults, shrink } = values;
  const traceAll = values['trace-all'];
  return { trace: trace || traceAll, traceAll, listHashes: hashes, faults, shrink, ...hashesOption() };
}

function manyOptions() {
  const { jobs, stop, save, resume } = values;
  const realMac = values['real-mac'];
  return { first: Number(values.first), extent: extent(), jobs: Number(jobs), stop, save, resume, realMac };
}

function extent(): Extent {
  const { minutes, hours } = values;
  if (minutes !== undefined) return { minutes: Number(minutes) };
  if (hours !== undefined) return { hours: Number(hours) };
  return { seeds: Number(values.seeds ?? standard.seeds) };
}

function hashesOption() {
  return values['real-mac'] ? { hashes: realHashes } : {};
}

/** Each thing that must hold counts as a test. */
function report(totals: Totals): number {
  const checks = checksOf(totals, totals.seeds >= standard.seeds ? standard : undefined);
  if (!values.json) for (const line of textReport(totals)) console.log(line);
  for (const { problems } of checks) for (const line of problems) console.log(line);
  const failed = checks.filter(({ ok }) => !ok);
  if (values.json) console.log(JSON.stringify(jsonReport(totals)));
  else {
    for (const { text, ok } of checks) console.log(`${ok ? 'ok    ' : 'FAILED'} ${text}`);
    console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
  }
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
