import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStartStop, type StartStop } from '../../../src/daemon/hooks/start-stop.ts';
import type { HookCall } from '../../../src/ports/agents.ts';

let directory: string;
let file: string;
let calls: HookCall[];
let ends: (() => void)[];
let logged: string[];
let startStop: StartStop;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-startstop-'));
  mkdirSync(join(directory, 'resource.d'));
  file = join(directory, 'resource.d', 'startstop');
  calls = [];
  ends = [];
  logged = [];
  const host = {
    runHook(call: HookCall, ended?: () => void): void {
      calls.push(call);
      if (ended !== undefined) ends.push(ended);
    },
  };
  startStop = createStartStop(directory, host, { write: (_level, { code }) => void logged.push(code) });
});
afterEach(() => rmSync(directory, { recursive: true }));

it('calls the script with the moment and the code, and waits for its end', async () => {
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  let over = false;
  const run = startStop.run('post-stop', 6).then(() => {
    over = true;
  });
  expect(calls).toMatchObject([{ file, args: ['post-stop', '6'] }]);
  await Promise.resolve();
  expect(over).toBe(false);
  ends[0]!();
  await run;
  void startStop.run('pre-start');
  expect(calls[1]?.args).toEqual(['pre-start']);
});

it('waits for nothing where there is no script, or one that is not meant to be run', async () => {
  await startStop.run('pre-start');
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });
  await startStop.run('pre-start');
  expect(calls).toEqual([]);
  expect(logged).toEqual([]);
});

it('does not run what everybody may write to, and says so', async () => {
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o777);
  await startStop.run('pre-stop');
  expect(calls).toEqual([]);
  expect(logged).toEqual(['hook-unsafe']);
});
