/** Asking fence devices for an administrator: every device once, and what nobody answers is said as such. */
import { expect, test, vi } from 'vitest';
import { createFenceProber } from '../../src/daemon/fence-probe.ts';
import type { FenceProbe } from '../../src/ports/agents.ts';
import { parseAdded } from '../core/config/parsing.ts';

const { configuration } = parseAdded('stonith_host * fence_a ip=1\nstonith_host * fence_b ip=2\n');

test('every device is asked, and tells how it is', async () => {
  const asked: FenceProbe[] = [];
  let nowUs = 1000;
  const host = { probeFenceDevice: (probe: FenceProbe) => void asked.push(probe) };
  const prober = createFenceProber(configuration!, 'node2', host, { nowUs: () => nowUs });
  const running = [prober.run(), prober.run()];
  expect(asked.map(({ device, target }) => `${device} ${target}`)).toEqual([
    'fence_a node2',
    'fence_b node2',
    'fence_a node2',
    'fence_b node2',
  ]);
  nowUs += 1_234_000;
  prober.answered({ device: 'fence_a', ok: true, detail: '' });
  prober.answered({ device: 'fence_b', ok: false, detail: 'no route' });
  const expected = [
    { name: 'fence_a', type: 'fence_a', ok: true, detail: '', tookMs: 1234 },
    { name: 'fence_b', type: 'fence_b', ok: false, detail: 'no route' },
  ];
  for (const result of await Promise.all(running))
    expect(result).toEqual({ ok: true, value: { node: 'node1', peer: 'node2', devices: expected, delayMs: 2000 } });
});

test('one that is busy fencing is not waited for without end', async () => {
  vi.useFakeTimers();
  try {
    const prober = createFenceProber(configuration!, 'node2', { probeFenceDevice: () => undefined });
    const running = prober.run();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await running).toMatchObject({
      value: { devices: [{ ok: false, detail: expect.stringContaining('fencing at this moment') }, { ok: false }] },
    });
  } finally {
    vi.useRealTimers();
  }
});

test('without a fence device in ha.cf there is nothing to ask', async () => {
  const prober = createFenceProber(parseAdded('').configuration!, 'node2', { probeFenceDevice: () => undefined });
  expect(await prober.run()).toMatchObject({ ok: false, problem: { code: 'fencing-not-configured' } });
});
