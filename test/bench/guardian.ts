/**
 * `npm run bench:guardian`: the daemon of the owner is killed, its machine lives on. Its guardian must let go of the
 * address before the peer starts it. Long timers run in several labs at once, because every run takes a deadtime.
 */
import { join } from 'node:path';
import { Command } from 'commander';
import { readRecords } from '../../src/io/journal/read.ts';
import { enterLab } from '../lab/enter.ts';
import { eventually } from '../lab/expect.ts';
import type { Host } from '../lab/host.ts';
import { createLab } from '../lab/lab.ts';
import { sleep } from '../lab/machine.ts';
import { Pair } from '../lab/pair.ts';
import { sharedAddress, type Timers } from './contender.ts';
import { formatTable, summarize } from './statistics.ts';

interface Options {
  readonly runs: string;
  readonly timers: string[];
  readonly parallel: string;
  readonly json?: boolean;
}

interface Run {
  /** After the kill: last answer of the old owner, and the start at the peer by its journal. */
  readonly releasedMs: number;
  readonly startedMs: number;
  readonly doubleOwnerQuestions: number;
}

const program = new Command('bench:guardian')
  .description('when the guardian lets go of the address of a killed daemon, and when the peer starts it')
  .option('--runs <number>', 'runs for each pair of timers', '30')
  .option('--timers <keepalive/deadtime...>', 'in milliseconds', ['100/300', '2000/30000'])
  .option('--parallel <number>', 'labs at the same time where the deadtime is 5 s or more', '6')
  .option('--json', 'one JSON document');

const header = ['timers ms', 'runs', 'in time', 'released after ms', 'peer started after ms', 'smallest margin ms'];

await enterLab(import.meta.url, async () => {
  const options = program.parse().opts<Options>();
  const rows: Array<Timers & { readonly runs: Run[] }> = [];
  for (const text of options.timers) {
    const [keepaliveMs, deadtimeMs] = text.split('/').map(Number) as [number, number];
    const timers = { keepaliveMs, deadtimeMs };
    const labs = deadtimeMs >= 5000 ? Number(options.parallel) : 1;
    rows.push({ ...timers, runs: await measure(timers, Number(options.runs), labs) });
  }
  if (options.json) console.log(JSON.stringify({ apiVersion: '1', rows }, null, 2));
  else console.log(formatTable(header, rows.map(cells), 1));
  return rows.every((row) => row.runs.every(inTime)) ? 0 : 1;
});

async function measure(timers: Timers, count: number, labs: number): Promise<Run[]> {
  const runs: Run[] = [];
  let begun = 0;
  const worker = async () => {
    const { pair, observer, lab } = await openPair(timers);
    while (begun < count) {
      begun += 1;
      runs.push(await killOnce(pair, observer));
      process.stderr.write(`${timers.keepaliveMs}/${timers.deadtimeMs} ms: run ${runs.length} of ${count}\n`);
    }
    await lab.close();
  };
  await Promise.all(Array.from({ length: labs }, worker));
  return runs;
}

async function openPair(timers: Timers) {
  const lab = await createLab();
  const pair = new Pair(lab, {
    ...timers,
    haresources: `node1 IPaddr::${sharedAddress}/24/eth0\n`,
    authkeys: 'auth 1\n1 sha256 benchmark-only-key-of-some-length\n',
  });
  const observer = await lab.observe(sharedAddress, 1);
  await pair.startBoth();
  return { lab, pair, observer };
}

async function killOnce(pair: Pair, observer: Awaited<ReturnType<typeof openPair>>['observer']): Promise<Run> {
  const { lab } = pair;
  const [node1, node2] = [lab.host('node1'), lab.host('node2')];
  const patienceMs = 60_000 + 4 * pair.options.deadtimeMs;
  await eventually(
    'node1 owns the address',
    () => ownerNow(pair, observer),
    (owner) => owner === 'node1',
    patienceMs,
  );
  // Not in step with the keepalives.
  await sleep(Math.random() * pair.options.keepaliveMs);
  const atUs = lab.nowUs();
  pair.daemon(node1).kill('SIGKILL');
  await eventually(
    'node2 owns the address',
    () => ownerNow(pair, observer),
    (owner) => owner === 'node2',
    patienceMs,
  );
  const released = (await observer.owners(atUs)).findLast((spell) => spell.owner === 'node1')!.toUs;
  const started = await startOf(node2, atUs);
  const doubles = await observer.doubleOwners(atUs);
  // Back to the beginning: the guardian has ended with its daemon, node1 takes its address home.
  await sleep(500);
  await pair.start(node1);
  await pair.settled(patienceMs);
  return {
    releasedMs: (released - atUs) / 1000,
    startedMs: (started - atUs) / 1000,
    doubleOwnerQuestions: doubles.reduce((sum, spell) => sum + spell.questions, 0),
  };
}

async function ownerNow(pair: Pair, observer: Awaited<ReturnType<typeof openPair>>['observer']): Promise<string> {
  const now = pair.lab.nowUs();
  const owners = (await observer.owners(now - 50_000, now)).filter((spell) => spell.toUs > now - 20_000);
  return owners.map((spell) => spell.owner).join(' and ');
}

async function startOf(host: Host, sinceUs: number): Promise<number> {
  const found = await eventually(
    `the journal of ${host.name} tells of the start`,
    async () =>
      (await readRecords(join(host.stateDirectory, 'journal'))).find(
        (record) => record.kind === 'start' && record.us > sinceUs,
      ),
    (record) => record !== undefined,
  );
  return found!.us;
}

function inTime(run: Run): boolean {
  return run.releasedMs < run.startedMs && run.doubleOwnerQuestions === 0;
}

function cells({ keepaliveMs, deadtimeMs, runs }: Timers & { readonly runs: readonly Run[] }): string[] {
  const released = summarize(runs.map((run) => run.releasedMs));
  const started = summarize(runs.map((run) => run.startedMs));
  const margin = summarize(runs.map((run) => run.startedMs - run.releasedMs));
  const range = ({ medianMs, minMs, maxMs }: typeof released) => `${medianMs} (${minMs} to ${maxMs})`;
  const good = runs.filter(inTime).length;
  return [
    `${keepaliveMs}/${deadtimeMs}`,
    String(runs.length),
    String(good),
    range(released),
    range(started),
    String(margin.minMs),
  ];
}
