/**
 * `cl_respawn`: keeps one program running, as Heartbeat's command of that name: started again whenever it ends, unless
 * with the magic exit code. Its input and output are those of this command. A program that does not live long is started
 * again after a second, so that a mistake does not keep the machine busy; it is never given up.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describeLine } from '../protocol/catalogue.ts';
import type { Terminal } from './terminal.ts';

export interface RespawnOptions {
  readonly magicExitCode: number;
  readonly pidFile: string | undefined;
  readonly program: string;
  readonly args: readonly string[];
}

/** Of the original: 0 done, 1 something failed, 2 wrong use. */
const exit = { done: 0, failed: 1, usage: 2 } as const;

const usageText = `usage: cl_respawn [-m CODE] [-i MS] [-w MS] [-p FILE] PROGRAM [ARGUMENT ...]
       cl_respawn -h

  Keeps PROGRAM running: starts it again whenever it ends, until it ends with the magic exit code.
  -m CODE   the magic exit code, 0 to 255 (default 100): the program does not want to be started again
  -p FILE   write the process id of cl_respawn to FILE; refused while another one of that file runs
  -i, -w    intervals of the application heartbeat: accepted, no effect (there is no apphbd here)
  -h        this text
  SIGTERM, SIGINT and SIGHUP are handed on to the program and end both.
Exit: 0 it ended with the magic exit code or was told to end, 1 it could not be started, 2 wrong use.
`;

/** A life shorter than this is followed by a pause. */
const shortLifeMs = 30_000;
const pauseMs = 1000;

/** `signals`: those that end both; tests have their own. */
export async function runClRespawn(
  argv: readonly string[],
  terminal: Terminal,
  signals: Pick<NodeJS.Process, 'on'> = process,
): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    terminal.out(usageText);
    return exit.done;
  }
  if (typeof options === 'string') {
    terminal.error(`cl_respawn: ${options}\n${usageText}`);
    return exit.usage;
  }
  const taken = takePidFile(options.pidFile);
  if (taken !== undefined) {
    terminal.error(`cl_respawn: ${taken}\n`);
    return exit.failed;
  }
  const code = await keepRunning(options, terminal, signals);
  if (options.pidFile !== undefined) rmSync(options.pidFile, { force: true });
  return code;
}

/** Options end at the program: what follows is the program's. */
function readOptions(argv: readonly string[]): RespawnOptions | 'help' | string {
  let magicExitCode = 100;
  let pidFile: string | undefined;
  let index = 0;
  for (; argv[index]?.startsWith('-') === true; index++) {
    const letter = argv[index]![1] ?? '';
    if (argv[index] === '--') {
      index++;
      break;
    }
    if (letter === 'h') return 'help';
    if (letter === 'r' || letter === 'l')
      return `-${letter} is not built in: there is no recovery manager that would need it`;
    if (!'miwp'.includes(letter) || letter === '') return `unknown option ${argv[index]}`;
    const value = argv[index]!.slice(2) || argv[++index];
    if (value === undefined) return `option -${letter} needs a value`;
    if (letter === 'p') pidFile = value;
    else if (!/^\d{1,9}$/.test(value) || (letter === 'm' && Number(value) > 255))
      return `option -${letter} needs a number${letter === 'm' ? ' from 0 to 255' : ''}, not "${value}"`;
    else if (letter === 'm') magicExitCode = Number(value);
  }
  const [program, ...args] = argv.slice(index);
  return program === undefined
    ? 'name the program that is to be kept running'
    : { magicExitCode, pidFile, program, args };
}

/** In the form of the original: the number in ten columns. Undefined when it is ours now. */
function takePidFile(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    const other = Number.parseInt(readFileSync(path, 'latin1'), 10);
    if (other > 1 && other !== process.pid && runs(other)) return `${path} belongs to process ${other}, which runs`;
  } catch {
    // There is none yet.
  }
  try {
    writeFileSync(path, `${String(process.pid).padStart(10)}\n`, { mode: 0o644 });
    return undefined;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return describeLine({ code: 'file-not-writable', fields: { path, error: reason } });
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function keepRunning(
  { program, args, magicExitCode }: RespawnOptions,
  terminal: Terminal,
  signals: Pick<NodeJS.Process, 'on'>,
): Promise<number> {
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    let pause: NodeJS.Timeout | undefined;
    let ending = false;
    const refuse = (error: NodeJS.ErrnoException): void => {
      terminal.error(`cl_respawn: ${program} cannot be started: ${error.code ?? error.message}\n`);
      resolve(exit.failed);
    };
    const start = (): void => {
      const beganMs = performance.now();
      try {
        child = spawn(program, args, { stdio: 'inherit' });
      } catch (error) {
        return refuse(error as NodeJS.ErrnoException);
      }
      child.once('error', (error) => {
        if (child?.pid === undefined) refuse(error);
      });
      child.once('exit', (code, signal) => {
        if (ending || code === magicExitCode) return resolve(exit.done);
        terminal.error(
          `cl_respawn: ${program} ended (${signal === null ? `exit code ${code}` : signal}): it is started again\n`,
        );
        pause = setTimeout(start, performance.now() - beganMs < shortLifeMs ? pauseMs : 0);
      });
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      signals.on(signal, () => {
        ending = true;
        clearTimeout(pause);
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) resolve(exit.done);
        else child.kill(signal);
      });
    }
    start();
  });
}
