import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupKey } from '../../../src/core/types.ts';
import { runScript, type ScriptRun } from '../../../src/io/agent-host/script-runner.ts';
import type { AgentAction } from '../../../src/ports/agents.ts';

let directory: string;
let held: number | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-scripts-'));
  mkdirSync(join(directory, 'resource.d'));
  writeFileSync(join(directory, 'resource.d', 'web'), '#!/bin/sh\necho stopped\n', { mode: 0o755 });
});
afterEach(() => {
  letGo();
  rmSync(directory, { recursive: true });
});

function run(action: AgentAction, timeoutMs = 20_000): ScriptRun {
  const settings = {
    haDir: directory,
    initDir: '/nonexistent',
    ocfRoot: '/nonexistent',
    agentStateDir: directory,
    environment: { PATH: '/usr/bin:/bin' },
    conflictCheck: false,
    stopTimeoutMs: 5000,
  };
  const resource = { written: 'web', kind: 'script', type: 'web', args: [] } as const;
  const operation = { id: 1, group: groupKey('g'), index: 0, resource, action, timeoutMs };
  return runScript(operation, settings, 'test', false, () => undefined);
}

/** The kernel runs no file that somebody has open for writing: ETXTBSY (execve(2)). */
function hold(): void {
  held = openSync(join(directory, 'resource.d', 'web'), 'r+');
}

function letGo(): void {
  if (held !== undefined) closeSync(held);
  held = undefined;
}

describe('a script that cannot be run at the moment', () => {
  it.each(['start', 'stop'] as const)('is tried again until it can: its %s is done in the end', async (action) => {
    hold();
    const { result } = run(action);
    setTimeout(letGo, 250);
    expect(await result).toMatchObject({ outcome: 'done' });
  });

  it('has failed to stop when its time is over, with the reason', async () => {
    hold();
    expect(await run('stop', 300).result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('ETXTBSY') as string,
    });
  });

  it('is not asked again for its status, which is unknown and says nothing of the resource (F16)', async () => {
    hold();
    expect(await run('status').result).toMatchObject({ outcome: 'unknown' });
  });

  it('can be given up at once', async () => {
    hold();
    const running = run('stop');
    setTimeout(() => running.kill(), 50);
    expect((await running.result).outcome).not.toBe('done');
  });
});
