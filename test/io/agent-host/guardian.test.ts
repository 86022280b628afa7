import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { groupKey } from '../../../src/core/types.ts';
import { createGuardian, type Guardian } from '../../../src/io/agent-host/guardian.ts';
import type { InventoryEntry, Operation } from '../../../src/ports/agents.ts';

let guardian: Guardian;
let entries: InventoryEntry[];
let deeds: string[];
let nowMs = 0;

const entry = (type: string, index: number): InventoryEntry => ({
  group: groupKey('g'),
  index,
  resource: { written: type, kind: 'script', type, args: [] },
  state: 'running',
});

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = Date.now() - 1;
  entries = [entry('IPaddr', 0), entry('web', 1)];
  deeds = [];
  const clock = { nowUs: () => (Date.now() - nowMs) * 1000, wallSeconds: () => 0 };
  const finish = (operation: Operation): void => {
    entries = entries.filter(({ resource }) => resource.type !== operation.resource.type);
    deeds.push(`stop ${operation.resource.type}`);
  };
  guardian = createGuardian({
    clock,
    inventory: {
      entries: () => entries,
      isEmpty: () => entries.length === 0,
      holds: () => false,
      statusSeenRunning: () => false,
      reorder: () => undefined,
      begin: () => undefined,
      processStarted: () => undefined,
      end: () => undefined,
    },
    executor: {
      submit(operation, answer) {
        finish(operation);
        answer({ id: operation.id, outcome: 'done', startedUs: 0, finishedUs: 0 });
      },
      release: (operations) => operations.forEach(finish),
      killInFlight: () => void deeds.push('kill'),
      isBusy: () => false,
    },
    servesAddress: ({ resource }) => resource.type === 'IPaddr',
    stopTimeoutMs: () => 1000,
    log: () => undefined,
    acted: () => void deeds.push('acted'),
    couldNotLetGo: () => undefined,
    nothingLeft: () => void deeds.push('end'),
    isConnected: () => true,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

it('acts by the old deadtime when a new daemon with a longer one has sent no keepalive yet', async () => {
  guardian.terms(1000, 100);
  guardian.beat(1000);
  await vi.advanceTimersByTimeAsync(500);
  guardian.terms(60_000, 2000);
  await vi.advanceTimersByTimeAsync(300);
  expect(guardian.hasActed()).toBe(false);
  await vi.advanceTimersByTimeAsync(150);
  expect(deeds).toEqual(['stop IPaddr', 'kill', 'acted', 'stop web']);
});

it('counts by the longer deadtime from the first keepalive on', async () => {
  guardian.terms(1000, 100);
  guardian.beat(1000);
  await vi.advanceTimersByTimeAsync(500);
  guardian.terms(60_000, 2000);
  guardian.beat(500_000);
  await vi.advanceTimersByTimeAsync(50_000);
  expect(guardian.hasActed()).toBe(false);
});

it('knows no old deadtime as long as no keepalive was ever sent: the peer counts nothing', async () => {
  guardian.terms(1000, 100);
  guardian.startBegins();
  await vi.advanceTimersByTimeAsync(500);
  guardian.terms(60_000, 2000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(guardian.hasActed()).toBe(false);
});

it('says when everything has been stopped, for a host that wants to end', async () => {
  guardian.act(() => deeds.push('done'));
  expect(deeds).toEqual(['stop IPaddr', 'kill']);
  await vi.advanceTimersByTimeAsync(1);
  expect(deeds).toEqual(['stop IPaddr', 'kill', 'acted', 'stop web', 'done']);
});
