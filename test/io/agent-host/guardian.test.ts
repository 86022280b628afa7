import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { groupKey } from '../../../src/core/types.ts';
import { createGuardian, type Guardian } from '../../../src/io/agent-host/guardian.ts';
import type { InventoryEntry, Operation, OperationResult } from '../../../src/ports/agents.ts';

let guardian: Guardian;
let entries: InventoryEntry[];
let deeds: string[];
let nowMs = 0;
/** Types whose stop and release fail. */
let stuck: ReadonlySet<string>;

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
  stuck = new Set();
  const clock = { nowUs: () => (Date.now() - nowMs) * 1000, wallSeconds: () => 0 };
  const finish = (operation: Operation, answer: (result: OperationResult) => void): void => {
    const { id, resource } = operation;
    if (stuck.has(resource.type)) return answer({ id, outcome: 'failed', startedUs: 0, finishedUs: 0 });
    entries = entries.filter(({ resource }) => resource.type !== operation.resource.type);
    deeds.push(`stop ${operation.resource.type}`);
    answer({ id, outcome: 'done', startedUs: 0, finishedUs: 0 });
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
      submit: finish,
      release: (operations, answer) => operations.forEach((operation) => void finish(operation, answer)),
      killInFlight: () => void deeds.push('kill'),
      isBusy: () => false,
    },
    servesAddress: ({ resource }) => resource.type === 'IPaddr',
    stopTimeoutMs: () => 1000,
    log: () => undefined,
    acted: () => void deeds.push('acted'),
    silent: () => void deeds.push('silent'),
    couldNotLetGo: () => void deeds.push('could not let go'),
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
  expect(deeds).toEqual(['silent', 'stop IPaddr', 'kill', 'acted', 'stop web']);
});

it("says that the daemon is silent also where nothing is held: what it had begun is nobody's any more", async () => {
  entries = [];
  guardian.terms(1000, 100);
  guardian.beat(1000);
  await vi.advanceTimersByTimeAsync(800);
  expect(deeds).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(deeds).toEqual(['silent']);
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

it('says at once that an address could not be released: the peer is about to configure it', async () => {
  stuck = new Set(['IPaddr']);
  guardian.act();
  expect(deeds).toEqual(['could not let go', 'kill']);
});

it('says that a resource could not be stopped when it has tried as often as it does', async () => {
  stuck = new Set(['web']);
  guardian.act();
  await vi.advanceTimersByTimeAsync(9000);
  expect(deeds).not.toContain('could not let go');
  await vi.advanceTimersByTimeAsync(2000);
  expect(deeds.filter((deed) => deed === 'could not let go')).toEqual(['could not let go']);
});
