/** What holds for an operation. */
import { describe, expect, it } from 'vitest';
import { operationParameters, operationSettings } from '../../../../src/core/policy/unpack/operations.ts';
import { recurringOperations } from '../../../../src/core/policy/unpack/recurring.ts';
import { role } from '../../../../src/core/policy/working-set.ts';
import {
  meta,
  operation,
  operations,
  pairs,
  params,
  primitive,
  resourceOf,
  rule,
  unpacked,
  warningsOf,
} from './unpacked.ts';

interface Asked {
  readonly ops?: readonly string[];
  readonly inner?: string;
  readonly agent?: string;
  readonly operationDefaults?: string;
  readonly properties?: Record<string, string>;
}

function asked({
  ops = [],
  inner = '',
  agent = 'ocf:pacemaker:Dummy',
  operationDefaults = '',
  properties = {},
}: Asked) {
  const resources = primitive('r', operations(...ops) + inner, agent);
  const cluster = unpacked({ resources, operationDefaults, properties: pairs(properties) });
  const resource = resourceOf(cluster, 'r');
  return {
    cluster,
    resource,
    settings: (task: string, intervalMs = 0) => operationSettings(cluster, resource, task, intervalMs),
  };
}

describe('the timeout of an operation', () => {
  it('is its own, else the default of all, else 20 seconds', () => {
    const ops = [operation('start', '0', 'timeout="90s"'), operation('stop', '0', '', meta({ timeout: '1min' }))];
    const { settings } = asked({ ops, operationDefaults: meta({ timeout: '33s' }) });
    expect(['start', 'stop', 'promote'].map((task) => settings(task).timeoutMs)).toEqual([90_000, 60_000, 33_000]);
    expect(asked({}).settings('start').timeoutMs).toBe(20_000);
    expect(asked({ ops: [operation('start', '0', 'timeout="0"')] }).settings('start').timeoutMs).toBe(20_000);
  });

  it('of a probe is that of the most frequent monitor', () => {
    const ops = [
      operation('monitor', '30s', 'timeout="30s"'),
      operation('monitor', '10s', 'timeout="11s"'),
      operation('monitor', '5s', 'timeout="5s" enabled="false"'),
    ];
    const { settings } = asked({ ops, operationDefaults: meta({ timeout: '33s' }) });
    expect([settings('monitor').timeoutMs, settings('monitor', 30_000).timeoutMs]).toEqual([11_000, 30_000]);
  });

  it('of a fence device is told by the device', () => {
    const ops = [operation('start', '0', 'timeout="90s"')];
    const { settings } = asked({ ops, agent: 'stonith:fence_x', inner: params({ pcmk_monitor_timeout: '7s' }) });
    expect([settings('start').timeoutMs, settings('monitor').timeoutMs, settings('stop').timeoutMs]).toEqual([
      7000, 7000, 20_000,
    ]);
  });

  it('may be meant for one operation of one agent by rule', () => {
    const only = rule(
      '<rsc_expression id="rx" class="ocf" provider="pacemaker" type="Dummy"/><op_expression id="ox" name="monitor" interval="10s"/>',
    );
    const { settings } = asked({ operationDefaults: meta({ timeout: '7s' }, { rule: only }) });
    expect([
      settings('monitor', 10_000).timeoutMs,
      settings('monitor', 20_000).timeoutMs,
      settings('start').timeoutMs,
    ]).toEqual([7000, 20_000, 20_000]);
  });
});

describe('the options of an operation', () => {
  it('have times in milliseconds, and no interval where there is none', () => {
    const ops = [operation('monitor', '10s', 'start-delay="2s" role="Started"')];
    const { settings } = asked({ ops });
    expect(Object.fromEntries(settings('monitor', 10_000).meta)).toEqual({
      name: 'monitor',
      interval: '10000',
      timeout: '20000',
      'start-delay': '2000',
      role: 'Started',
    });
    expect(settings('start').meta.has('interval')).toBe(false);
  });

  it('interval-origin makes it wait for the next full interval', () => {
    const ops = [operation('monitor', '1h', 'interval-origin="2024-05-08T00:15:00Z"')];
    // Now is 10:20:30; the next is at 11:15.
    expect(asked({ ops }).settings('monitor', 3_600_000).startDelayMs).toBe((54 * 60 + 30) * 1000);
  });

  it('migrations may be described as one', () => {
    const { settings } = asked({ ops: [operation('migrate', '0', 'timeout="44s"')] });
    expect([settings('migrate_to').timeoutMs, settings('migrate_from').timeoutMs]).toEqual([44_000, 44_000]);
  });

  it('starts and promotions need what the resource requires, nothing else needs anything', () => {
    const { settings } = asked({});
    expect(['start', 'promote', 'stop', 'monitor'].map((task) => settings(task).needs)).toEqual([
      'fencing',
      'fencing',
      'nothing',
      'nothing',
    ]);
  });

  it('parameters of its own may come with it', () => {
    const ops = [operation('monitor', '10s', '', params({ depth: '20' }))];
    const { cluster, resource, settings } = asked({ ops });
    const configured = settings('monitor', 10_000).operation;
    expect(operationParameters(cluster, resource, configured!).get('depth')).toBe('20');
  });
});

describe('on-fail', () => {
  const off = { 'stonith-enabled': 'false' };

  it('is restart, for stop fence, and block without fencing', () => {
    expect([asked({}).settings('monitor').onFail, asked({}).settings('stop').onFail]).toEqual(['restart', 'fence']);
    expect(asked({ properties: off }).settings('stop').onFail).toBe('block');
  });

  it.each(['ignore', 'block', 'stop', 'restart', 'standby', 'fence'])('%s is what is written', (word) => {
    const { settings } = asked({ ops: [operation('start', '0', `on-fail="${word}"`)] });
    expect(settings('start').onFail).toBe(word);
  });

  it('says which role the resource is to have after it', () => {
    const { settings } = asked({ ops: [operation('start', '0', 'on-fail="stop"')] });
    expect([
      settings('start').roleAfterFailure,
      settings('stop').roleAfterFailure,
      settings('promote').roleAfterFailure,
    ]).toEqual([role.stopped, role.started, role.unpromoted]);
  });

  it('fence is stop without fencing', () => {
    const { cluster, settings } = asked({ ops: [operation('start', '0', 'on-fail="fence"')], properties: off });
    expect(settings('start')).toMatchObject({ onFail: 'stop', roleAfterFailure: role.stopped });
    settings('start');
    expect(warningsOf(cluster)).toEqual(['on-fail-fence-without-fencing']);
  });

  it('standby is not for stop, and nonsense is nothing', () => {
    const { settings } = asked({
      ops: [operation('stop', '0', 'on-fail="standby"'), operation('start', '0', 'on-fail="x"')],
    });
    expect([settings('stop').onFail, settings('start').onFail]).toEqual(['fence', 'restart']);
  });

  it('demote is for promote and monitors of the promoted role', () => {
    const ops = [
      operation('promote', '0', 'on-fail="demote"'),
      operation('start', '0', 'on-fail="demote"'),
      operation('monitor', '10s', 'on-fail="demote" role="Master"'),
      operation('monitor', '11s', 'on-fail="demote"'),
    ];
    const { settings } = asked({ ops });
    expect(
      [settings('promote'), settings('start'), settings('monitor', 10_000), settings('monitor', 11_000)].map(
        ({ onFail }) => onFail,
      ),
    ).toEqual(['demote', 'restart', 'demote', 'restart']);
  });

  it('of demote is that of the promoted monitor', () => {
    const ops = [operation('monitor', '10s', 'on-fail="block" role="Promoted"')];
    expect(asked({ ops }).settings('demote').onFail).toBe('block');
  });

  it('inside a container restarts the container', () => {
    const resources = primitive('vm') + primitive('r', meta({ container: 'vm' }));
    const cluster = unpacked({ resources });
    expect(operationSettings(cluster, resourceOf(cluster, 'r'), 'monitor', 10_000).onFail).toBe('restart-container');
    expect(operationSettings(cluster, resourceOf(cluster, 'vm'), 'monitor', 10_000).onFail).toBe('restart');
  });
});

describe('what recurs', () => {
  it('is what is enabled and has an interval, for its role', () => {
    const ops = [
      operation('monitor', '10s', 'role="Master"'),
      operation('monitor', '11s'),
      operation('monitor', '12s', 'enabled="false"'),
      operation('start', '0'),
    ];
    const { cluster, resource } = asked({ ops });
    expect(recurringOperations(cluster, resource).map(({ intervalMs, role: needed }) => [intervalMs, needed])).toEqual([
      [10_000, role.promoted],
      [11_000, undefined],
    ]);
  });

  it('is nothing that is there twice, and nothing that only happens when needed', () => {
    const ops = [operation('monitor', '10s'), operation('monitor', '10000ms'), operation('start', '5s')];
    const { cluster, resource } = asked({ ops });
    expect(recurringOperations(cluster, resource)).toEqual([]);
    expect(new Set(warningsOf(cluster))).toEqual(new Set(['operation-duplicate', 'operation-cannot-recur']));
  });
});
