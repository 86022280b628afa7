/**
 * Starts Node again in this very process (execve(2)), with flags that cannot be set later: no garbage collector and no
 * compiler on helper threads. The helpers run at normal priority; under load a real-time thread that waits for one of
 * them, or for a lock that it holds, misses its keepalive. And no optimizing compiler at all: on the own thread it works
 * for up to 17 ms at a time, for several functions in one turn (docs/performance.md). The pid stays, so a service
 * manager notices nothing.
 */
import { createRequire } from 'node:module';

/** V8 flags of every real-time process of ours: everything on the own thread, and a small young generation for short pauses. */
export const realtimeNodeFlags: readonly string[] = ['--single-threaded', '--no-opt', '--max-semi-space-size=2'];

/** F_SETFD of fcntl(2). */
const setDescriptorFlags = 2;

const marker = 'PAIRBEAT_REPLACED';

/** Does not return when it works. Without koffi, or the second time, it returns and the process goes on as it is. */
export function replaceProcess(script: string, args: readonly string[]): void {
  if (process.env[marker] !== undefined || realtimeNodeFlags.every((flag) => process.execArgv.includes(flag))) return;
  startAgain(script, args);
}

/** The program from its beginning, as it is installed now, in this very process. Does not return when it works. */
export function startAgain(script: string, args: readonly string[]): void {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const library = koffi.load(null);
    // Node closes its own standard streams on exec (it expects only child processes to come of it).
    const fcntl = library.func('int fcntl(int fd, int command, int argument)');
    for (const descriptor of [0, 1, 2]) fcntl(descriptor, setDescriptorFlags, 0);
    const execve = library.func('int execve(const char *path, const char **argv, const char **envp)');
    const environment = Object.entries({ ...process.env, [marker]: '1' }).map(
      ([name, value]) => `${name}=${value ?? ''}`,
    );
    execve(process.execPath, [process.execPath, ...realtimeNodeFlags, script, ...args, null], [...environment, null]);
  } catch {
    // Nothing is lost but some punctuality under load.
  }
}
