import { beforeEach, expect, it, vi } from 'vitest';
import type { NetworkLink } from '../../../resource-agents/context.ts';
import { groupKey } from '../../../src/core/types.ts';
import { createExecutor, type Executor } from '../../../src/io/agent-host/executor.ts';
import { createInventory, type Inventory } from '../../../src/io/agent-host/inventory.ts';
import { createOwnRunner } from '../../../src/io/agent-host/own-runner.ts';
import type { AgentAction, Operation, OperationResult } from '../../../src/ports/agents.ts';
import { type FakeNetwork, fakeNetwork } from '../../resource-agents/fake-network.ts';

const links: NetworkLink[] = [
  { index: 2, name: 'eth0', hardware: Uint8Array.of(2, 0, 0, 0, 0, 2), up: true, loopback: false, ethernet: true },
];
let network: FakeNetwork;
let inventory: Inventory;
let executor: Executor;
let results: OperationResult[];
let nowUs = 0;

beforeEach(() => {
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
    settings: () => {
      throw new Error('no script is run here');
    },
  });
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
  await vi.waitFor(() => expect(network.deeds).toContain('probe 10.0.0.9 eth0'));
  executor.release([operation(3, 'stop')], answer);
  await vi.waitFor(() => expect(results).toHaveLength(3));
  expect(Object.fromEntries(outcomes())).toEqual({ 1: 'failed', 2: 'failed', 3: 'done' });
  await vi.waitFor(() => expect(executor.isBusy()).toBe(false));
  expect(network.addresses).toEqual([]);
  expect(inventory.isEmpty()).toBe(true);
});

it('releases every address at once, before anything else gets its turn', async () => {
  for (const id of [1, 2, 3]) executor.submit(operation(id, 'start', `10.0.0.${id}`), answer);
  await vi.waitFor(() => expect(results).toHaveLength(3));
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
  await vi.waitFor(() => expect(results).toHaveLength(1));
  const [{ startedUs, announcedUs, finishedUs }] = results as [OperationResult];
  expect(startedUs).toBeLessThan(announcedUs!);
  expect(announcedUs).toBeLessThan(finishedUs);
});

it('keeps the order on one resource', async () => {
  for (const [id, action] of ['start', 'status', 'stop', 'status'].entries())
    executor.submit(operation(id, action as AgentAction), answer);
  await vi.waitFor(() => expect(results).toHaveLength(4));
  expect(outcomes()).toEqual([
    [0, 'done'],
    [1, 'running'],
    [2, 'done'],
    [3, 'not-running'],
  ]);
});

it('holds what a failed stop left behind', async () => {
  executor.submit(operation(1, 'start'), answer);
  await vi.waitFor(() => expect(results).toHaveLength(1));
  network.refuse('netlink-refused');
  executor.release([operation(2, 'stop')], answer);
  await vi.waitFor(() => expect(results).toHaveLength(2));
  expect(results[1]).toMatchObject({ outcome: 'failed' });
  expect(inventory.entries()).toMatchObject([{ state: 'stop-failed' }]);
});
