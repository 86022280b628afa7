import { expect, it, vi } from 'vitest';
import type { NetworkLink } from '../../../resource-agents/context.ts';
import { groupKey } from '../../../src/core/types.ts';
import { createOwnRunner } from '../../../src/io/agent-host/own-runner.ts';
import type { AddressConflict, AgentAction, Operation } from '../../../src/ports/agents.ts';
import { fakeNetwork } from '../../resource-agents/fake-network.ts';
import { soon } from '../../soon.ts';

const links: NetworkLink[] = [
  { index: 2, name: 'eth0', hardware: Uint8Array.of(2, 0, 0, 0, 0, 2), up: true, loopback: false, ethernet: true },
];

function setUp() {
  const network = fakeNetwork(links, []);
  const conflicts: AddressConflict[] = [];
  const runner = createOwnRunner({
    net: network.net,
    nowUs: () => 1,
    haDir: () => '/nonexistent',
    conflictCheck: () => true,
    log: () => undefined,
    conflict: (conflict) => void conflicts.push(conflict),
  });
  return { network, runner, conflicts };
}

const operation = (action: AgentAction, more: Partial<Operation> = {}): Operation => ({
  id: 5,
  group: groupKey('g'),
  index: 0,
  resource: { written: '10.0.0.9/24/eth0', kind: 'script', type: 'IPaddr', args: ['10.0.0.9/24/eth0'] },
  action,
  timeoutMs: 5000,
  ...more,
});

it('does not configure an address once its start was cancelled while it waited for answers', async () => {
  const { network, runner } = setUp();
  const start = runner.run(operation('start', { careful: true }));
  await soon(() => expect(network.deeds).toContain('probe 10.0.0.9 eth0'));
  runner.cancel(operation('stop'));
  expect(await start).toMatchObject({ outcome: 'failed', reason: 'cancelled' });
  expect(network.addresses).toEqual([]);
});

it('does not configure an address either when a slow command was under way as the start was cancelled', async () => {
  const { network, runner } = setUp();
  const links = network.net.links();
  let answer: () => void = () => undefined;
  network.net.links = () =>
    new Promise((resolve) => {
      answer = () => resolve(links);
    });
  const start = runner.run(operation('start'));
  runner.cancel(operation('stop'));
  answer();
  expect(await start).toMatchObject({ outcome: 'failed', reason: 'cancelled' });
  expect(network.addresses).toEqual([]);
});

it('ends a start at its deadline, and keeps it from configuring later', async () => {
  const { network, runner } = setUp();
  expect(await runner.run(operation('start', { careful: true, timeoutMs: 30 }))).toMatchObject({ outcome: 'timeout' });
  expect(network.addresses).toEqual([]);
});

it('announces no more after a stop', async () => {
  vi.useFakeTimers();
  try {
    const { network, runner } = setUp();
    await runner.run(operation('start'));
    await vi.advanceTimersByTimeAsync(250);
    expect(network.deeds.filter((deed) => deed.startsWith('announce'))).toHaveLength(2);
    await runner.run(operation('stop'));
    await vi.advanceTimersByTimeAsync(5000);
    expect(network.deeds.filter((deed) => deed.startsWith('announce'))).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});

it('lets probes and periodic announcements leave the burst of a start alone', async () => {
  vi.useFakeTimers();
  try {
    const { network, runner } = setUp();
    await runner.run(operation('start'));
    await runner.run(operation('status'));
    await vi.advanceTimersByTimeAsync(5000);
    expect(network.deeds.filter((deed) => deed.startsWith('announce'))).toHaveLength(3);
  } finally {
    vi.useRealTimers();
  }
});

it('reports who else answers, with the operation that started it', async () => {
  vi.useFakeTimers();
  try {
    const { network, runner, conflicts } = setUp();
    network.owners.set('10.0.0.9', '02:00:00:00:00:99');
    expect(await runner.run(operation('start'))).toMatchObject({ outcome: 'done' });
    await vi.advanceTimersByTimeAsync(250);
    expect(conflicts).toMatchObject([{ operationId: 5, group: 'g', hardwareAddress: '02:00:00:00:00:99' }]);
  } finally {
    vi.useRealTimers();
  }
});

it('knows that a refused start left nothing behind', async () => {
  const { network, runner } = setUp();
  network.refuse('netlink-refused');
  expect(await runner.run(operation('start'))).toMatchObject({ outcome: 'failed', gone: true });
});

it.each(['300.1.1.1/24/eth0', '10.0.0.9/24/eth0/10.0.0.255/x'])(
  'stops %s, which never can have started, so that one wrong word does not hold the group',
  async (word) => {
    const wrong = { written: word, kind: 'script', type: 'IPaddr', args: [word] } as const;
    const { runner } = setUp();
    expect(await runner.run(operation('start', { resource: wrong }))).toMatchObject({ outcome: 'failed' });
    expect(await runner.run(operation('stop', { resource: wrong }))).toMatchObject({ outcome: 'done' });
  },
);

it('does not take an address for gone whose file of OCF parameters is gone', async () => {
  const resource = { written: 'OCF::IPaddr::x', kind: 'ocf', type: 'IPaddr', args: ['x'] } as const;
  expect(await setUp().runner.run(operation('stop', { resource }))).toMatchObject({ outcome: 'failed' });
});

it('answers "failed" with the reason when the agent itself breaks', async () => {
  const { network, runner } = setUp();
  network.net.links = () => {
    throw new Error('out of memory');
  };
  expect(await runner.run(operation('start'))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('out of memory'),
    gone: false,
  });
});

it('serves its own types only', () => {
  const { runner } = setUp();
  const of = (type: string) => runner.serves({ resource: { ...operation('start').resource, type } });
  expect(['IPaddr', 'IPaddr2', 'IPv6addr', 'httpd', 'constructor'].map(of)).toEqual([true, true, true, false, false]);
});
