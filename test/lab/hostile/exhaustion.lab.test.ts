/**
 * S18, S19, F16: a machine that has run out of something. Keepalives go on, the takeover works, what was lost is said, and
 * the alarm ends when the trouble does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { ask } from '../../../src/client/connection.ts';
import { readRecords } from '../../../src/io/agent-host/record-file.ts';
import { eventually, expectEqual, expectTrue } from '../expect.ts';
import type { Host } from '../host.ts';
import { sleep } from '../machine.ts';
import type { Pair } from '../pair.ts';
import { program } from '../pair.ts';
import { type LabTest, type LabTestContext, labTest } from '../runner.ts';
import { openScene } from '../scene.ts';
import { limitProcesses } from './process-limit.ts';

const stateDirectory = '/var/lib/heartbeat';
const places = [stateDirectory, '/var/log'];

/** A file system of its own over the directory, so small that a test can fill it. */
async function smallDisk(host: Host, directory: string, options: string): Promise<void> {
  const made = await host.exec(['mount', '-t', 'tmpfs', '-o', options, 'small', directory]);
  expectEqual(made.code, 0, `a small disk on ${directory} of ${host.name}`);
}

const fill = (host: Host, directory: string) =>
  host.exec(['sh', '-c', `cat /dev/zero > ${directory}/filler 2>/dev/null; df ${directory}`]);
const alarmsOf = async (pair: Pair, host: Host): Promise<readonly string[]> =>
  (await pair.status(host))?.alarms.map(({ code }) => code) ?? [];

interface FullDisk {
  readonly name: string;
  readonly options: string;
  readonly exhaust: (host: Host, directory: string) => Promise<unknown>;
  readonly relieve: (host: Host, directory: string) => Promise<unknown>;
}

const fullDisks: Readonly<Record<'full' | 'inodes' | 'readOnly', FullDisk>> = {
  full: {
    name: 'full',
    options: 'size=512k',
    exhaust: fill,
    relieve: (host, directory) => host.exec(['rm', `${directory}/filler`]),
  },
  inodes: {
    name: 'out of inodes',
    options: 'nr_inodes=64',
    exhaust: (host, directory) =>
      host.exec(['sh', '-c', `i=0; while : > ${directory}/filler-$i; do i=$((i+1)); done 2>/dev/null; true`]),
    relieve: (host, directory) => host.exec(['sh', '-c', `rm ${directory}/filler-*`]),
  },
  readOnly: {
    name: 'read-only',
    options: 'size=4m',
    // One over the other: a disk with files open for writing cannot be made read-only by hand.
    exhaust: (host, directory) => host.exec(['mount', '-t', 'tmpfs', '-o', 'ro', 'read-only', directory]),
    relieve: (host, directory) => host.exec(['umount', directory]),
  },
};

/** The survivor's disks take nothing any more when the owner dies. */
async function takeOverWithout(context: LabTestContext, disk: FullDisk): Promise<void> {
  const scene = await openScene(context, { start: false });
  const { pair, node1, node2, probe } = scene;
  for (const place of places) await smallDisk(node2, place, disk.options);
  await pair.startBoth();
  await probe.steady({ owner: 'node1' });
  for (const place of places) await disk.exhaust(node2, place);
  await sleep(500);
  expectEqual(
    (await pair.status(node2))?.nodes.map(({ status }) => status),
    ['active', 'active'],
    'both nodes',
  );
  const atUs = node1.crash();
  await probe.steady({ owner: 'node2' });
  context.note(`${disk.name}: outage ${(await probe.outage(atUs)).ms.toFixed(0)} ms`);
  await eventually('the web server follows', () => pair.httpdRuns(node2), Boolean);
  const alarms = await eventually(
    'an alarm',
    () => alarmsOf(pair, node2),
    (codes) => codes.includes('disk-failed'),
  );
  for (const place of places) await disk.relieve(node2, place);
  await eventually(
    'the alarm ends',
    () => alarmsOf(pair, node2),
    (codes) => !codes.includes('disk-failed'),
  );
  expectTrue(alarms.length > 0, 'there was one');
  await node1.boot();
  await pair.start(node1);
  await pair.settled();
  expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
}

/** Before a node has said its first word: it refuses, with the reason, and the exit code of a start that failed. */
async function refuseToStart(context: LabTestContext, disk: FullDisk, words: string): Promise<void> {
  const { pair, node2 } = await openScene(context, { start: false });
  await smallDisk(node2, stateDirectory, disk.options);
  await disk.exhaust(node2, stateDirectory);
  const refused = await node2.exec(program('heartbeat', '-f'), { timeoutMs: 20_000 });
  expectEqual(refused.code, 1, 'exit code of heartbeat');
  expectTrue(refused.stderr.includes(words), `the words "${words}"`, refused.stderr);
  expectEqual(
    node2.processes().map(({ argv }) => argv.join(' ')),
    [],
    'processes left behind',
  );
  await disk.relieve(node2, stateDirectory);
  await pair.startBoth();
}

/** The run directory is where the agent host writes down what it runs. */
async function fullRunDirectory(context: LabTestContext): Promise<void> {
  const scene = await openScene(context, { start: false });
  const { pair, node1, node2, probe } = scene;
  const resized = await node2.exec(['mount', '-o', 'remount,size=1m', '/run']);
  expectEqual(resized.code, 0, 'a small run directory');
  await pair.startBoth();
  await probe.steady({ owner: 'node1' });
  await fill(node2, '/run');
  const atUs = node1.crash();
  await probe.steady({ owner: 'node2' });
  context.note(`outage ${(await probe.outage(atUs)).ms.toFixed(0)} ms`);
  await eventually('the web server follows', () => pair.httpdRuns(node2), Boolean);
  const inventory = () => readRecords(node2.path('/run/heartbeat/host-inventory.ndjson'));
  const read = inventory();
  const saysIt = read?.records.some(({ entry }) => entry?.resource.written === 'httpd') === true;
  expectTrue(
    saysIt || read?.complete === false,
    'the inventory has the web server, or says that it is not complete',
    read,
  );
  await fullDisks.full.relieve(node2, '/run');
  await pair.run(node2, 'hb_standby');
  await eventually('the inventory is whole again', inventory, (read) => read?.complete === true);
}

/** Node.js itself needs twenty; the daemon's own files are opened all at once. */
async function fewDescriptorsAtStart(context: LabTestContext): Promise<void> {
  const { pair, node2 } = await openScene(context, { start: false });
  for (const limit of [32, 64, 96]) {
    const refused = await node2.exec(['prlimit', `--nofile=${limit}:${limit}`, ...program('heartbeat', '-f')], {
      timeoutMs: 10_000,
    });
    expectEqual(refused.code, 1, `exit code with ${limit} descriptors`);
    expectTrue(refused.stderr.includes('Nothing was started'), 'a reason', refused.stderr);
  }
  await pair.startBoth();
}

/** The lowest number that is free: a limit there leaves no descriptor at all. */
function firstFreeDescriptor(pid: number): number {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let number = 0;
  while (open.has(number)) number += 1;
  return number;
}

async function limitDescriptors(host: Host, pid: number, limit: number): Promise<void> {
  const done = await host.exec(['prlimit', '--pid', String(pidInside(pid)), `--nofile=${limit}:`]);
  expectEqual(done.code, 0, `prlimit (${done.stderr})`);
}

/** The pid of a process of the machine as the machine itself counts it. */
const pidInside = (pid: number): number =>
  Number(/^NSpid:.*\s(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

const agentHostOf = (host: Host): number =>
  host.processes().find(({ argv }) => argv.some((word) => word.endsWith('agent-host.js')))!.pid;

async function outOfDescriptors(context: LabTestContext): Promise<void> {
  const scene = await openScene(context, { pairbeatConf: 'monitor_interval 200ms\n' });
  const { pair, node1, node2, probe } = scene;
  const [daemon, agentHost] = [pair.daemon(node2).pid, agentHostOf(node2)];
  for (const pid of [daemon, agentHost]) await limitDescriptors(node2, pid, firstFreeDescriptor(pid));
  const answer = await ask(node2.path('/run/heartbeat'), 'status', {}, { timeoutMs: 500 });
  expectTrue(!answer.ok, 'no descriptor is left for a client', answer);
  await sleep(500);
  const seen = await pair.status(node1);
  expectEqual(
    seen?.nodes.map(({ status }) => status),
    ['active', 'active'],
    'both nodes, as node1 sees them',
  );
  await probe.steady({ owner: 'node1' });
  const atUs = node1.crash();
  await probe.steady({ owner: 'node2' });
  context.note(`outage ${(await probe.outage(atUs)).ms.toFixed(0)} ms`);
  for (const pid of [daemon, agentHost]) await limitDescriptors(node2, pid, 1024);
  await eventually('the web server is started as soon as it can be', () => pair.httpdRuns(node2), Boolean);
  await probe.steady({ owner: 'node2' });
  await eventually(
    'tools are answered again',
    () => pair.status(node2),
    (report) => report !== undefined,
  );
}

async function outOfProcesses(context: LabTestContext): Promise<void> {
  const scene = await openScene(context, { pairbeatConf: 'monitor_interval 200ms\nmonitor_failures 3\n' });
  const { pair, node1, probe } = scene;
  const limit = limitProcesses(agentHostOf(node1));
  if (limit === undefined) context.skip('no control group for processes here');
  try {
    const before = pair.httpdActions(node1).length;
    limit.none();
    await sleep(1500);
    const report = await pair.status(node1);
    expectEqual(
      report?.groups[0]?.holdings,
      { node1: 'running', node2: 'stopped' },
      'holdings: a monitor that cannot run proves nothing',
    );
    expectEqual(pair.httpdActions(node1).length, before, 'what was done to the web server meanwhile');
    await probe.steady({ owner: 'node1' });
    context.note(`alarms: ${(report?.alarms ?? []).map(({ code }) => code).join(' ')}`);
    limit.lift();
    await eventually(
      'the alarms end',
      () => alarmsOf(pair, node1),
      (codes) => !codes.some((code) => code.includes('status')),
    );
  } finally {
    limit.lift();
  }
}

export const exhaustionTests: readonly LabTest[] = [
  labTest('a full disk on the survivor: it takes over all the same, and the alarm ends with the trouble', (context) =>
    takeOverWithout(context, fullDisks.full),
  ),
  labTest('no descriptor left in daemon and agent host: keepalives and takeover go on', outOfDescriptors),
];

export const longExhaustionTests: readonly LabTest[] = [
  labTest('no process can be made: a monitor that cannot run proves nothing', outOfProcesses),
  labTest('a full run directory on the survivor', fullRunDirectory),
  labTest('few descriptors at the start', fewDescriptorsAtStart, 120_000),
  labTest('out of inodes on the survivor', (context) => takeOverWithout(context, fullDisks.inodes)),
  labTest('a read-only disk on the survivor', (context) => takeOverWithout(context, fullDisks.readOnly)),
  labTest('a full disk before the start', (context) => refuseToStart(context, fullDisks.full, 'The disk is full')),
  labTest('no inode before the start', (context) => refuseToStart(context, fullDisks.inodes, 'The disk is full')),
  labTest('a read-only disk before the start', (context) => refuseToStart(context, fullDisks.readOnly, 'read-only')),
];
