/**
 * Which process is the heartbeat daemon of a run directory, without asking it anything: `heartbeat -s` and `-k` must
 * work on one that hangs. A pid file alone proves nothing; the process must exist and be a heartbeat.
 */
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileProblem } from '../io/file-operations.ts';
import { readPlainFile, replacePlainFile } from '../io/plain-file.ts';
import type { Log } from '../ports/log.ts';

const smallBytes = 4096;

export type DaemonProcess =
  | { readonly state: 'running'; readonly pid: number; readonly startTicks: string }
  /** A pid file of a daemon that is gone. */
  | { readonly state: 'dead' }
  | { readonly state: 'stopped' };

/** `/run/heartbeat.pid`, where Heartbeat had it and scripts look for it, and the daemon's own file. */
export function pidFilesOf(runDir: string): readonly string[] {
  return [join(runDir, 'heartbeat.pid'), `${runDir.replace(/\/+$/, '')}.pid`];
}

/** One that cannot be written is said; the daemon goes on, and tools find it by its sockets. */
export function writePidFiles(files: readonly string[], log: Log): void {
  for (const file of files) {
    try {
      replacePlainFile(file, `${process.pid}\n`, 0o644);
    } catch (error) {
      log.write('error', fileProblem(error, file));
    }
  }
}

export function removePidFiles(files: readonly string[]): void {
  for (const file of files) rmSync(file, { force: true });
}

export function findDaemon(runDir: string): DaemonProcess {
  let found: DaemonProcess = { state: 'stopped' };
  for (const path of pidFilesOf(runDir)) {
    const pid = readPid(path);
    if (pid === undefined) continue;
    const startTicks = startTicksOf(pid);
    if (startTicks !== undefined && isHeartbeat(pid)) return { state: 'running', pid, startTicks };
    found = { state: 'dead' };
  }
  return found;
}

/** Still the same process: a pid that was given to another one since does not count. */
export function isStillRunning(daemon: { readonly pid: number; readonly startTicks: string }): boolean {
  return startTicksOf(daemon.pid) === daemon.startTicks;
}

/** The first line of nodeinfo, if there is one, else `uname -n`; lower case, as everywhere. */
export function nodeNameIn(haDir: string): string {
  try {
    const first = readPlainFile(join(haDir, 'nodeinfo'), smallBytes)?.toString().split('\n')[0]?.trim();
    if (first) return first.toLowerCase();
  } catch {
    // Most nodes have no such file.
  }
  return hostname().toLowerCase();
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readPlainFile(path, smallBytes)?.toString() ?? '', 10);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/PID/stat (proc(5)): when it started. A zombie has ended; it only waits to be noticed. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name may contain blanks and brackets: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function isHeartbeat(pid: number): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    return words.some((word) => /(?:^|\/)heartbeat(?:\.js|\.ts)?$/.test(word));
  } catch {
    return false;
  }
}
