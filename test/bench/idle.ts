/**
 * `npm run bench:idle`: what a pair costs that has nothing to do. One group, one link; processor time and memory of the
 * daemon and of the agent host of one of the two nodes, over some seconds after the pair has come to rest.
 */
import { Command } from 'commander';
import { enterLab } from '../lab/enter.ts';
import type { Host } from '../lab/host.ts';
import { createLab } from '../lab/lab.ts';
import { sleep } from '../lab/machine.ts';
import { Pair } from '../lab/pair.ts';
import { sharedAddress } from './contender.ts';

interface Options {
  readonly seconds: string;
  readonly keepalive: readonly string[];
  readonly json?: boolean;
}

interface Cost {
  readonly process: 'daemon' | 'host';
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly pssMb: number;
}

/** The rest after the start: the first collections of garbage, code that is compiled when it has run often enough. */
const warmUpMs = 5000;
/** Of the clock in /proc, on every Linux. */
const ticksPerSecond = 100;

const program = new Command('bench:idle')
  .description('processor time and memory of an idle node')
  .option('--seconds <number>', 'how long to measure', '15')
  .option('--keepalive <ms...>', 'keepalives in milliseconds, one run each', ['1000', '10'])
  .option('--json', 'one JSON document');

await enterLab(import.meta.url, async () => {
  const options = program.parse().opts<Options>();
  const results: { keepaliveMs: number; costs: Cost[] }[] = [];
  for (const keepalive of options.keepalive) {
    const costs = await measure(Number(keepalive), Number(options.seconds));
    results.push({ keepaliveMs: Number(keepalive), costs });
    if (!options.json) for (const cost of costs) console.log(describe(Number(keepalive), cost));
  }
  if (options.json) console.log(JSON.stringify({ apiVersion: '1', results }, null, 2));
  return 0;
});

async function measure(keepaliveMs: number, seconds: number): Promise<Cost[]> {
  const lab = await createLab();
  try {
    const pair = new Pair(lab, {
      keepaliveMs,
      deadtimeMs: Math.max(3 * keepaliveMs, 300),
      haresources: `node1 IPaddr::${sharedAddress}/24/eth0\n`,
      authkeys: 'auth 1\n1 sha256 benchmark-only-key-of-some-length\n',
    });
    await pair.startBoth();
    const host = lab.host('node1');
    const report = await pair.status(host);
    if (report === undefined) throw new Error('the daemon does not answer');
    await sleep(warmUpMs);
    const pids = { daemon: report.pid, host: report.hostPid };
    const before = { daemon: await ticksOf(host, pids.daemon), host: await ticksOf(host, pids.host) };
    await sleep(seconds * 1000);
    const costs: Cost[] = [];
    for (const process of ['daemon', 'host'] as const) {
      const ticks = (await ticksOf(host, pids[process])) - before[process];
      const cpuPercent = (100 * ticks) / ticksPerSecond / seconds;
      costs.push({ process, cpuPercent, ...(await memoryOf(host, pids[process])) });
    }
    return costs;
  } finally {
    await lab.close();
  }
}

/** User and system time so far. */
async function ticksOf(host: Host, pid: number): Promise<number> {
  const { stdout } = await host.exec(['cat', `/proc/${pid}/stat`]);
  // The second field is the name, in parentheses, and may contain blanks.
  const fields = stdout.slice(stdout.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function memoryOf(host: Host, pid: number): Promise<{ readonly rssMb: number; readonly pssMb: number }> {
  const { stdout } = await host.exec(['cat', `/proc/${pid}/smaps_rollup`]);
  const megabytes = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(stdout)?.[1]) / 1024);
  return { rssMb: megabytes('Rss'), pssMb: megabytes('Pss') };
}

function describe(keepaliveMs: number, { process, cpuPercent, rssMb, pssMb }: Cost): string {
  return `keepalive ${keepaliveMs} ms: ${process} ${cpuPercent.toFixed(1)} % of a core, ${rssMb} MB RSS, ${pssMb} MB PSS`;
}
