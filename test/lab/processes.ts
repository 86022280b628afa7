/** Running commands for the lab: to their end with bounded output, or in the background inside a machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onlyChildOf } from './machine.ts';

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LabProcess {
  /** As the lab sees it. */
  readonly pid: number;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Everything it has printed so far. */
  readonly output: () => string;
}

const outputLimit = 4 * 1024 * 1024;

/** What a login on a machine would have, and nothing of the caller's. */
export const cleanEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LC_ALL: 'C',
};

export function exec(
  command: string,
  args: readonly string[],
  input?: string,
  options: SpawnOptions & { timeoutMs?: number } = {},
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...cleanEnvironment, ...options.env },
      timeout: options.timeoutMs ?? 60_000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      if (stdout.length < outputLimit) stdout += chunk.toString();
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      if (stderr.length < outputLimit) stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    if (input !== undefined) child.stdin!.end(input);
  });
}

export async function execOrThrow(command: string, args: readonly string[], input?: string): Promise<string> {
  const result = await exec(command, args, input);
  if (result.code !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr.trim()}`);
  return result.stdout;
}

/** Starts `argv` in the namespaces of the machine whose first process is `initPid`. */
export async function spawnInside(
  initPid: number,
  argv: readonly string[],
  options: SpawnOptions & { logDirectory: string },
): Promise<LabProcess> {
  const logFile = join(options.logDirectory, `${argv[0]!.split('/').pop()}-${nextNumber()}.out`);
  mkdirSync(options.logDirectory, { recursive: true });
  const log = openSync(logFile, 'a');
  const enter = ['--target', String(initPid), '--net', '--mount', '--pid', '--uts', '--ipc', '--'];
  // The shell tells on descriptor 3 that it lives in the machine, then becomes the command: same process, same pid.
  const child = spawn('nsenter', [...enter, 'sh', '-c', 'echo started >&3; exec "$@" 3>&-', 'sh', ...argv], {
    stdio: ['ignore', log, log, 'pipe'],
    env: { ...cleanEnvironment, ...options.env },
  });
  closeSync(log);
  const exited = outcomeOf(child);
  await firstOutput(child.stdio[3] as Readable, child);
  const pid = onlyChildOf(child.pid!);
  return {
    pid,
    exited,
    kill: (signal) => {
      if (child.exitCode === null && child.signalCode === null) process.kill(pid, signal);
    },
    output: () => readFileSync(logFile, 'utf8'),
  };
}

let spawnNumber = 0;
function nextNumber(): number {
  spawnNumber += 1;
  return spawnNumber;
}

function outcomeOf(child: ChildProcess): LabProcess['exited'] {
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
}

function firstOutput(stream: Readable, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process did not start in the machine (exit code ${code})`)));
  });
}
