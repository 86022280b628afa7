/**
 * The demo where the kernel gives no namespaces: two real daemons talk over the loopback device, but the address that
 * they move is only a file in a temporary directory. Every line that could be mistaken for the real thing says
 * PRETENDED, and nothing here counts as a test.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable } from '../bench/statistics.ts';
import { findCommand, type LabAvailability } from '../lab/enter.ts';
import { sendSignal, sleep } from '../lab/machine.ts';
import { program } from '../lab/pair.ts';
import { cleanEnvironment } from '../lab/processes.ts';
import { type SeedOptions, seedAddress } from '../lab/seed.ts';
import { PretendedClient } from './pretended-client.ts';
import { descendantsOf } from './process-tree.ts';

interface PretendedNode {
  readonly name: string;
  readonly directory: string;
  daemon: ChildProcess | undefined;
}

const port = 16_940;
const patienceMs = 60_000;

export async function playPretended(
  timers: SeedOptions,
  missing: Extract<LabAvailability, { available: false }>,
): Promise<number> {
  explain(missing);
  const root = mkdtempSync(join(tmpdir(), 'pairbeat-demo-'));
  const nodes = ['node1', 'node2'].map((name) => prepare(root, name, timers)) as [PretendedNode, PretendedNode];
  const client = new PretendedClient(nodes.map((node) => ({ name: node.name, file: addressFile(node) })));
  const end = () => {
    for (const node of nodes) powerOff(node);
    rmSync(root, { recursive: true, force: true });
  };
  process.on('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  try {
    await play(nodes, client);
    return 0;
  } catch (error) {
    say(`${(error as Error).message}\n${lastLog(nodes)}`);
    return 1;
  }
}

async function play([node1, node2]: [PretendedNode, PretendedNode], client: PretendedClient): Promise<void> {
  const rows: string[][] = [];
  const note = (title: string, fromMs: number) => {
    const outage = client.outage(fromMs);
    rows.push([title, `${outage.before} -> ${outage.after}`, outage.ms.toFixed(0)]);
    say(`PRETENDED address on ${outage.after}: nobody had it for ${outage.ms.toFixed(0)} ms`);
  };
  say('heartbeat starts on node1 and node2, over the loopback device');
  for (const node of [node1, node2]) start(node);
  await client.steady('node1', patienceMs);
  say(`PRETENDED address ${seedAddress} is on node1`);
  await sleep(2000);

  let atMs = performance.now();
  say('node1 loses its power, PRETENDED: its processes are killed, its address is removed');
  powerOff(node1);
  await client.steady('node2', patienceMs);
  note('crash of the owner, PRETENDED', atMs);
  await sleep(1500);

  atMs = performance.now();
  say('node1 has power again, heartbeat starts');
  start(node1);
  await client.steady('node1', patienceMs);
  note('failback, PRETENDED', atMs);
  const table = formatTable(['what happened', 'address', 'nobody had it, ms'], rows, 2);
  process.stdout.write(
    `\n${table.replace(/^/gm, '  ')}\n\n  All of it PRETENDED: with rights for namespaces this demo moves a real address.\n`,
  );
}

function explain(missing: Extract<LabAvailability, { available: false }>): void {
  const packages =
    missing.packages.length > 0 ? `\n  Debian and Ubuntu: apt-get install ${missing.packages.join(' ')}` : '';
  process.stdout.write(`
  PAIRBEAT  two nodes, one address  --  PRETENDED

  This machine gives the demo no network namespaces: ${missing.reason}.${packages}
  Run it as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1,
  kernel.apparmor_restrict_unprivileged_userns=0).
  What follows is real in its daemons and messages, over the loopback device. Its address is PRETENDED: a file.

`);
}

function prepare(root: string, name: string, timers: SeedOptions): PretendedNode {
  const directory = join(root, name);
  const node = { name, directory, daemon: undefined };
  const { keepaliveMs, deadtimeMs } = timers;
  const files: ReadonlyArray<readonly [file: string, text: string, mode: number]> = [
    ['ha.cf', haCf(keepaliveMs, deadtimeMs), 0o644],
    ['haresources', 'node1 PretendedAddress\n', 0o644],
    ['authkeys', 'auth 1\n1 sha256 a-key-for-a-demo-on-the-loopback-device\n', 0o600],
    ['nodeinfo', `${name}\n`, 0o644],
    ['resource.d/PretendedAddress', addressScript(addressFile(node)), 0o755],
  ];
  for (const part of ['ha.d/resource.d', 'state', 'run']) mkdirSync(join(directory, part), { recursive: true });
  for (const [file, text, mode] of files) writeFileSync(join(directory, 'ha.d', file), text, { mode });
  return node;
}

const haCf = (keepaliveMs: number, deadtimeMs: number): string => `keepalive ${keepaliveMs}ms
deadtime ${deadtimeMs}ms
warntime ${Math.round(Math.max(deadtimeMs / 3, 1.5 * keepaliveMs))}ms
initdead ${Math.max(10_000, 2 * deadtimeMs)}ms
realtime off
mcast lo 239.255.42.42 ${port} 1 1
auto_failback on
node node1
node node2
`;

const addressScript = (file: string): string => `#!/bin/sh
case "$1" in
  start) : > '${file}' ;;
  stop) rm -f '${file}' ;;
  status) if [ -e '${file}' ]; then echo running; else echo stopped; fi ;;
esac
exit 0
`;

function start(node: PretendedNode): void {
  const [command, script] = program('heartbeat');
  const { directory } = node;
  const environment = {
    ...cleanEnvironment,
    PAIRBEAT_HA_DIR: join(directory, 'ha.d'),
    PAIRBEAT_STATE_DIR: join(directory, 'state'),
    PAIRBEAT_RUN_DIR: join(directory, 'run'),
  };
  // Where the system has it, the kernel ends the daemon together with this program.
  const leash = findCommand('setpriv') === undefined ? [] : ['setpriv', '--pdeathsig', 'KILL', '--'];
  const [first, ...rest] = [...leash, command!, script!, '-f'];
  node.daemon = spawn(first!, rest, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [node.daemon.stdout!, node.daemon.stderr!]) {
    stream.on('data', (chunk: Buffer) => writeFileSync(join(directory, 'log'), chunk, { flag: 'a' }));
  }
}

function powerOff(node: PretendedNode): void {
  const pid = node.daemon?.pid;
  if (pid !== undefined && node.daemon?.exitCode === null)
    for (const one of [pid, ...descendantsOf(pid)]) sendSignal(one, 'SIGKILL');
  node.daemon = undefined;
  rmSync(addressFile(node), { force: true });
}

const addressFile = (node: { directory: string }): string => join(node.directory, 'address');

function lastLog(nodes: readonly PretendedNode[]): string {
  return nodes
    .map((node) => join(node.directory, 'log'))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n'))
    .join('\n');
}

const startedMs = performance.now();

function say(text: string): void {
  const milliseconds = Math.round(performance.now() - startedMs).toLocaleString('en-US');
  process.stdout.write(`${milliseconds.padStart(9)} ms  ${text}\n`);
}
