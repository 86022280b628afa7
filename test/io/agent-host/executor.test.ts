import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { NetworkLink } from '../../../resource-agents/context.ts';
import { groupKey } from '../../../src/core/types.ts';
import { createExecutor, type Executor } from '../../../src/io/agent-host/executor.ts';
import type { HostSettings } from '../../../src/io/agent-host/host-messages.ts';
import { createInventory, type Inventory } from '../../../src/io/agent-host/inventory.ts';
import { createOwnRunner } from '../../../src/io/agent-host/own-runner.ts';
import type { AgentAction, Operation, OperationResult } from '../../../src/ports/agents.ts';
import { type FakeNetwork, fakeNetwork } from '../../resource-agents/fake-network.ts';
import { soon } from '../../soon.ts';

const links: NetworkLink[] = [
  { index: 2, name: 'eth0', hardware: Uint8Array.of(2, 0, 0, 0, 0, 2), up: true, loopback: false, ethernet: true },
];
let network: FakeNetwork;
let inventory: Inventory;
let executor: Executor;
let results: OperationResult[];
let nowUs = 0;
let settings: () => HostSettings;
const directories: string[] = [];

beforeEach(() => {
  settings = () => {
    throw new Error('no script is run here');
  };
  network = fakeNetwork(links, []);
  inventory = createInventory({ append: () => undefined }, []);
  results = [];
  nowUs = 0;
  const tick = (): number => {
    nowUs += 1;
    return nowUs;
  };
  const clock = { nowUs: tick, wallSeconds: () => 0 };
  const own = createOwnRunner({
    net: network.net,
    nowUs: clock.nowUs,
    haDir: () => '/nonexistent',
    conflictCheck: () => true,
    log: () => undefined,
    conflict: () => undefined,
  });
  executor = createExecutor({
    clock,
    inventory,
    own,
    tokenPrefix: 'test',
    settings: () => settings(),
  });
});
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

const operation = (id: number, action: AgentAction, ip = '10.0.0.9', careful = false): Operation => ({
  id,
  group: groupKey('g'),
  index: 0,
  resource: { written: ip, kind: 'script', type: 'IPaddr', args: [`${ip}/24/eth0`] },
  action,
  timeoutMs: 5000,
  careful,
});
const answer = (result: OperationResult): void => void results.push(result);
const outcomes = (): [number, string][] => results.map(({ id, outcome }) => [id, outcome]);

it('lets a release overtake a start that waits for the network, and everything that waits behind it', async () => {
  executor.submit(operation(1, 'start', '10.0.0.9', true), answer);
  executor.submit(operation(2, 'start'), answer);
  await soon(() => expect(network.deeds).toContain('probe 10.0.0.9 eth0'));
  executor.release([operation(3, 'stop')], answer);
  await soon(() => expect(results).toHaveLength(3));
  expect(Object.fromEntries(outcomes())).toEqual({ 1: 'failed', 2: 'failed', 3: 'done' });
  await soon(() => expect(executor.isBusy()).toBe(false));
  expect(network.addresses).toEqual([]);
  expect(inventory.isEmpty()).toBe(true);
});

it('releases every address at once, before anything else gets its turn', async () => {
  for (const id of [1, 2, 3]) executor.submit(operation(id, 'start', `10.0.0.${id}`), answer);
  await soon(() => expect(results).toHaveLength(3));
  let turns = 0;
  setImmediate(() => {
    turns += 1;
  });
  executor.release(
    [1, 2, 3].map((id) => operation(id + 10, 'stop', `10.0.0.${id}`)),
    answer,
  );
  await Promise.resolve().then(() => undefined);
  for (let microtask = 0; microtask < 100; microtask += 1) await undefined;
  expect(turns).toBe(0);
  expect(network.addresses).toEqual([]);
  expect(results).toHaveLength(6);
});

it('says when each operation began and ended, and when the announcement left', async () => {
  executor.submit(operation(1, 'start'), answer);
  await soon(() => expect(results).toHaveLength(1));
  const [{ startedUs, announcedUs, finishedUs }] = results as [OperationResult];
  expect(startedUs).toBeLessThan(announcedUs!);
  expect(announcedUs).toBeLessThan(finishedUs);
});

it('keeps the order on one resource', async () => {
  for (const [id, action] of ['start', 'status', 'stop', 'status'].entries())
    executor.submit(operation(id, action as AgentAction), answer);
  await soon(() => expect(results).toHaveLength(4));
  expect(outcomes()).toEqual([
    [0, 'done'],
    [1, 'running'],
    [2, 'done'],
    [3, 'not-running'],
  ]);
});

it('holds what a failed stop left behind', async () => {
  executor.submit(operation(1, 'start'), answer);
  await soon(() => expect(results).toHaveLength(1));
  network.refuse('netlink-refused');
  executor.release([operation(2, 'stop')], answer);
  await soon(() => expect(results).toHaveLength(2));
  expect(results[1]).toMatchObject({ outcome: 'failed' });
  expect(inventory.entries()).toMatchObject([{ state: 'stop-failed' }]);
});

/** One script `web` in resource.d; `body` sees the action in $1. */
function oneScript(body: string): (id: number, action: AgentAction) => Operation {
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-executor-'));
  directories.push(directory);
  mkdirSync(join(directory, 'resource.d'));
  writeFileSync(join(directory, 'resource.d/web'), `#!/bin/sh\ncd ${directory}\n${body}\n`, { mode: 0o755 });
  settings = () => ({
    haDir: directory,
    initDir: '/nonexistent',
    ocfRoot: '/nonexistent',
    agentStateDir: directory,
    environment: {},
    conflictCheck: true,
    stopTimeoutMs: 5000,
  });
  return (id, action) => ({
    ...operation(id, action),
    resource: { written: 'web', kind: 'script', type: 'web', args: [] },
    timeoutMs: 60_000,
  });
}

it('lets a stop go before a status that is under way, and before one that waits', async () => {
  const web = oneScript('case $1 in status) : > asked; exec sleep 1000 ;; stop) : > stopped ;; esac');
  inventory.begin(web(1, 'start'), 'earlier');
  inventory.end(web(1, 'start'), 'done', false);
  executor.submit(web(2, 'status'), answer);
  await soon(() => expect(existsSync(join(settings().haDir, 'asked'))).toBe(true));
  executor.submit(web(3, 'status'), answer);
  executor.submit(web(4, 'stop'), answer);
  await soon(() => expect(results).toHaveLength(3));
  expect(outcomes()).toEqual([
    [3, 'unknown'],
    [2, 'timeout'],
    [4, 'done'],
  ]);
  expect(existsSync(join(settings().haDir, 'stopped'))).toBe(true);
});

it('lets a status decide about a failed stop, but only one that has said "running" while it ran', async () => {
  const web = oneScript('case $1 in status) cat state ;; stop) echo stopped > state; exit 1 ;; esac');
  const state = (words: string): void => writeFileSync(join(settings().haDir, 'state'), `${words}\n`);
  const started = (): void => {
    inventory.begin(web(0, 'start'), 'earlier');
    inventory.end(web(0, 'start'), 'done', false);
  };
  started();
  state('stopped');
  executor.submit(web(1, 'status'), answer);
  executor.submit(web(2, 'stop'), answer);
  await soon(() => expect(results).toHaveLength(2));
  expect(results[1]).toMatchObject({ outcome: 'failed' });

  started();
  state('running');
  executor.submit(web(3, 'status'), answer);
  await soon(() => expect(results).toHaveLength(3));
  executor.submit(web(4, 'stop'), answer);
  await soon(() => expect(results).toHaveLength(4));
  expect(results[3]).toMatchObject({ outcome: 'done', reason: expect.stringContaining('its stop failed') });
  expect(inventory.isEmpty()).toBe(true);
});

/** `slow` never ends its start, `quick` notes that it was started. More scripts than there are process slots. */
function submitNineStarts(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-executor-'));
  directories.push(directory);
  mkdirSync(join(directory, 'resource.d'));
  const script = (start: string): string =>
    `#!/bin/sh\ncase $2 in\nstatus) echo stopped ;;\nstart) : > ${directory}/started.$1; ${start} ;;\nesac\n`;
  writeFileSync(join(directory, 'resource.d/slow'), script('exec sleep 1000'), { mode: 0o755 });
  writeFileSync(join(directory, 'resource.d/quick'), script('exit 0'), { mode: 0o755 });
  settings = () => ({
    haDir: directory,
    initDir: '/nonexistent',
    ocfRoot: '/nonexistent',
    agentStateDir: directory,
    environment: {},
    conflictCheck: true,
    stopTimeoutMs: 5000,
  });
  for (let id = 1; id <= 9; id += 1) executor.submit(scriptStart(id, id < 9 ? 'slow' : 'quick'), answer);
  return directory;
}

const scriptStart = (id: number, type: string): Operation => ({
  ...operation(id, 'start'),
  resource: { written: `${type}::${id}`, kind: 'script', type, args: [`${id}`] },
  timeoutMs: 60_000,
});

it('does not run a start that waited for a process when the guardian acted, and holds nothing of it', async () => {
  const directory = submitNineStarts();
  await soon(() => {
    for (let id = 1; id < 9; id += 1) expect(existsSync(join(directory, `started.${id}`))).toBe(true);
  });
  executor.killInFlight();
  await soon(() => expect(results).toHaveLength(9));
  expect(existsSync(join(directory, 'started.9'))).toBe(false);
  expect(results.find(({ id }) => id === 9)).toMatchObject({ outcome: 'failed', reason: 'stopped by the guardian' });
  expect(inventory.entries().map(({ resource }) => resource.type)).toEqual(Array.from({ length: 8 }, () => 'slow'));
});

it('keeps what was held before when a start of it that waited for a process is dropped', async () => {
  inventory.begin(scriptStart(9, 'quick'), 'earlier');
  inventory.end(scriptStart(9, 'quick'), 'timeout', false);
  const directory = submitNineStarts();
  await soon(() => expect(existsSync(join(directory, 'started.8'))).toBe(true));
  executor.killInFlight();
  await soon(() => expect(results).toHaveLength(9));
  expect(inventory.holds(scriptStart(9, 'quick'))).toBe(true);
});

it('answers "failed" with the reason when something breaks on the way, and goes on with the next', async () => {
  executor.submit(scriptStart(1, 'quick'), answer);
  await soon(() => expect(results).toHaveLength(1));
  expect(results[0]).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('no script is run here') });
  expect(inventory.entries()).toMatchObject([{ state: 'unknown' }]);
  network.net.links = () => {
    throw new Error('a fault of the agent');
  };
  executor.submit(operation(2, 'start'), answer);
  executor.release([operation(3, 'stop', '10.0.0.7')], answer);
  await soon(() => expect(results).toHaveLength(3));
  expect(outcomes().sort()).toEqual([
    [1, 'failed'],
    [2, 'failed'],
    [3, 'failed'],
  ]);
  await soon(() => expect(executor.isBusy()).toBe(false));
});

it('has nothing to stop where no agent could be called to start it, but not where something runs', async () => {
  settings = () => ({
    haDir: '/nonexistent',
    initDir: '/nonexistent',
    ocfRoot: '/nonexistent',
    agentStateDir: '/nonexistent',
    environment: {},
    conflictCheck: true,
    stopTimeoutMs: 5000,
  });
  const stop = (id: number): Operation => ({ ...scriptStart(id, 'missing'), action: 'stop' });
  executor.submit(scriptStart(1, 'missing'), answer);
  executor.submit({ ...stop(2), resource: scriptStart(1, 'missing').resource }, answer);
  await soon(() => expect(results).toHaveLength(2));
  expect(outcomes()).toEqual([
    [1, 'failed'],
    [2, 'done'],
  ]);
  expect(inventory.isEmpty()).toBe(true);

  // It was started before its script was taken away: S9.
  inventory.begin(scriptStart(3, 'missing'), 'earlier');
  inventory.end(scriptStart(3, 'missing'), 'done', false);
  executor.submit({ ...stop(4), resource: scriptStart(3, 'missing').resource }, answer);
  await soon(() => expect(results).toHaveLength(3));
  expect(outcomes()[2]).toEqual([4, 'failed']);
  expect(inventory.entries()).toMatchObject([{ state: 'stop-failed' }]);
});
