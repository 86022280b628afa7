/** Fence agents by their API, played by small scripts: what counts as proof, and what an agent is told. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMetadata } from '../../../../src/io/agent-host/fencing/fence-agent.ts';
import { soon } from '../../../soon.ts';
import { agentHead, type FenceBench, openFenceBench } from './bench.ts';

let bench: FenceBench;
beforeEach(() => {
  bench = openFenceBench();
});
afterEach(() => bench.close());

const all = 'on off reboot status monitor';

describe('a fence agent', () => {
  test('reset is off, a status that says OFF, the answer, and then on', async () => {
    bench.device('fence_a', 'ip=10.0.0.2', `${agentHead(all)}[ $action = status ] && exit 2; exit 0`);
    expect(await bench.fence('reset')).toEqual({
      attempt: 1,
      outcome: 'confirmed',
      verified: true,
      detail: '',
    });
    await soon(() =>
      expect(bench.logged).toMatchObject([{ level: 'notice', message: { code: 'fence-power-on-done' } }]),
    );
    expect(bench.lines('actions')).toEqual(['off', 'status', 'on']);
  });

  test('off stays off', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}[ $action = status ] && exit 2; exit 0`);
    expect(await bench.fence('off')).toMatchObject({ outcome: 'confirmed', verified: true });
    expect(bench.lines('actions')).toEqual(['off', 'status']);
  });

  test('power that cannot be given back is an error in the log and no part of the answer', async () => {
    bench.device(
      'fence_a',
      'ip=x',
      `${agentHead(all)}[ $action = status ] && exit 2; [ $action = on ] && { echo no power >&2; exit 1; }; exit 0`,
    );
    expect(await bench.fence('reset')).toMatchObject({ outcome: 'confirmed', verified: true });
    await soon(() =>
      expect(bench.logged).toMatchObject([
        { level: 'error', message: { code: 'fence-power-on-failed', fields: { detail: 'no power' } } },
      ]),
    );
  });

  test('a status that goes on saying ON is a failure, whatever off said', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}exit 0`);
    expect(await bench.fence('off', 1200)).toMatchObject({
      outcome: 'failed',
      verified: false,
      detail: expect.stringContaining('says ON'),
    });
    expect(bench.lines('actions').filter((action) => action === 'status').length).toBeGreaterThan(1);
  });

  test('a status that says ON first and then OFF is OFF', async () => {
    const script = `${agentHead(all)}if [ $action = status ]; then [ -e $D/seen ] && exit 2; : > $D/seen; fi; exit 0`;
    bench.device('fence_a', 'ip=x', script);
    expect(await bench.fence('off')).toMatchObject({ outcome: 'confirmed', verified: true });
  });

  test('a status that cannot be had leaves it unknown', async () => {
    bench.device(
      'fence_a',
      'ip=x',
      `${agentHead(all)}[ $action = status ] && { echo "ERROR: login failed" >&2; exit 1; }; exit 0`,
    );
    const result = await bench.fence('reset');
    expect(result).toMatchObject({
      outcome: 'unknown',
      verified: false,
      detail: expect.stringContaining('login failed'),
    });
    expect(bench.lines('actions')).toEqual(['off', 'status']);
  });

  test('an agent without a status can only be believed', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead('on off')}exit 0`);
    expect(await bench.fence('off')).toMatchObject({ outcome: 'confirmed', verified: false });
    expect(bench.lines('actions')).toEqual(['off']);
  });

  test('an agent that can only reboot is rebooted, and never used to switch off', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead('reboot status')}exit 0`);
    expect(await bench.fence('reset')).toMatchObject({ outcome: 'confirmed', verified: false });
    expect(await bench.fence('off')).toMatchObject({ outcome: 'failed' });
    expect(bench.lines('actions')).toEqual(['reboot']);
  });

  test.each([
    ['fence_a', 'automatic=\\"1\\"'],
    ['fence_a', 'on_target=\\"1\\"'],
    ['fence_a', 'fabric_fencing=\\"1\\"'],
    ['fence_scsi', ''],
    ['fence_mpath', 'automatic=\\"0\\"'],
    ['fence_dummy', ''],
    ['fence_heuristics_ping', ''],
  ])('%s with %s leaves the machine alive: it is not asked to act, and could not', async (type, attribute) => {
    const head = agentHead(all).replace('name=\\"$name\\"/>', `name=\\"$name\\" ${attribute}/>`);
    bench.device(type, 'ip=x', `${head}[ $action = status ] && exit 2; exit 0`);
    const detail = expect.stringContaining('no proof');
    expect(await bench.fence('reset')).toEqual({ attempt: 1, outcome: 'failed', verified: false, detail });
    expect(await bench.probe()).toEqual({ device: type, ok: false, detail });
    expect(bench.lines('actions')).toEqual([]);
  });

  test.each([
    ['exit 1', 'failed', 'off: exit code 1'],
    [
      'echo "2026-01-01 10:00:00,123 ERROR: Failed: Timed out waiting to power OFF" >&2; exit 1',
      'failed',
      'Failed: Timed out waiting to power OFF',
    ],
    ['kill -9 $$', 'unknown', 'off: ended by SIGKILL'],
    ['exec sleep 100', 'unknown', 'off: no end in time, killed'],
  ])('off that ends with %j: %s', async (end, outcome, detail) => {
    bench.device('fence_a', 'ip=x', `${agentHead(all)}${end}`);
    expect(await bench.fence('reset', 600)).toEqual({ attempt: 1, outcome, verified: false, detail });
  });

  test('is told its parameters on standard input, with old and new names as they stand, and who is meant', async () => {
    bench.device(
      'fence_a',
      'ipaddr=10.0.0.2 passwd=a=b pcmk_host_list=node2',
      `${agentHead(all)}echo "$#" >> $D/arguments; env >> $D/environment; [ $action = status ] && exit 2; exit 0`,
    );
    await bench.fence('off');
    const input = bench.lines('input').filter((line) => line !== 'action=metadata');
    expect(input.slice(0, 5)).toEqual(['plug=node2', 'ipaddr=10.0.0.2', 'passwd=a=b', 'nodename=node2', 'action=off']);
    expect(bench.lines('arguments')).toEqual(['0', '0']);
    expect(bench.lines('environment').join('\n')).not.toContain('a=b');
  });

  test.each([
    ['pcmk_host_map=node1:3;node2:4', 'plug', 'plug=4'],
    ['pcmk_host_map=node1:3;node2:4', 'port', 'port=4'],
    ['plug=7', 'plug', 'plug=7'],
    ['ip=x', 'ip', undefined],
  ])('outlet by %s with the parameter %s: %s', async (parameters, name, expected) => {
    bench.device('fence_a', parameters, `${agentHead(all, name)}[ $action = status ] && exit 2; exit 0`);
    await bench.fence('off');
    const outlets = bench.lines('input').filter((line) => /^(plug|port)=/.test(line));
    expect([...new Set(outlets)]).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('asking a fence agent', () => {
  test('monitor, and the list where it has one', async () => {
    bench.device(
      'fence_a',
      'ip=x',
      `${agentHead('monitor list off')}[ $action = list ] && echo "1,node1
2,node2"; exit 0`,
    );
    expect(await bench.probe()).toMatchObject({ device: 'fence_a', ok: true });
    expect(bench.lines('actions')).toEqual(['monitor', 'list']);
  });

  test('a list without the target is no', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead('monitor list')}[ $action = list ] && echo "1,node1"; exit 0`);
    expect(await bench.probe()).toMatchObject({ ok: false, detail: 'it does not list node2' });
  });

  test('an empty list says nothing', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead('monitor list')}exit 0`);
    expect(await bench.probe()).toMatchObject({ ok: true });
  });

  test('an agent without monitor is asked for the status: ON and OFF are both an answer', async () => {
    bench.device('fence_a', 'ip=x', `${agentHead('on off status')}exit 2`);
    expect(await bench.probe()).toMatchObject({ ok: true });
    bench.device('fence_b', 'ip=x', `${agentHead('on off status')}echo "ERROR: Unable to connect" >&2; exit 1`);
    expect(await bench.probe()).toMatchObject({ ok: false, detail: 'Unable to connect' });
  });
});

test('metadata', () => {
  expect(readMetadata('no xml')).toBeUndefined();
  expect(readMetadata('<action name="on" on_target="1" automatic="1"/><action name="off"/>')).toMatchObject({
    plug: undefined,
    fabric: true,
  });
});
