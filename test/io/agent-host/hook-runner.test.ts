import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/result.ts';
import { createHookRunner, type HookRunner, hooksWaitingMax } from '../../../src/io/agent-host/hook-runner.ts';
import { soon } from '../../soon.ts';

let directory: string;
let logged: Problem[];
let runner: HookRunner;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-hooks-'));
  logged = [];
  const settings = {
    haDir: '/etc/ha.d',
    initDir: '',
    ocfRoot: '',
    agentStateDir: directory,
    environment: { HA_debug: '1' },
    conflictCheck: false,
    stopTimeoutMs: 1000,
  };
  runner = createHookRunner(
    () => settings,
    (_level, message) => void logged.push(message),
  );
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function hook(name: string, body: string): string {
  const file = join(directory, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}
const submit = (file: string, environment: Record<string, string> = {}, timeoutMs = 10_000): void =>
  runner.submit({ file, args: ['ifstat'], environment, timeoutMs });
const codes = () => logged.map((problem) => problem.code);

it('hands over arguments and environment, and nothing of its own environment', async () => {
  process.env['HOOK_TEST_LEAK'] = 'yes';
  const out = join(directory, 'out');
  submit(hook('ifstat', `echo "$1|$HA_st|$HA_ifname|$HA_debug|$HOOK_TEST_LEAK|$HA_DIR" > ${out}`), {
    HA_st: 'dead; touch /tmp/never',
    HA_ifname: '$(id)',
  });
  await soon(() => expect(codes()).toEqual(['hook-done']));
  expect(readFileSync(out, 'utf8')).toBe('ifstat|dead; touch /tmp/never|$(id)|1||/etc/ha.d\n');
});

it('runs one hook at a time, in order', async () => {
  const out = join(directory, 'out');
  submit(hook('slow', `sleep 0.2; echo slow >> ${out}`));
  submit(hook('quick', `echo quick >> ${out}`));
  await soon(() => expect(codes()).toEqual(['hook-done', 'hook-done']));
  expect(readFileSync(out, 'utf8')).toBe('slow\nquick\n');
});

it('says how a hook failed, and goes on with the next', async () => {
  submit(hook('failing', 'echo no such thing >&2; exit 3'));
  submit(hook('hanging', 'sleep 1000'), {}, 100);
  submit(join(directory, 'missing'));
  submit(hook('well', 'exit 0'));
  await soon(() => expect(codes()).toEqual(['hook-failed', 'hook-failed', 'hook-failed', 'hook-done']));
  expect(logged[0]?.fields).toMatchObject({ how: 'exit code 3', said: 'no such thing' });
  expect(logged[1]?.fields['how']).toBe('no end within 100 ms, killed');
  expect(logged[2]?.fields['how']).toBe('it could not be run');
});

it('keeps a bounded number waiting and says what it drops', async () => {
  const file = hook('once', 'sleep 0.01');
  for (let count = 0; count < hooksWaitingMax + 3; count++) submit(file);
  expect(codes()).toEqual(['hook-dropped', 'hook-dropped']);
  await runner.idleWithin(60_000);
  expect(codes().filter((code) => code === 'hook-done')).toHaveLength(hooksWaitingMax + 1);
});

it('tells who asked when a hook is over, also one that fails or is never run', async () => {
  const ended: string[] = [];
  const call = (file: string) => ({ file, args: [], environment: {}, timeoutMs: 10_000 });
  runner.submit(call(hook('fails', 'exit 3')), () => void ended.push('fails'));
  runner.submit(call(join(directory, 'missing')), () => void ended.push('missing'));
  await soon(() => expect(ended).toEqual(['fails', 'missing']));
});
