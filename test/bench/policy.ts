/**
 * `npm run bench:policy`: how long a decision takes. Two nodes with 100, 1,000 and 5,000 primitives (policy-cib.ts), read and
 * decided in a warm process, beside `crm_simulate -R -Q` as a whole process in the same run, turn by turn, and beside a cold
 * `pairbeat simulate`. The growth exponent is the slope between two sizes on double logarithmic paper: 1 is linear.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { parseCib } from '../../src/core/cib/xml.ts';
import { decide } from '../../src/core/policy/decide.ts';
import { policyCib } from './policy-cib.ts';
import { formatTable, type Summary, summarize } from './statistics.ts';

interface Options {
  readonly sizes: string;
  readonly runs: string;
  readonly json?: boolean;
}

interface Measured {
  readonly primitives: number;
  readonly history: boolean;
  readonly actions: number;
  readonly warm: Summary;
  readonly cold: Summary;
  readonly peer: Summary | undefined;
}

const program = new Command('bench:policy')
  .description('parsing plus policy, beside crm_simulate and a cold pairbeat simulate')
  .option('--sizes <list>', 'numbers of primitives', '100,1000,5000')
  .option('--runs <number>', 'runs of each at each size', '9')
  .option('--json', 'one JSON document');

const peerProgram = '/usr/sbin/crm_simulate';
const pairbeat = fileURLToPath(new URL('../../src/bin/pairbeat.js', import.meta.url));
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const options = program.parse().opts<Options>();
const folder = mkdtempSync(join(tmpdir(), 'pairbeat-bench-policy-'));
try {
  const measured: Measured[] = [];
  for (const history of [false, true]) {
    for (const size of options.sizes.split(',').map(Number))
      measured.push(measure(size, history, Number(options.runs)));
  }
  print(measured);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(primitives: number, history: boolean, runs: number): Measured {
  const file = join(folder, `cib-${primitives}-${history}.xml`);
  const xml = policyCib(primitives, history);
  writeFileSync(file, xml);
  const withPeer = existsSync(peerProgram);
  const times: Record<'warm' | 'cold' | 'peer', number[]> = { warm: [], cold: [], peer: [] };
  let actions = 0;
  warmUp(xml);
  for (let run = 0; run < runs; run += 1) {
    const warmMs = timed(() => {
      actions = decideOnce(xml);
    });
    times.warm.push(warmMs);
    if (withPeer) times.peer.push(timed(() => runProgram(peerProgram, ['-x', file, '-R', '-Q'])));
    times.cold.push(timed(() => runProgram(process.execPath, [pairbeat, 'simulate', '--cib', file])));
  }
  process.stderr.write(`${primitives} primitives ${history ? 'running' : 'to be started'}: measured\n`);
  const peer = withPeer ? summarize(times.peer) : undefined;
  return { primitives, history, actions, warm: summarize(times.warm), cold: summarize(times.cold), peer };
}

/** As in a daemon that has decided before: at least three times, and for three seconds. */
function warmUp(xml: string): void {
  const beganMs = performance.now();
  for (let done = 0; done < 3 || performance.now() - beganMs < 3000; done += 1) decideOnce(xml);
}

/** How many actions there are to do: something that a decision about nothing would not have. */
function decideOnce(xml: string): number {
  const parsed = parseCib(xml);
  if (!parsed.ok) throw new Error(`the CIB of the benchmark cannot be read: ${parsed.problem.code}`);
  return decide(parsed.value.cib, { nowS: 1_700_000_000, md5 }).graph.actions.length;
}

function runProgram(command: string, args: readonly string[]): void {
  const ended = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, CIB_shadow_dir: folder },
  });
  if (ended.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${String(ended.status)}: ${ended.stderr}`);
}

function timed(work: () => void): number {
  const beganMs = performance.now();
  work();
  return performance.now() - beganMs;
}

function print(measured: readonly Measured[]): void {
  if (options.json) {
    console.log(JSON.stringify({ apiVersion: '1', measured }, null, 2));
    return;
  }
  const words = ({ medianMs, minMs, maxMs }: Summary): string => `${medianMs} (${minMs} to ${maxMs})`;
  const rows = measured.map((each) => [
    `${each.primitives} ${each.history ? 'running' : 'to start'}`,
    String(each.actions),
    words(each.warm),
    each.peer === undefined ? 'not here' : words(each.peer),
    each.peer === undefined ? '' : (each.warm.medianMs / each.peer.medianMs).toFixed(2),
    words(each.cold),
    growth(measured, each),
  ]);
  const header = [
    'primitives',
    'actions',
    'warm ms',
    'crm_simulate ms',
    'ratio',
    'cold pairbeat simulate ms',
    'growth',
  ];
  console.log(formatTable(header, rows));
  console.log(
    `medians of ${options.runs} runs with minimum and maximum; growth: warm, then crm_simulate, from the size before`,
  );
}

function growth(measured: readonly Measured[], each: Measured): string {
  const smaller = measured
    .filter(({ history, primitives }) => history === each.history && primitives < each.primitives)
    .at(-1);
  if (smaller === undefined) return '';
  const slope = (now: number, then: number): string =>
    (Math.log(now / then) / Math.log(each.primitives / smaller.primitives)).toFixed(2);
  const own = slope(each.warm.medianMs, smaller.warm.medianMs);
  if (each.peer === undefined || smaller.peer === undefined) return own;
  return `${own}, ${slope(each.peer.medianMs, smaller.peer.medianMs)}`;
}
