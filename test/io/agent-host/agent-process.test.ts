import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AgentCommand, type AgentEnd, runAgentProcess } from '../../../src/io/agent-host/agent-process.ts';
import { isAlive, until } from './real-harness.ts';

let directory = '';
const leftovers: number[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-agent-process-'));
});
afterEach(() => {
  for (const pid of leftovers.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

function shell(text: string, more: Partial<AgentCommand> = {}): Promise<AgentEnd> {
  return begin(text, more).ended;
}

function begin(text: string, more: Partial<AgentCommand> = {}): ReturnType<typeof runAgentProcess> {
  const file = join(directory, 'agent');
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return runAgentProcess({
    file,
    args: ['start'],
    environment: { PATH: '/usr/bin:/bin', WHERE: directory },
    timeoutMs: 10_000,
    started: (pid) => leftovers.push(pid),
    ...more,
  });
}

const pidIn = (name: string): number => Number(readFileSync(join(directory, name), 'utf8'));

it('gives the exit code and both outputs', async () => {
  expect(await shell('echo said; echo complained >&2; exit 5')).toEqual({
    kind: 'exited',
    exitCode: 5,
    output: 'said\n',
    errorOutput: 'complained\n',
  });
});

it('gives an agent nothing but its own environment, no input, no terminal, and a session of its own', async () => {
  const end = await shell(
    'pwd; umask; env | grep -c . ; cat; ps -o pid=,pgid=,sid= -p $$ | tr -s " "; (: < /dev/tty) 2>/dev/null && echo tty; exit 0',
  );
  expect(end.kind).toBe('exited');
  const [where, umask, variables, ids] = (end as { output: string }).output.trim().split('\n');
  expect(where).toBe('/');
  expect(umask).toMatch(/^0\d\d\d$/);
  // PATH, WHERE, and PWD, which the shell sets itself.
  expect(variables).toBe('3');
  expect(new Set(ids!.trim().split(' ')).size).toBe(1);
  expect((end as { output: string }).output).not.toContain('tty');
});

it('says by which signal an agent ended', async () => {
  expect(await shell('kill -SEGV $$')).toMatchObject({ kind: 'signalled', signal: 'SIGSEGV' });
});

it('says why an agent could not be run', async () => {
  const missing = runAgentProcess({
    file: join(directory, 'nothing'),
    args: [],
    environment: {},
    timeoutMs: 1000,
    started: () => undefined,
  });
  expect(await missing.ended).toMatchObject({ kind: 'not-started', reason: expect.stringContaining('ENOENT') });
  writeFileSync(join(directory, 'odd'), '#!/no/such/interpreter\n', { mode: 0o755 });
  const odd = runAgentProcess({
    file: join(directory, 'odd'),
    args: [],
    environment: {},
    timeoutMs: 1000,
    started: () => undefined,
  });
  expect(await odd.ended).toMatchObject({ kind: 'not-started' });
});

it('ends the whole group of an agent that takes too long', async () => {
  const end = await shell('sleep 1000 & echo $! > $WHERE/child; echo before; sleep 1000', { timeoutMs: 200 });
  expect(end).toMatchObject({ kind: 'timeout', output: 'before\n' });
  expect(isAlive(pidIn('child'))).toBe(false);
});

it('kills an agent that ignores TERM, with a child that ignores it too', async () => {
  const end = await shell(
    'trap "" TERM; (trap "" TERM; while :; do sleep 1; done) & echo $! > $WHERE/child; while :; do sleep 1; done',
    {
      timeoutMs: 200,
      killAfterMs: 200,
    },
  );
  expect(end.kind).toBe('timeout');
  await until(() => !isAlive(pidIn('child')));
});

it('waits for a child that outlives its leader after TERM', async () => {
  const end = await shell('(trap "" TERM; sleep 1000; sleep 1000) & echo $! > $WHERE/child; sleep 1000', {
    timeoutMs: 200,
    killAfterMs: 300,
  });
  expect(end.kind).toBe('timeout');
  await until(() => !isAlive(pidIn('child')));
});

it('does not wait for a service that keeps the pipes open, and does not kill it', async () => {
  const end = await shell(
    '(while :; do echo alive; echo >> $WHERE/turns; sleep 0.01; done) & echo $! > $WHERE/child; echo started',
  );
  expect(end).toMatchObject({ kind: 'exited', exitCode: 0, output: expect.stringContaining('started') });
  const service = pidIn('child');
  leftovers.push(service);
  // It goes on writing into the pipes.
  const turns = (): number => statSync(join(directory, 'turns'), { throwIfNoEntry: false })?.size ?? 0;
  const before = turns();
  await until(() => turns() > before + 3);
  expect(isAlive(service)).toBe(true);
});

it('keeps the beginning and the end of megabytes of output', async () => {
  const end = await shell('echo first; head -c 5000000 /dev/zero | tr "\\0" x; echo; echo last');
  expect(end).toMatchObject({ kind: 'exited', exitCode: 0 });
  const { output } = end as { output: string };
  expect(output.length).toBeLessThan(66_000);
  expect(output.startsWith('first\nxxx')).toBe(true);
  expect(output.endsWith('x\nlast\n')).toBe(true);
  expect(output).toMatch(/\[\.\.\. \d+ bytes dropped \.\.\.\]/);
});

it('ends an agent that writes without end at its deadline', async () => {
  const end = await shell('exec yes', { timeoutMs: 300 });
  expect(end.kind).toBe('timeout');
  expect((end as { output: string }).output.length).toBeLessThan(66_000);
});

it('can be ended at once, with its group', async () => {
  const process = begin('sleep 1000 & echo $! > $WHERE/child; echo ready > $WHERE/ready; wait');
  await until(() => existsSync(join(directory, 'ready')));
  process.kill();
  expect((await process.ended).kind).toBe('timeout');
  expect(isAlive(pidIn('child'))).toBe(false);
});
