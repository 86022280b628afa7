/**
 * Runs one command of an agent: own session and process group, no terminal, bounded output, a deadline.
 *
 * Whatever an agent does must not hold the host up (F9): output is kept up to 64 KiB and read no faster than a limit;
 * a service that inherits the pipes does not delay the end, and its pipes are read on, so that it is not killed by
 * writing; at the deadline the whole group gets TERM, and KILL two seconds later. Nothing is killed on success.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createOutput, type Output } from './agent-output.ts';
import { allProcesses, signal } from './process-identity.ts';

export interface AgentCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Written to its standard input, which is then closed; without it there is none. */
  readonly input?: string;
  /** How long a group that got TERM may take before it gets KILL. */
  readonly killAfterMs?: number;
  /** Called at once with the id, which is also that of its process group. */
  started(pid: number): void;
}

export type AgentEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: string; readonly errorOutput: string }
  | { readonly kind: 'signalled'; readonly signal: string; readonly output: string; readonly errorOutput: string }
  | { readonly kind: 'timeout'; readonly output: string; readonly errorOutput: string }
  /** Never ran: no process, no memory, no interpreter. */
  | { readonly kind: 'not-started'; readonly reason: string; readonly passing: boolean };

export interface AgentProcess {
  readonly ended: Promise<AgentEnd>;
  /** Ends it now, with its group; `ended` answers `timeout`. */
  kill(): void;
}

const defaultKillAfterMs = 2000;
/** Looks at every process of the machine, so ever more rarely. */
const firstPollMs = 10;
const longestPollMs = 320;
/** A process in uninterruptible sleep does not even die of KILL: the result must not wait for it. */
const afterKillMs = 500;
/** Turns of the event loop without a byte after which the pipes of an ended agent count as read. */
const quietTurns = 2;
/** A service that goes on writing is not waited for. */
const maximumTurns = 64;

export function runAgentProcess(command: AgentCommand): AgentProcess {
  let child: ChildProcess;
  try {
    const stdio: ['ignore' | 'pipe', 'pipe', 'pipe'] = [
      command.input === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
    ];
    child = spawn(command.file, command.args, { cwd: '/', env: { ...command.environment }, detached: true, stdio });
  } catch (error) {
    return { ended: Promise.resolve(notStarted(error)), kill: () => undefined };
  }
  const output = createOutput(child);
  const pid = child.pid;
  if (pid === undefined) {
    const ended = new Promise<AgentEnd>((resolve) => child.once('error', (error) => resolve(notStarted(error))));
    return { ended, kill: () => undefined };
  }
  command.started(pid);
  child.on('error', () => undefined);
  feed(child, command.input);
  return supervise(child, pid, output, command);
}

/** One that does not read, or is gone, is judged by how it ends. */
function feed(child: ChildProcess, input: string | undefined): void {
  child.stdin?.on('error', () => undefined);
  if (input !== undefined) child.stdin?.end(input);
}

function supervise(child: ChildProcess, pid: number, output: Output, command: AgentCommand): AgentProcess {
  let ending = false;
  let resolveEnd: (end: AgentEnd) => void = () => undefined;
  const ended = new Promise<AgentEnd>((resolve) => {
    resolveEnd = resolve;
  });
  const endGroup = (first: 'SIGTERM' | 'SIGKILL'): void => {
    if (ending) return;
    ending = true;
    clearTimeout(timer);
    const killAfterMs = first === 'SIGKILL' ? 0 : (command.killAfterMs ?? defaultKillAfterMs);
    endProcessGroup(pid, killAfterMs, () => resolveEnd({ kind: 'timeout', ...texts(output) }));
  };
  const timer = setTimeout(() => endGroup('SIGTERM'), command.timeoutMs);
  child.once('exit', (exitCode, signalName) => {
    clearTimeout(timer);
    if (ending) return;
    output.hurry();
    whenQuiet(output, () => resolveEnd(endOf(exitCode, signalName, output)));
  });
  return { ended, kill: () => endGroup('SIGKILL') };
}

/** Done when nobody of the group runs any more, or a moment after KILL. */
function endProcessGroup(pid: number, killAfterMs: number, done: () => void): void {
  signal(-pid, killAfterMs === 0 ? 'SIGKILL' : 'SIGTERM');
  const beganAt = performance.now();
  let killed = killAfterMs === 0;
  const look = (pauseMs: number): void => {
    const waitedMs = performance.now() - beganAt;
    if (!killed && waitedMs >= killAfterMs) killed = signal(-pid, 'SIGKILL');
    if (!groupRuns(pid) || waitedMs >= killAfterMs + afterKillMs) {
      done();
      return;
    }
    const untilKillMs = killed ? pauseMs : Math.max(1, killAfterMs - waitedMs);
    setTimeout(() => look(Math.min(longestPollMs, pauseMs * 2)), Math.min(pauseMs, untilKillMs));
  };
  setTimeout(() => look(firstPollMs), firstPollMs);
}

/** Ended processes stay in their group until somebody collects them, which in a container may be never. */
function groupRuns(group: number): boolean {
  if (!signal(-group, 0)) return false;
  return allProcesses().some((process) => process.processGroup === group && process.state !== 'Z');
}

/**
 * What the agent wrote lies in the pipes when it has ended, so a few turns of the event loop read it all. Waiting for
 * the pipes to close instead would wait for every service that was started and kept them.
 */
function whenQuiet(output: Output, done: () => void): void {
  let seen = output.bytesSeen();
  let quiet = 0;
  let turns = 0;
  const look = (): void => {
    turns += 1;
    quiet = output.bytesSeen() === seen ? quiet + 1 : 0;
    seen = output.bytesSeen();
    if (output.closed() || quiet >= quietTurns || turns >= maximumTurns) done();
    else setImmediate(look);
  };
  if (output.closed()) done();
  else setImmediate(look);
}

function endOf(exitCode: number | null, signalName: string | null, output: Output): AgentEnd {
  if (exitCode !== null) return { kind: 'exited', exitCode, ...texts(output) };
  return { kind: 'signalled', signal: signalName ?? 'unknown signal', ...texts(output) };
}

function texts(output: Output): { readonly output: string; readonly errorOutput: string } {
  return { output: output.stdout(), errorOutput: output.stderr() };
}

/** The machine has run out of something, or the file is being written: a moment later it may be different. */
const passingCodes: ReadonlySet<string> = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'ETXTBSY']);

function notStarted(error: unknown): AgentEnd {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  return { kind: 'not-started', reason: message, passing: passingCodes.has(code) };
}
