import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupKey } from '../../../src/core/types.ts';
import { runScript, type ScriptResult } from '../../../src/io/agent-host/script-runner.ts';
import type { AgentAction } from '../../../src/ports/agents.ts';
import { installFakeSystemctl, setUnit } from '../../helpers/fake-systemctl.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-units-'));
  installFakeSystemctl(join(directory, 'bin'), directory);
});
afterEach(() => rmSync(directory, { recursive: true }));

function run(action: AgentAction, written = 'systemd::web', timeoutMs = 20_000): Promise<ScriptResult> {
  const [type = '', ...args] = written.split('::');
  const settings = {
    haDir: '/nonexistent',
    initDir: '/nonexistent',
    ocfRoot: '/nonexistent',
    agentStateDir: directory,
    environment: { PATH: `${join(directory, 'bin')}:/usr/bin:/bin` },
    conflictCheck: false,
    stopTimeoutMs: 5000,
  };
  const resource = { written, kind: 'script', type, args } as const;
  const operation = { id: 1, group: groupKey('g'), index: 0, resource, action, timeoutMs };
  return runScript(operation, settings, 'test', false, () => undefined).result;
}

const calls = (): string[] => readFileSync(join(directory, 'calls'), 'utf8').trim().split('\n');

describe('a unit', () => {
  it('is started and stopped by systemctl, with arguments that can be no options, and waits for the job', async () => {
    setUnit(directory, 'web.service', {});
    expect(await run('start')).toEqual({ outcome: 'done' });
    expect(await run('status')).toMatchObject({ outcome: 'running' });
    expect(await run('stop')).toEqual({ outcome: 'done' });
    expect(await run('status')).toMatchObject({ outcome: 'not-running' });
    expect(calls()[0]).toBe('--no-ask-password --no-pager start -- web.service');
    expect(calls()[1]).toBe(
      '--no-ask-password --no-pager show --property=LoadState,ActiveState,SubState,Result,MainPID,ControlPID -- web.service',
    );
  });

  it('of another kind is named in full', async () => {
    setUnit(directory, 'backup@daily.timer', { ActiveState: 'active' });
    expect(await run('status', 'systemd::backup@daily.timer')).toMatchObject({ outcome: 'running' });
  });

  it.each([
    [{ ActiveState: 'active', SubState: 'running' }, 'running'],
    [{ ActiveState: 'reloading', SubState: 'reload' }, 'running'],
    [{ ActiveState: 'inactive' }, 'not-running'],
    [{ ActiveState: 'failed', SubState: 'failed', Result: 'exit-code' }, 'not-running'],
    [{ ActiveState: 'failed', SubState: 'failed', Result: 'timeout', MainPID: '4711' }, 'failed'],
    [{ ActiveState: 'inactive', MainPID: '4711' }, 'unknown'],
    [{ ActiveState: 'activating', SubState: 'auto-restart' }, 'unknown'],
    [{ ActiveState: 'deactivating', SubState: 'stop-sigterm' }, 'unknown'],
    [{ ActiveState: 'maintenance' }, 'unknown'],
  ])('%o is %s', async (state, outcome) => {
    setUnit(directory, 'web.service', state);
    expect(await run('status')).toMatchObject({ outcome });
  });

  it('that does not exist cannot be started, and has nothing to stop', async () => {
    expect(await run('start')).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('not found') });
    expect(await run('stop')).toMatchObject({ outcome: 'done' });
    expect(await run('status')).toMatchObject({ outcome: 'not-running', reason: expect.stringContaining('not-found') });
  });

  it('whose job fails has failed, with the words of systemctl', async () => {
    setUnit(directory, 'web.service', {}, { job: 1 });
    expect(await run('start')).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      reason: expect.stringContaining('control process exited'),
    });
  });

  it('that is not active after its start has not started: a oneshot that leaves nothing, one that died at once', async () => {
    setUnit(directory, 'web.service', {}, { afterStart: 'inactive' });
    expect(await run('start')).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('RemainAfterExit') });
    setUnit(directory, 'web.service', {}, { afterStart: 'activating' });
    expect(await run('start')).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('activating') });
  });

  it('is stopped when nothing of it is left, whatever the job said, and not before', async () => {
    setUnit(directory, 'web.service', { ActiveState: 'active' }, { afterStop: 'failed' });
    expect(await run('stop')).toEqual({ outcome: 'done' });
    setUnit(directory, 'web.service', { ActiveState: 'inactive' }, { job: 1 });
    expect(await run('stop')).toEqual({ outcome: 'done' });
    setUnit(directory, 'web.service', { ActiveState: 'active' }, { job: 1 });
    expect(await run('stop')).toMatchObject({ outcome: 'failed' });
    setUnit(directory, 'web.service', { ActiveState: 'active', MainPID: '4711' });
    expect(await run('stop')).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('after its stop') });
  });

  it('whose job does not end in time has timed out: the stop that follows is another job', async () => {
    setUnit(directory, 'web.service', {}, { slow: 1000 });
    expect(await run('start', 'systemd::web', 1500)).toMatchObject({ outcome: 'timeout' });
    expect(await run('stop', 'systemd::web', 1500)).toMatchObject({ outcome: 'timeout' });
  });

  it.each(['systemd', 'systemd::-H', 'systemd::../x', 'systemd::a::b'])('%s names none', async (written) => {
    expect(await run('start', written)).toMatchObject({ outcome: 'failed', notCalled: true });
  });
});
