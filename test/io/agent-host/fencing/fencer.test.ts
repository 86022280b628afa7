/** What holds for every device: one thing at a time, what is urgent first, nothing left running, nothing said too much. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FenceDevice, readParameters } from '../../../../src/core/config/fencing/fence-device.ts';
import { nodeName } from '../../../../src/core/types.ts';
import { deviceWords } from '../../../../src/io/agent-host/fencing/device-words.ts';
import { createFenceCalls } from '../../../../src/io/agent-host/fencing/fence-calls.ts';
import { fenceMarker } from '../../../../src/io/agent-host/fencing/fence-run.ts';
import { reapFencing } from '../../../../src/io/agent-host/fencing/fencer.ts';
import { missingFenceProgram } from '../../../../src/io/agent-host/fencing/find-device.ts';
import type { FenceResult } from '../../../../src/ports/agents.ts';
import { soon } from '../../../soon.ts';
import { agentHead, type FenceBench, openFenceBench, target } from './bench.ts';

let bench: FenceBench;
beforeEach(() => {
  bench = openFenceBench();
});
afterEach(() => bench.close());

const all = 'on off reboot status monitor';

describe('the fencer', () => {
  test('breaks a probe off for an attempt', async () => {
    bench.device(
      'fence_a',
      'ip=x',
      `${agentHead(all)}case $action in monitor) exec sleep 100 ;; status) exit 2 ;; esac`,
    );
    const probe = bench.probe(60_000);
    await soon(() => expect(bench.lines('actions')).toEqual(['monitor']));
    expect(await bench.fence('off')).toMatchObject({ outcome: 'confirmed' });
    expect(await probe).toBeUndefined();
  });

  test('breaks probes off that wait for their turn, however many, and none of them takes its place', async () => {
    bench.device(
      'fence_a',
      'ip=x',
      `${agentHead(all)}case $action in monitor) exec sleep 100 ;; status) exit 2 ;; esac`,
    );
    const probes = Array.from({ length: 8 }, () => bench.probe(60_000));
    await soon(() => expect(bench.lines('actions')).toEqual(['monitor']));
    expect(await bench.fence('off', 5000)).toMatchObject({ outcome: 'confirmed', verified: true });
    expect(bench.lines('actions')).toEqual(['monitor', 'off', 'status']);
    expect(new Set(await Promise.all(probes))).toEqual(new Set([undefined]));
  });

  test('breaks giving power back off for an attempt', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}case $action in on) exec sleep 100 ;; status) exit 2 ;; esac`);
    expect(await bench.fence('reset')).toMatchObject({ outcome: 'confirmed' });
    await soon(() => expect(bench.lines('actions').at(-1)).toBe('on'));
    expect(await bench.fence('off')).toMatchObject({ outcome: 'confirmed' });
    expect(bench.lines('actions')).toEqual(['off', 'status', 'on', 'off', 'status']);
  });

  test('one attempt with a device ends before the next begins', async () => {
    bench.device(
      'fence_a',
      'ip=x',
      `${agentHead(all)}[ $action = status ] && exit 2; sleep 0.2; echo end >> $D/actions`,
    );
    const results = await Promise.all([bench.fence('off'), bench.fence('off')]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['confirmed', 'confirmed']);
    expect(bench.lines('actions')).toEqual(['off', 'end', 'status', 'off', 'end', 'status']);
  });

  test('more at once than are useful are refused', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}[ $action = status ] && exit 2; exit 0`);
    const results = await Promise.all(Array.from({ length: 12 }, () => bench.fence('off')));
    expect(results.filter(({ outcome }) => outcome === 'failed').length).toBe(4);
    expect(results.at(-1)?.detail).toContain('too many');
  });

  test('kills the whole family of a device that hangs, also what ignores TERM', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}trap '' TERM; sleep 1000 & echo $! > $D/child; wait; sleep 1000`);
    expect(await bench.fence('off', 300)).toMatchObject({ outcome: 'unknown' });
    const child = bench.lines('child')[0]!;
    await soon(() => expect(isAlive(child)).toBe(false));
  });

  test('output without end is cut, and the answer is one short line', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; exit 1`);
    const { outcome, detail } = await bench.fence('off');
    expect(outcome).toBe('failed');
    expect(Buffer.byteLength(detail)).toBeLessThanOrEqual(200);
  });

  test('a device that is not there, or that others may write to, fails with a reason', async () => {
    const attempt = { attempt: 7, device: 'nothing', action: 'off', target, timeoutMs: 1000 } as const;
    expect(await bench.fencer.fence(attempt)).toMatchObject({ attempt: 7, outcome: 'failed' });
    bench.device('fence_a', 'ip=x', 'exit 0');
    expect(missingFenceProgram('fence_a', bench.directory)).toBeUndefined();
    expect(missingFenceProgram('rhcs/a', bench.directory)).toBeUndefined();
    chmodSync(join(bench.directory, 'stonith/fence_a'), 0o777);
    expect(await bench.fence('off')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('others may write'),
    });
    expect(missingFenceProgram('fence_a', bench.directory)).toMatchObject({ agent: true });
  });

  test.each([
    ['fence_a', 'ip=x plug=Node1', 'node1'],
    ['fence_a', 'ip=x pcmk_host_list=node1,node2 port=node1', 'node1'],
    ['fence_a', 'plug=node2 port=node1', 'node1'],
    ['fence_a', 'pcmk_host_list=node2 pcmk_host_map=NODE1:Outlet3 plug=outlet3', 'outlet3'],
    ['external/a', 'pcmk_host_map=node1:3,4;node2:4,5', '4'],
    ['fence_a', 'pcmk_host_map=node2:node1', 'node1'],
  ])(
    '%s with %s would cut this machine itself: refused, and nothing of it is run',
    async (type, parameters, outlet) => {
      bench.device(type, parameters, `echo run >> $D/actions; ${agentHead(all)}[ $action = status ] && exit 2; exit 0`);
      const detail = `its parameters name ${outlet}, which is this machine itself: not used against node2`;
      expect(await bench.fence('off')).toEqual({ attempt: 1, outcome: 'failed', verified: false, detail });
      expect(await bench.probe()).toEqual({ device: type, ok: false, detail });
      expect(bench.lines('actions')).toEqual([]);
    },
  );

  const hangsWhile = (what: string): string =>
    `${agentHead(all)}[ $action = ${what} ] && { echo begun >> $D/hangs; exec sleep 100; }; [ $action = status ] && exit 2; exit 0`;

  test('ends what nobody wants any more: what runs is killed, what waits for its turn runs nothing', async () => {
    bench.device('fence_a', 'ip=x', hangsWhile('off'));
    const attempts = [bench.fence('off', 5000), bench.fence('off', 5000)];
    await soon(() => expect(bench.lines('hangs')).toEqual(['begun']));
    const probe = bench.probe(5000);
    bench.fencer.endAll();
    expect((await Promise.all(attempts)).map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
    expect(await probe).toBeUndefined();
    expect(bench.lines('actions')).toEqual(['off']);
  });

  test.each(['off', 'status'])(
    'gives power back when a reset is ended during its %s: it may be off',
    async (during) => {
      bench.device('fence_a', 'ip=x', hangsWhile(during));
      const attempt = bench.fence('reset', 5000);
      await soon(() => expect(bench.lines('hangs')).toEqual(['begun']));
      bench.fencer.endAll();
      expect(await attempt).toMatchObject({ outcome: 'unknown' });
      await soon(() => expect(bench.lines('actions').at(-1)).toBe('on'));
      await soon(() => expect(bench.logged.map(({ message }) => message.code)).toEqual(['fence-power-on-done']));
    },
  );

  test('gives power back to the end when whoever wanted the attempt is gone', async () => {
    bench.device(
      'fence_a',
      'ip=x',
      `${agentHead(all)}case $action in on) sleep 0.3; echo on >> $D/given ;; status) exit 2 ;; esac`,
    );
    await bench.fence('reset');
    await soon(() => expect(bench.lines('actions').at(-1)).toBe('on'));
    bench.fencer.endAll();
    await soon(() => expect(bench.lines('given')).toEqual(['on']));
  });

  test('a device that forks while what was left running is ended leaves nothing behind', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}while :; do (sleep 0.001; :) & done`);
    const attempt = bench.fence('off', 60_000);
    await soon(() => expect(bench.lines('actions')).toEqual(['off']));
    expect(reapFencing(bench.directory).length).toBeGreaterThan(0);
    expect(await attempt).toMatchObject({ outcome: 'unknown' });
    expect(reapFencing(bench.directory)).toEqual([]);
  });

  test('what a dead host left running is found by its mark and ended', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}env | grep ${fenceMarker} > $D/mark; exec sleep 1000`);
    const attempt = bench.fence('off', 60_000);
    await soon(() => expect(bench.lines('mark')).toEqual([`${fenceMarker}=${bench.directory}`]));
    expect(reapFencing(`${bench.directory} other`)).toEqual([]);
    expect(reapFencing(bench.directory).length).toBe(1);
    expect(await attempt).toMatchObject({ outcome: 'unknown' });
  });
});

describe('attempts as the daemon sees them', () => {
  const call = { device: 'a', action: 'off', target, timeoutMs: 100 } as const;
  const done = (attempt: number): FenceResult => ({ attempt, outcome: 'confirmed', verified: true, detail: '' });

  test('go to the host; what it had under way when it is lost is unknown, once', () => {
    const sent: object[] = [];
    const fenced: FenceResult[] = [];
    const calls = createFenceCalls({
      line: () => ({ send: (message) => void sent.push(message) }),
      here: { fence: () => Promise.reject(new Error('not here')), probe: () => Promise.resolve(undefined) },
      fenced: (result) => void fenced.push(result),
      probed: () => undefined,
    });
    calls.fence({ attempt: 1, ...call });
    calls.fence({ attempt: 2, ...call });
    expect(sent.length).toBe(2);
    calls.answered(done(1));
    calls.hostLost('the agent host ended');
    calls.answered(done(2));
    expect(fenced).toEqual([
      done(1),
      { attempt: 2, outcome: 'unknown', verified: false, detail: 'the agent host ended' },
    ]);
  });

  test('without a host the daemon makes the attempt itself, and a host that is lost meanwhile does not matter', async () => {
    const fenced: FenceResult[] = [];
    const calls = createFenceCalls({
      line: () => undefined,
      here: { fence: ({ attempt }) => Promise.resolve(done(attempt)), probe: () => Promise.resolve(undefined) },
      fenced: (result) => void fenced.push(result),
      probed: () => undefined,
    });
    calls.fence({ attempt: 3, ...call });
    calls.hostLost('the agent host ended');
    await soon(() => expect(fenced).toEqual([done(3)]));
  });
});

describe('the words of a device', () => {
  const device = (words: string): FenceDevice => ({
    name: 'd',
    type: 'd',
    kind: 'plugin',
    parameters: readParameters(words.split(' ')),
    pair: { self: nodeName('node1'), peer: target },
  });

  test.each([
    ['ip=1.2.3.4 passwd=hunter2', '', 'login as admin with hunter2 failed', 'login as admin with *** failed'],
    [
      'node2 1.2.3.4 admin hunter2 lan',
      '',
      'ipmitool -H 1.2.3.4 -U admin -P hunter2 lan',
      'ipmitool -H 1.2.3.4 -U *** -P *** ***',
    ],
    ['Node2 fe80::1 1234', '', 'Node2 at fe80::1 refused 1234', 'Node2 at fe80::1 refused ***'],
    ['node2 1.2.3.4 cafe', '', 'login failed: cafe', 'login failed: ***'],
    ['node2 1.2.3.4 public', '', 'community public refused', 'community *** refused'],
    ['node2 1.2.3.4 1.2.3', '', 'refused 1.2.3', 'refused ***'],
    ['a=b', 'Status: ON', '', 'Status: ON'],
    [
      'a=b',
      'done',
      'DeprecationWarning: pipes\n2026-01-01 10:00:00,001 ERROR: Unable to connect\n  import pipes',
      'Unable to connect',
    ],
    ['a=b', '', '\u001b[31mred\u0007', '[31mred'],
    ['a=b', '', '', ''],
  ])('%s: %j %j', (parameters, output, errorOutput, expected) => {
    expect(deviceWords(device(parameters), output, errorOutput)).toBe(expected);
  });

  test('are at most 200 bytes, also of letters that take several', () => {
    const words = deviceWords(device('a=b'), 'ü'.repeat(500), '');
    expect(Buffer.byteLength(words)).toBeLessThanOrEqual(200);
    expect(words).toMatch(/^ü+\.\.\.$/);
  });
});

function isAlive(pid: string): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}
