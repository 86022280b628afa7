/**
 * Starting an agent host, reaching a living one, and ending one that hangs. The host gets a session of its own, no
 * terminal and no pipe to the daemon, so that it survives the daemon. `--single-threaded`: V8's helper threads have
 * normal priority, and a real-time thread must not wait for them.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { appendingFlags, readPlainFile } from '../plain-file.ts';
import type { HostFiles } from './host-files.ts';
import { isStill, type ProcessIdentity, signal } from './process-identity.ts';

const nodeFlags = [
  '--single-threaded',
  '--no-opt',
  '--max-semi-space-size=1',
  '--max-old-space-size=128',
  '--v8-pool-size=1',
  '--no-warnings',
];

/** The built file, also when this runs from source (tests): Node 20 cannot start a child from TypeScript. */
export const builtHostEntry = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../dist/src/bin/agent-host.js' : '../../bin/agent-host.js',
    import.meta.url,
  ),
);

export function launchHost(entry: string, runDir: string, files: HostFiles, failed: (reason: string) => void): void {
  const log = openLog(files.log);
  try {
    const child = spawn(process.execPath, [...nodeFlags, entry, runDir], {
      cwd: '/',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' },
      detached: true,
      stdio: ['ignore', log ?? 'ignore', log ?? 'ignore'],
    });
    child.once('error', (error) => failed(error.message));
    child.unref();
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** A host without a log file of its own is better than none; what it has to say reaches the daemon all the same. */
function openLog(path: string): number | undefined {
  try {
    return openSync(path, appendingFlags, 0o600);
  } catch {
    return undefined;
  }
}

/** Undefined when nobody listens. */
export function reachHost(files: HostFiles): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(files.socket);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

export function recordedHost(files: HostFiles): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(readPlainFile(files.identity, 4096)?.toString() ?? '') as Partial<ProcessIdentity>;
    if (!Number.isInteger(value.pid) || !Number.isFinite(value.startTime)) return undefined;
    return { pid: value.pid as number, startTime: value.startTime as number };
  } catch {
    return undefined;
  }
}

/** Only the very process that was recorded: a reused process id is left alone. */
export function killHost(identity: ProcessIdentity | undefined): boolean {
  return identity !== undefined && isStill(identity) && signal(identity.pid, 'SIGKILL');
}
