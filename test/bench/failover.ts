/**
 * `npm run bench:failover`: how long a client is without its address when a host crashes, gives the address away, is
 * stopped, or comes back. With `--peers` the established tools run in the same minutes, taking turns cycle by cycle,
 * so that the noise of the machine falls on all of them.
 */
import { Command } from 'commander';
import { enterLab } from '../lab/enter.ts';
import { loadAverage } from '../lab/probe.ts';
import type { ContenderFactory, Timers } from './contender.ts';
import { Bench, type BenchEvent, benchEvents, type Sample } from './cycle.ts';
import { heartbeat3 } from './heartbeat3.ts';
import { keepalived } from './keepalived.ts';
import { pairbeat } from './pairbeat.ts';
import { formatTable, summarize } from './statistics.ts';

interface Options {
  readonly runs: string;
  readonly timers: string[];
  readonly events: string[];
  readonly only?: string[];
  readonly peers?: boolean;
  readonly json?: boolean;
}

interface Row {
  readonly product: string;
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly event: BenchEvent;
  readonly outagesMs: readonly number[];
  readonly doubleOwnerMs: number;
  /** Runs that do not count, for the address had moved by itself before. */
  readonly strayed: number;
}

const program = new Command('bench:failover')
  .description('outage of a client at crash, standby, graceful stop and failback')
  .option('--runs <number>', 'runs of each event', '15')
  .option('--timers <keepalive/deadtime...>', 'in milliseconds', ['10/30', '100/300'])
  .option('--events <event...>', 'crash (with failback), standby, stop (with failback)', ['crash', 'standby', 'stop'])
  .option('--peers', 'measure heartbeat 3.0.6 and keepalived in the same run')
  .option('--only <product...>', 'only these products')
  .option('--json', 'one JSON document instead of a table');

await enterLab(import.meta.url, async () => {
  const options = program.parse().opts<Options>();
  const rows: Row[] = [];
  for (const text of options.timers) rows.push(...(await measure(parseTimers(text), options)));
  if (options.json) console.log(JSON.stringify({ apiVersion: '1', loadAverage: loadAverage(), rows }, null, 2));
  else printTable(rows);
  return 0;
});

async function measure(timers: Timers, options: Options): Promise<Row[]> {
  const benches: Bench[] = [];
  for (const factory of chosen(options)) {
    const reason = factory.unavailable(timers);
    if (reason === undefined) benches.push(await Bench.open(factory, timers));
    else note(`${factory.name} at ${timers.keepaliveMs}/${timers.deadtimeMs} ms: skipped (${reason})`);
  }
  const samples = new Map<Bench, Sample[]>(benches.map((bench) => [bench, []]));
  for (let run = 0; run < Number(options.runs); run += 1) {
    for (const event of options.events as Array<'crash' | 'standby' | 'stop'>) {
      for (const bench of benches) samples.get(bench)!.push(...(await bench.cycle(event)));
    }
    note(`${timers.keepaliveMs}/${timers.deadtimeMs} ms: run ${run + 1} of ${options.runs}`);
  }
  for (const bench of benches) await bench.close();
  return benches.flatMap((bench) => rowsOf(bench, samples.get(bench)!, timers));
}

function chosen(options: Options): ContenderFactory[] {
  const peers = [keepalived, heartbeat3];
  if (options.only === undefined) return options.peers ? [pairbeat, ...peers] : [pairbeat];
  return [pairbeat, ...peers].filter((factory) => options.only!.includes(factory.name));
}

function rowsOf(bench: Bench, samples: readonly Sample[], timers: Timers): Row[] {
  return benchEvents.flatMap((event) => {
    const own = samples.filter((sample) => sample.event === event);
    const doubleOwnerMs = own.reduce((sum, sample) => sum + sample.doubleOwnerMs, 0);
    const counted = own.filter((sample) => !sample.strayed);
    const outagesMs = counted.map((sample) => sample.outageMs);
    const strayed = own.length - counted.length;
    return counted.length === 0
      ? []
      : [{ product: bench.contender.name, ...timers, event, outagesMs, doubleOwnerMs, strayed }];
  });
}

function printTable(rows: readonly Row[]): void {
  const cells = rows.map((row) => {
    const { runs, medianMs, minMs, maxMs } = summarize(row.outagesMs);
    const figures = [
      runs,
      medianMs.toFixed(1),
      minMs.toFixed(1),
      maxMs.toFixed(1),
      row.strayed,
      row.doubleOwnerMs.toFixed(0),
    ];
    return [row.product, row.event, `${row.keepaliveMs}/${row.deadtimeMs}`, ...figures.map(String)];
  });
  const header = ['product', 'event', 'ms', 'runs', 'median ms', 'min', 'max', 'strayed', 'two owners ms'];
  console.log(formatTable(header, cells, 3));
}

function parseTimers(text: string): Timers {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (match === null) throw new Error(`--timers ${text}: expected KEEPALIVE/DEADTIME in milliseconds, such as 100/300`);
  return { keepaliveMs: Number(match[1]), deadtimeMs: Number(match[2]) };
}

/** Progress goes to stderr, so that stdout is the result alone. */
function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
