/**
 * The outer shell of every lab program. The program starts itself again inside namespaces of its own (network, mount,
 * pid, host name; as root directly, otherwise inside a user namespace) and does all its work there as pid 1. Nothing
 * has a name on the machine: when pid 1 ends, for whatever reason, the kernel ends every process in the lab and with
 * the last of them the bridges, interfaces and mounts go too. Three things tie pid 1 to the caller: `unshare
 * --kill-child`, a parent-death signal on `unshare` itself, and a pipe whose end of file means that the caller is gone.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type LabMode = 'root' | 'user namespace';

export type LabAvailability =
  | { readonly available: true; readonly mode: LabMode }
  | { readonly available: false; readonly reason: string; readonly packages: readonly string[] };

const insideMarker = 'PAIRBEAT_LAB_MODE';
const lifeLineFd = 3;

/** Commands that the lab runs, with the Debian package that brings each. */
const requiredCommands: ReadonlyArray<readonly [command: string, debianPackage: string]> = [
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
  ['unshare', 'util-linux'],
  ['nsenter', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['mount', 'mount'],
  ['hostname', 'hostname'],
];

/** The mode this process runs in when it is already inside a lab. */
export function currentLabMode(): LabMode | undefined {
  const mode = process.env[insideMarker];
  return mode === 'root' || mode === 'user namespace' ? mode : undefined;
}

/** Whether namespaces can be made here, found out by making some, and what is missing if not. */
export function labAvailability(): LabAvailability {
  const missing = requiredCommands.filter(([command]) => findCommand(command) === undefined);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, name]) => name))];
    return { available: false, reason: `missing commands: ${missing.map(([name]) => name).join(', ')}`, packages };
  }
  const forced = process.env['PAIRBEAT_LAB_USE'];
  if (forced === 'nothing') return { available: false, reason: 'told so by PAIRBEAT_LAB_USE', packages: [] };
  if (forced === 'user namespace') return tryModes(['user namespace']);
  return tryModes(process.getuid?.() === 0 ? ['root', 'user namespace'] : ['user namespace']);
}

function tryModes(modes: readonly LabMode[]): LabAvailability {
  let complaint = '';
  for (const mode of modes) {
    const [command, ...args] = wrapper(mode, ['sh', '-c', 'ip link add labtry type bridge && mount -t tmpfs lab /mnt']);
    const attempt = spawnSync(command!, args, { encoding: 'utf8', timeout: 10_000 });
    if (attempt.status === 0) return { available: true, mode };
    complaint ||= (attempt.stderr || attempt.error?.message || 'unknown reason').trim().split('\n')[0]!;
  }
  return { available: false, reason: `the kernel refuses new namespaces here: ${complaint}`, packages: [] };
}

/**
 * Runs `main` inside the lab's namespaces and ends this process with its exit code. Called at the top of a program
 * with its own `import.meta.url`; outside, it starts that program again inside and waits.
 */
export async function enterLab(moduleUrl: string, main: (mode: LabMode) => Promise<number>): Promise<never> {
  const inside = currentLabMode();
  if (inside !== undefined) {
    holdLifeLine();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
    process.exit(await main(inside));
  }
  const availability = labAvailability();
  if (!availability.available) throw new Error(`no lab here: ${availability.reason}`);
  const [command, ...args] = wrapper(availability.mode, [
    process.execPath,
    ...process.execArgv,
    fileURLToPath(moduleUrl),
    ...process.argv.slice(2),
  ]);
  const child = spawn(command!, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, [insideMarker]: availability.mode },
  });
  process.exit(await outcomeOf(child));
}

function wrapper(mode: LabMode, argv: readonly string[]): string[] {
  const user = mode === 'user namespace' ? ['--user', '--map-root-user'] : [];
  const namespaces = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', '--mount-proc'];
  return ['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', ...user, ...namespaces, '--', ...argv];
}

function outcomeOf(child: ChildProcess): Promise<number> {
  // Ctrl-C reaches pid 1 too (same terminal group) and lets it tidy the screen; SIGKILL follows if it does not end.
  const interrupted = () => setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  const killed = () => child.kill('SIGKILL');
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', killed);
  process.on('SIGHUP', killed);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 1)));
  });
}

function holdLifeLine(): void {
  const line = new Socket({ fd: lifeLineFd, readable: true, writable: false });
  line.on('close', () => process.exit(137));
  line.on('error', () => process.exit(137));
  line.resume();
  line.unref();
}

export function findCommand(name: string): string | undefined {
  const path = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin${delimiter}/usr/bin${delimiter}/bin`;
  return path
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find((candidate) => existsSync(candidate));
}
