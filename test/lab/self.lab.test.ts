/** The lab itself: what it measures is right, a planted fault is seen, and nothing of it is left behind. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { sleep } from './machine.ts';
import { neighbourOf } from './probe.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms } from './scene.ts';
import { seedAddress } from './seed.ts';

const announceProgram = join(import.meta.dirname, 'announce-main.js');
const echoProgram = join(import.meta.dirname, 'echo-main.js');
const leakProgram = join(import.meta.dirname, 'leak-main.js');

export const selfTests: readonly LabTest[] = [
  labTest('the lab: a known outage is measured as long as it was', async (context) => {
    const lab = await context.lab();
    const [node1, node2] = [lab.host('node1'), lab.host('node2')];
    await own(node1);
    const probe = await lab.probe(seedAddress);
    await probe.steady({ owner: 'node1' });
    const atUs = node1.crash();
    await sleep(150);
    await own(node2);
    await probe.steady({ owner: 'node2' });
    const outage = await probe.outage(atUs);
    const expected = (outage.toUs - atUs) / 1000;
    context.note(`${ms(outage.ms)}; real time ${probe.realTime}`);
    expectTrue(Math.abs(outage.ms - expected) <= 3, 'the silence began at the power cut', outage, expected);
    expectTrue(outage.ms >= 150, 'it lasted at least until the other host had the address', outage);
    expectEqual([outage.before, outage.after], ['node1', 'node2'], 'owner before and after');
    expectEqual(await neighbourOf(lab, seedAddress), 'node2', 'the neighbour table of the client points to');
  }),

  labTest('the lab: two owners planted for a tenth of a second are noticed', async (context) => {
    const lab = await context.lab();
    const [node1, node2] = [lab.host('node1'), lab.host('node2')];
    const observer = await lab.observe(seedAddress);
    await own(node1);
    await sleep(100);
    expectEqual(await observer.doubleOwners(), [], 'two owners before');
    const beganMs = performance.now();
    await own(node2);
    await sleep(100);
    await disown(node2);
    // A busy machine sleeps longer than it was told: what counts is how long there really were two.
    const plantedMs = performance.now() - beganMs;
    const spells = await observer.doubleOwners();
    expectEqual(
      spells.map((spell) => spell.owners),
      [['node1', 'node2']],
      'two owners',
    );
    const seenMs = (spells[0]!.toUs - spells[0]!.fromUs) / 1000;
    expectTrue(seenMs >= 90 && seenMs <= plantedMs + 100, 'for as long as they were planted', seenMs, plantedMs);
  }),

  labTest('the lab: cables can be cut in one direction', async (context) => {
    const lab = await context.lab();
    const [node1, node2] = [lab.host('node1'), lab.host('node2')];
    const reachable = async () => (await echoes(node1, 'eth0', '192.168.1.8', 1)) === 1;
    const arrives = async (from: Host, to: Host) => {
      const count = async () => echoRequestsReceived((await to.exec(['cat', '/proc/net/snmp'])).stdout);
      const before = await count();
      const other = to.name === 'node1' ? '10.0.9.103' : '10.0.9.121';
      await from.exec(['ip', 'neigh', 'replace', other, 'lladdr', to.macAddress('eth1'), 'dev', 'eth1']);
      await echoes(from, 'eth1', other, 3);
      return (await count()) - before >= 3;
    };
    await eventually('reachable at first', reachable, Boolean, 5000);
    await node2.cut({ device: 'eth1', direction: 'out' });
    expectEqual([await arrives(node1, node2), await arrives(node2, node1)], [true, false], 'out cut: in, out');
    await node2.heal({ device: 'eth1' });
    await node2.cut({ device: 'eth1', direction: 'in' });
    expectEqual([await arrives(node1, node2), await arrives(node2, node1)], [false, true], 'in cut: in, out');
    await node2.heal({ device: 'eth1' });
    await node2.cut({ device: 'eth0' });
    expectTrue(!(await reachable()), 'not reachable while cut');
    await node2.heal({ device: 'eth0' });
    await eventually('reachable after the heal', reachable, Boolean, 5000);
  }),

  ...(['ends', 'fails', 'is interrupted', 'is killed'] as const).map((fate) =>
    labTest(`the lab: nothing is left when a program in it ${fate}`, async () => {
      const before = traces();
      await leakProgramMeets(fate);
      await eventually(
        'no process, interface or mount is left',
        () => difference(before, traces()),
        (left) => left.length === 0,
        5000,
      );
    }),
  ),

  labTest('the lab: works in an unprivileged user namespace', async (context) => {
    const result = spawnSync(process.execPath, [leakProgram, 'ends'], {
      env: nestedEnvironment('user'),
      encoding: 'utf8',
    });
    if (result.stderr.includes('no lab here')) context.skip('the kernel allows no user namespaces');
    expectEqual(result.status, 0, `exit code (${result.stderr.trim()})`);
    expectTrue(result.stdout.includes('user namespace: node1 is up'), 'it ran in a user namespace', result.stdout);
  }),
];

/** How many of `count` echo requests were answered. */
async function echoes(from: Host, device: string, address: string, count: number): Promise<number> {
  const result = await from.exec([process.execPath, echoProgram, device, address, String(count)]);
  return Number(result.stdout);
}

/** From the kernel's own counters, so that nothing else on the wire is taken for ours. */
function echoRequestsReceived(snmp: string): number {
  const [names, values] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Icmp:'))
    .map((line) => line.split(' '));
  return Number(values![names!.indexOf('InEchos')]);
}

/** Plays a manager that takes the address and says so to everybody. */
async function own(host: Host): Promise<void> {
  await host.exec(['ip', 'address', 'add', `${seedAddress}/24`, 'dev', 'eth0']);
  await host.exec([process.execPath, announceProgram, 'eth0', seedAddress, host.macAddress('eth0')]);
}

async function disown(host: Host): Promise<void> {
  await host.exec(['ip', 'address', 'del', `${seedAddress}/24`, 'dev', 'eth0']);
}

function nestedEnvironment(mode: 'any' | 'user'): NodeJS.ProcessEnv {
  const { PAIRBEAT_LAB_MODE: _inside, ...environment } = process.env;
  return mode === 'user' ? { ...environment, PAIRBEAT_LAB_USE: 'user namespace' } : environment;
}

async function leakProgramMeets(fate: 'ends' | 'fails' | 'is interrupted' | 'is killed'): Promise<void> {
  const child = spawn(process.execPath, [leakProgram, fate], {
    env: nestedEnvironment('any'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const up = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('node1 is up')) resolve();
    });
  });
  await Promise.race([up, exited.then((code) => Promise.reject(new Error(`it did not start (${code}): ${errors}`)))]);
  expectTrue(
    traces().some((trace) => /sh \S+\/node1\/init/.test(trace)),
    'the nested lab can be seen while it lives',
    traces(),
  );
  if (fate === 'is interrupted') child.kill('SIGTERM');
  if (fate === 'is killed') child.kill('SIGKILL');
  await exited;
}

/** Everything on this machine that a lab could leave: processes with their namespaces, mounts, interfaces, names. */
function traces(): string[] {
  const processes = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => describeProcess(pid));
  const interfaces = readdirSync('/sys/class/net').map((name) => `interface ${name}`);
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .trim()
    .split('\n')
    .map((line) => `mount ${line}`);
  const names = ['/run/netns', '/var/run/netns'].flatMap((directory) =>
    listing(directory).map((name) => `name ${name}`),
  );
  return [...processes, ...interfaces, ...mounts, ...names];
}

function describeProcess(pid: string): string[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    if (command === '' || /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return [];
    return [`process ${pid} ${readlinkSync(`/proc/${pid}/ns/net`)} ${command.slice(0, 300)}`];
  } catch {
    return [];
  }
}

function listing(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function difference(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((trace) => !before.includes(trace));
}
