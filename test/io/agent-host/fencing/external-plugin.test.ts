/** Scripts of cluster-glue, `external/NAME`, played by small ones; and plugins, through a stand-in of `stonith`. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readParameters } from '../../../../src/core/config/fencing/fence-device.ts';
import { byPosition } from '../../../../src/io/agent-host/fencing/external-plugin.ts';
import { createFenceRun } from '../../../../src/io/agent-host/fencing/fence-run.ts';
import { createStonithPlugin } from '../../../../src/io/agent-host/fencing/stonith-plugin.ts';
import { type FenceBench, openFenceBench } from './bench.ts';

let bench: FenceBench;
beforeEach(() => {
  bench = openFenceBench();
});
afterEach(() => bench.close());

const script = (reset: string): string => `
echo "$*" >> $D/calls
case "$1" in
getconfignames) echo "hostname ipaddr password" ;;
gethosts) echo node1; echo "$hostname" ;;
status) [ -z "$broken" ] || { ha_log.sh err "board at $ipaddr does not answer"; exit 1; } ;;
reset|off) env > $D/environment; ${reset} ;;
*) exit 1 ;;
esac
`;

describe('external/NAME', () => {
  test('lists the target, then resets it: confirmed, and never verified', async () => {
    bench.device('external/a', 'Node2 10.0.0.2 secret word', script('exit 0'));
    expect(await bench.fence('reset')).toMatchObject({ outcome: 'confirmed', verified: false });
    expect(bench.lines('calls')).toEqual(['getconfignames', 'gethosts', 'reset Node2']);
    const environment = bench.lines('environment');
    expect(environment).toEqual(expect.arrayContaining(['hostname=Node2', 'ipaddr=10.0.0.2', 'password=secret word']));
    expect(environment.find((line) => line.startsWith('PATH='))).toMatch(/^PATH=[^:]*tools:/);
  });

  test('named parameters need no names of the script', async () => {
    bench.device('external/a', 'hostname=node2 ipaddr=10.0.0.2 PATH=/nowhere', script('exit 0'));
    expect(await bench.fence('off')).toMatchObject({ outcome: 'confirmed' });
    expect(bench.lines('calls')).toEqual(['gethosts', 'off node2']);
  });

  test('one that does not list the target is not asked to act', async () => {
    bench.device('external/a', 'node9 10.0.0.2 secret', script('exit 0'));
    expect(await bench.fence('reset')).toMatchObject({ outcome: 'failed', detail: 'it does not list node2' });
    expect(bench.lines('calls')).not.toContain('reset node2');
  });

  test('too few parameters are a failure with a reason', async () => {
    bench.device('external/a', 'node2 10.0.0.2', script('exit 0'));
    expect(await bench.fence('reset')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('getconfignames'),
    });
  });

  test.each([
    ['exit 1', 'failed', 'reset: exit code 1'],
    ['ha_log.sh err "cannot reach 10.0.0.2 with secret"; exit 1', 'failed', 'cannot reach 10.0.0.2 with ***'],
    ['kill -TERM $$', 'unknown', 'reset: ended by SIGTERM'],
    ['exec sleep 100', 'unknown', 'reset: no end in time, killed'],
  ])('reset that ends with %j: %s', async (end, outcome, detail) => {
    bench.device('external/a', 'node2 10.0.0.2 secret', script(end));
    expect(await bench.fence('reset', 800)).toMatchObject({ outcome, detail });
  });

  test('asked: its status, and the target in its list', async () => {
    bench.device('external/a', 'node2 10.0.0.2 secret', script('exit 0'));
    expect(await bench.probe()).toMatchObject({ ok: true });
    bench.device('external/a', 'hostname=node2 ipaddr=10.0.0.2 broken=yes', script('exit 0'));
    expect(await bench.probe()).toMatchObject({ ok: false, detail: 'board at 10.0.0.2 does not answer' });
    bench.device('external/a', 'hostname=node9 ipaddr=x', script('exit 0'));
    expect(await bench.probe()).toMatchObject({ ok: false, detail: 'it does not list node2' });
  });
});

test('positional parameters: the last one goes to the end of the line, too few are none', () => {
  expect(byPosition(['a', 'b'], '  1   2 3  4')).toEqual({ a: '1', b: '2 3  4' });
  expect(byPosition(['a', 'b'], '1')).toBeUndefined();
  expect(byPosition([], '')).toEqual({});
});

describe('a plugin through stonith', () => {
  const stand = `#!/bin/sh
echo "$*" >> $0.calls
[ "$3" = -F ] && { cat "$4" > $0.file; stat -c %a "$4" > $0.mode; }
env > $0.environment
for word; do case "$word" in -l) echo "Node2" ;; esac; done
[ ! -e $0.fails ]
`;
  const run = () => createFenceRun({ toolsDir: bench.directory, marker: 'x', nowMs: () => performance.now() }, 5000);
  const plugin = (parameters: string) => {
    const command = join(bench.directory, 'stonith-stand');
    writeFileSync(command, stand, { mode: 0o755 });
    const device = {
      name: 'p',
      type: 'apcmaster',
      kind: 'plugin',
      parameters: readParameters(parameters.split(' ')),
    } as const;
    return createStonithPlugin(device, command, bench.directory);
  };

  test('positional parameters are in a file of mode 600 that is gone afterwards, and in no argument', async () => {
    const report = await plugin('10.0.0.9 apc secret').fence(run(), 'reset', 'node2');
    expect(report).toMatchObject({ outcome: 'confirmed', verified: false });
    expect(bench.lines('stonith-stand.file')).toEqual(['10.0.0.9 apc secret']);
    expect(bench.lines('stonith-stand.mode')).toEqual(['600']);
    expect(bench.lines('stonith-stand.calls')[0]).toMatch(/^-t apcmaster -F \S+ -T reset node2$/);
    expect(readdirSync(bench.directory).filter((name) => name.startsWith('fence-'))).toEqual([]);
  });

  test('named ones are in the environment', async () => {
    await plugin('ipaddr=10.0.0.9 password=secret').fence(run(), 'off', 'node2');
    expect(bench.lines('stonith-stand.calls')).toEqual(['-t apcmaster -E -T off node2']);
    expect(bench.lines('stonith-stand.environment')).toContain('password=secret');
  });

  test('its exit code is what there is', async () => {
    const device = plugin('10.0.0.9 apc secret');
    expect(await device.probe(run(), 'node2')).toMatchObject({ ok: true });
    expect(await device.probe(run(), 'node3')).toMatchObject({ ok: false, detail: 'it does not list node3' });
    writeFileSync(join(bench.directory, 'stonith-stand.fails'), '');
    expect(await device.fence(run(), 'reset', 'node2')).toMatchObject({ outcome: 'failed' });
    expect(await device.probe(run(), 'node2')).toMatchObject({ ok: false });
  });
});
