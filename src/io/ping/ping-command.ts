/**
 * Where no socket can be had: the `ping` command (`ping6` for IPv6, where there is one), a process for each question. At
 * most one for each address at a time, so that what does not answer costs no more than what does.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { PingTarget } from '../../core/config/configuration.ts';

export interface PingCommand {
  ask(target: PingTarget, answered: () => void): void;
  close(): void;
}

/** So long one of them may wait for its answer. Not every ping has an option for that. */
const waitMs = 2000;

export function createPingCommand(): PingCommand {
  const running = new Map<string, ChildProcess>();
  let closed = false;

  function run(commands: readonly string[], address: string, answered: () => void): void {
    const [command, ...others] = commands;
    if (command === undefined || closed) return;
    const child = spawn(command, ['-c', '1', address], {
      stdio: 'ignore',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), waitMs);
    timer.unref();
    running.set(address, child);
    const ended = (): void => {
      clearTimeout(timer);
      if (running.get(address) === child) running.delete(address);
    };
    child.once('exit', (code) => {
      ended();
      if (code === 0 && !closed) answered();
    });
    child.once('error', () => {
      ended();
      run(others, address, answered);
    });
  }

  return {
    ask({ address, family }, answered) {
      if (!running.has(address)) run(family === 6 ? ['ping6', 'ping'] : ['ping'], address, answered);
    },
    close() {
      closed = true;
      for (const child of running.values()) child.kill('SIGKILL');
      running.clear();
    },
  };
}
