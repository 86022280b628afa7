/** `--keep`: the pair stays, and the reader plays. Keys on a terminal; a shell on each node from another one. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../lab/host.ts';
import { sleep } from '../lab/machine.ts';
import { program } from '../lab/pair.ts';
import { cleanEnvironment } from '../lab/processes.ts';
import type { Stage } from './story.ts';

/** The product's commands under their own names, for a shell on a node. */
const commandDirectory = '/run/pairbeat-demo';
const commandNames = ['heartbeat', 'pairbeat', 'cl_status', 'hb_standby', 'hb_takeover'];

export async function keepPlaying(stage: Stage): Promise<void> {
  const { screen, lab } = stage;
  for (const host of lab.hosts) installCommands(host);
  const keys = process.stdin.isTTY === true;
  screen.block([
    '  The pair stays up. In another terminal, a shell on a node:',
    '      npm run demo -- --shell node1',
    '  There: pairbeat status, cl_status rscstatus, hb_standby, hb_takeover, ip address, tail /var/log/ha-log',
    keys
      ? '  Here: 1 or 2 cuts the power of that node or gives it back; s relieves the owner; q ends everything.'
      : '  Ctrl-C (or SIGTERM) ends everything.',
    '',
  ]);
  if (keys) await playKeys(stage);
  else await new Promise<never>(() => setInterval(() => {}, 60_000));
}

/** Runs in a process of its own, outside the lab: finds the node's first process and enters its namespaces. */
export function openShell(nodeName: string): number {
  const found = readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && isFirstProcessOf(pid, nodeName));
  if (found === undefined) {
    process.stderr.write(`There is no demo with a running ${nodeName}. Start one: npm run demo -- --keep\n`);
    return 1;
  }
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  const enter = ['--target', found, ...user, '--net', '--mount', '--pid', '--uts', '--ipc', '--'];
  const environment = {
    ...cleanEnvironment,
    TERM: process.env['TERM'] ?? 'dumb',
    PATH: `${commandDirectory}:${cleanEnvironment['PATH']}`,
    PS1: `${nodeName}# `,
  };
  return spawnSync('nsenter', [...enter, 'sh', '-i'], { stdio: 'inherit', env: environment }).status ?? 1;
}

function isFirstProcessOf(pid: string, nodeName: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const named = environment.includes(`LAB_NAME=${nodeName}`) && environment.includes('LAB_PROGRAM=demo.js');
    const inner = /^NSpid:.*\s(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return named && inner === '1';
  } catch {
    return false;
  }
}

function installCommands(host: Host): void {
  if (!host.running) return;
  const directory = host.path(commandDirectory);
  mkdirSync(directory, { recursive: true });
  for (const name of commandNames) {
    const [node, script] = program(name);
    const file = join(directory, name);
    writeFileSync(file, `#!/bin/sh\nexec '${node}' '${script}' "$@"\n`);
    chmodSync(file, 0o755);
  }
}

async function playKeys(stage: Stage): Promise<void> {
  process.stdin.setRawMode(true);
  process.stdin.resume();
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    const key = chunk.toString();
    if (key === 'q' || key === '\x03') break;
    if (key === '1' || key === '2') await togglePower(stage, `node${key}`);
    if (key === 's') await relieveOwner(stage);
  }
  process.stdin.setRawMode(false);
  process.stdin.pause();
}

async function togglePower({ lab, pair, screen }: Stage, name: string): Promise<void> {
  const host = lab.host(name);
  if (host.running) {
    const atUs = host.crash();
    screen.event(screen.paint('dead', `${name} loses its power`), atUs);
    return;
  }
  await host.boot();
  installCommands(host);
  await pair.start(host);
  screen.event(`${name} has power again, heartbeat starts`);
}

async function relieveOwner({ lab, pair, probe, screen }: Stage): Promise<void> {
  const now = lab.nowUs();
  const owner = (await probe.owners(now - 50_000)).at(-1)?.owner;
  const host = lab.hosts.find((one) => one.name === owner);
  if (host === undefined) return;
  screen.event(`hb_standby on ${host.name}`);
  await pair.run(host, 'hb_standby');
  await sleep(50);
}
