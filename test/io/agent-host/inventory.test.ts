import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { groupKey } from '../../../src/core/types.ts';
import { createInventory, recordsLeftBehind } from '../../../src/io/agent-host/inventory.ts';
import { openRecordFile, readRecords } from '../../../src/io/agent-host/record-file.ts';
import type { AgentAction, Operation } from '../../../src/ports/agents.ts';

let directory = '';
let path = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-inventory-'));
  path = join(directory, 'host-inventory.ndjson');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const operation = (action: AgentAction, type = 'web', id = 1): Operation => ({
  id,
  group: groupKey('g'),
  index: 0,
  resource: { written: type, kind: 'script', type, args: [] },
  action,
  timeoutMs: 1000,
});
const open = () =>
  createInventory(
    openRecordFile(path, [], () => undefined),
    [],
  );
const reread = () => recordsLeftBehind(readRecords(path)?.records ?? []);

it('writes a start down before it begins, and its process as soon as there is one', () => {
  const inventory = open();
  inventory.begin(operation('start'), 'token-1');
  expect(reread()).toMatchObject([{ key: 'g web', token: 'token-1', entry: { state: 'unknown' } }]);
  inventory.processStarted(operation('start'), 'token-1', { pid: 7, startTime: 9 });
  expect(reread()).toMatchObject([{ process: { pid: 7, startTime: 9 } }]);
  inventory.end(operation('start'), 'done', false);
  expect(reread()).toEqual([{ key: 'g web', entry: expect.objectContaining({ state: 'running' }) }]);
});

it.each([
  ['start', 'done', false, 'running'],
  ['start', 'failed', false, 'unknown'],
  ['start', 'timeout', false, 'unknown'],
  ['start', 'failed', true, undefined],
  ['stop', 'done', false, undefined],
  ['stop', 'failed', false, 'stop-failed'],
  ['stop', 'timeout', false, 'stop-failed'],
] as const)('after a %s that is %s (nothing left: %s) a resource counts as %s', (action, outcome, gone, state) => {
  const inventory = open();
  inventory.begin(operation(action), 't');
  inventory.end(operation(action), outcome, gone);
  expect(inventory.entries().map((entry) => entry.state)).toEqual(state === undefined ? [] : [state]);
  expect(reread().map((record) => record.entry?.state)).toEqual(state === undefined ? [] : [state]);
});

it('does not call running what is being stopped, and forgets no failed stop while it is tried again', () => {
  const inventory = open();
  const state = () => inventory.entries().map((entry) => entry.state);
  inventory.begin(operation('start'), 't');
  inventory.end(operation('start'), 'done', false);
  inventory.begin(operation('stop'), 't');
  expect(state()).toEqual(['unknown']);
  inventory.end(operation('stop'), 'failed', false);
  inventory.begin(operation('stop'), 't');
  expect(state()).toEqual(['stop-failed']);
});

it('lets a probe change nothing', () => {
  const inventory = open();
  inventory.begin(operation('start'), 't');
  inventory.end(operation('start'), 'done', false);
  for (const outcome of ['running', 'not-running', 'failed'] as const) {
    inventory.begin(operation('status'), 't');
    inventory.end(operation('status'), outcome, false);
  }
  expect(inventory.entries().map((entry) => entry.state)).toEqual(['running']);
});

it('does not know, after a restart, whether what ran still does; a failed stop stays one', () => {
  const inventory = open();
  for (const type of ['a', 'b']) inventory.end(operation('start', type), 'done', false);
  inventory.end(operation('stop', 'b'), 'failed', false);
  const left = reread().map((record) => record.entry!);
  const next = createInventory(
    openRecordFile(path, [], () => undefined),
    left,
  );
  expect(next.entries().map((entry) => entry.state)).toEqual(['unknown', 'stop-failed']);
});

it('survives a line that was torn by a crash', () => {
  const inventory = open();
  inventory.end(operation('start'), 'done', false);
  appendFileSync(path, '{"key":"g web","entry":{"gro');
  expect(reread()).toMatchObject([{ entry: { state: 'running' } }]);
});

it('ignores what was written before the machine booted', () => {
  open().end(operation('start'), 'done', false);
  expect(readRecords(path, 'another boot')).toBeUndefined();
});

it('stays small, and loses neither what runs nor what is in flight when it is written anew', () => {
  const inventory = open();
  inventory.begin(operation('start', 'slow'), 'in-flight');
  inventory.end(operation('start', 'kept'), 'done', false);
  for (let turn = 0; turn < 3000; turn += 1) {
    inventory.begin(operation('start', 'web', turn), `t${turn}`);
    inventory.end(operation('stop', 'web', turn), 'done', false);
  }
  expect(statSync(path).size).toBeLessThan(300_000);
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(3000);
  expect(reread()).toMatchObject([
    { key: 'g slow', token: 'in-flight' },
    { key: 'g kept', entry: { state: 'running' } },
  ]);
});

it('goes on when the file cannot be written, and says so', () => {
  const problems: string[] = [];
  const file = openRecordFile(path, [], (reason) => problems.push(reason));
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  file.append({ key: 'x', entry: circular as never }, () => []);
  expect(problems).toHaveLength(1);
});

it('keeps through stops and starts, and for the next host, that a status has said "running"', () => {
  const inventory = open();
  const asked = (outcome: 'running' | 'not-running'): void => {
    inventory.begin(operation('status'), 't');
    inventory.end(operation('status'), outcome, false);
  };
  const started = (): void => {
    inventory.begin(operation('start'), 't');
    inventory.end(operation('start'), 'done', false);
  };
  started();
  asked('not-running');
  expect(inventory.statusSeenRunning(operation('status'))).toBe(false);
  asked('running');
  started();
  expect(inventory.statusSeenRunning(operation('status'))).toBe(true);
  expect(reread()).toMatchObject([{ entry: { state: 'running', statusSeenRunning: true } }]);
  inventory.begin(operation('stop'), 't');
  inventory.end(operation('stop'), 'failed', false);
  expect(inventory.statusSeenRunning(operation('status'))).toBe(true);
});
