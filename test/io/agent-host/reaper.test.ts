import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { parseStat, processRecord } from '../../../src/io/agent-host/process-identity.ts';
import { reap } from '../../../src/io/agent-host/reaper.ts';
import { isAlive, until } from './real-harness.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function sleeper(environment: Record<string, string> = {}): number {
  const child = spawn('sleep', ['1000'], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin', ...environment },
  });
  children.push(child);
  return child.pid!;
}

const startTimeOf = (pid: number): number => processRecord(pid)!.startTime;

it('ends the recorded process of an operation in flight', async () => {
  const pid = sleeper();
  expect(reap([{ key: 'k', token: 't', process: { pid, startTime: startTimeOf(pid) } }])).toEqual([
    { token: 't', pids: [pid] },
  ]);
  await until(() => !isAlive(pid));
});

it('never ends another process that got the same id', () => {
  const pid = sleeper();
  expect(reap([{ key: 'k', token: 't', process: { pid, startTime: startTimeOf(pid) - 1 } }])).toEqual([
    { token: 't', pids: [] },
  ]);
  expect(isAlive(pid)).toBe(true);
});

it('leaves alone what belongs to a finished operation', () => {
  const pid = sleeper();
  expect(reap([{ key: 'k', entry: {} as never }])).toEqual([]);
  expect(isAlive(pid)).toBe(true);
});

it('finds a process by its marker when the host died between fork and record', async () => {
  const pid = sleeper({ PAIRBEAT_OPERATION: '1.2.3' });
  const other = sleeper({ PAIRBEAT_OPERATION: '1.2.30' });
  await until(() => reap([{ key: 'k', token: '1.2.3' }]).some(({ pids }) => pids.includes(pid)));
  await until(() => !isAlive(pid));
  expect(isAlive(other)).toBe(true);
});

it('ends the children of a recorded leader that has ended itself', () => {
  const record = (pid: number, startTime: number, processGroup: number, session: number) => ({
    pid,
    startTime,
    processGroup,
    session,
    state: 'S',
  });
  const processes = [
    record(1 << 30, 50, 400, 400),
    record((1 << 30) + 1, 10, 400, 400),
    record((1 << 30) + 2, 60, 400, 7),
  ];
  expect(reap([{ key: 'k', token: 't', process: { pid: 400, startTime: 40 } }], () => processes)).toEqual([
    { token: 't', pids: [1 << 30] },
  ]);
});

it('reads a process line whose name looks like one', () => {
  const line = `42 (a) S 1 (b)) R 1 43 44 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2 3`;
  expect(parseStat(line)).toEqual({ pid: 42, state: 'R', processGroup: 43, session: 44, startTime: 98765 });
  expect(parseStat('')).toBeUndefined();
});
