/** Cluster options, and defaults of resources and operations. */
import { type Element, el } from '../xml-tree.ts';
import type { Feature } from './features.ts';
import { dateExpression } from './rules.ts';
import type { World } from './world.ts';

export function makeOptions(world: World): void {
  const { draw, options } = world;
  const set = (name: string, values: readonly string[]): void => {
    options.set(name, draw.pick(values));
  };
  if (world.may('fencing')) {
    if (draw.chance(0.6)) options.set('stonith-enabled', 'true');
    if (draw.chance(0.4)) set('stonith-action', ['off', 'reboot']);
    if (world.may('startup-fencing=false')) options.set('startup-fencing', 'false');
    if (world.may('priority-fencing-delay')) options.set('priority-fencing-delay', '15s');
  } else {
    options.set('stonith-enabled', 'false');
  }
  world.haveQuorum = !world.may('no quorum', 0.85);
  if (!world.haveQuorum || draw.chance(0.2)) {
    if (draw.chance(0.85)) set('no-quorum-policy', ['stop', 'freeze', 'ignore', 'demote', 'suicide']);
  }
  const switches: [Feature, string, string[]][] = [
    ['symmetric-cluster=false', 'symmetric-cluster', ['false']],
    ['start-failure-is-fatal=false', 'start-failure-is-fatal', ['false']],
    ['cluster maintenance', 'maintenance-mode', ['true']],
    ['stop-all-resources', 'stop-all-resources', ['true']],
    ['stop-orphan-resources=false', 'stop-orphan-resources', ['false']],
    ['stop-orphan-actions=false', 'stop-orphan-actions', ['false']],
    ['remove-after-stop', 'remove-after-stop', ['true']],
    ['enable-startup-probes=false', 'enable-startup-probes', ['false']],
    ['shutdown lock', 'shutdown-lock', ['true']],
    ['concurrent-fencing=false', 'concurrent-fencing', ['false']],
    ['concurrent operations', 'batch-limit', ['1', '3']],
  ];
  for (const [feature, name, values] of switches) if (world.may(feature)) set(name, values);
  if (options.has('shutdown-lock') && draw.chance(0.4)) set('shutdown-lock-limit', ['5min', '1h', '0']);
  if (world.on.has('utilization'))
    set('placement-strategy', ['utilization', 'balanced', 'minimal', 'default', 'balanced']);
  if (world.on.has('node health')) {
    set('node-health-strategy', ['none', 'migrate-on-red', 'only-green', 'progressive', 'custom', 'progressive']);
    if (draw.chance(0.4)) set('node-health-red', ['-INFINITY', '-100', '0']);
    if (draw.chance(0.4)) set('node-health-yellow', ['-INFINITY', '-20', '0', '10']);
    if (draw.chance(0.4)) set('node-health-green', ['0', '30']);
    if (draw.chance(0.3)) set('node-health-base', ['0', '50', '-10']);
  }
}

export function makeDefaults(world: World): void {
  const { draw } = world;
  const plain = new Map<string, string>();
  if (world.may('stickiness', 0.6)) plain.set('resource-stickiness', draw.pick(['1', '100', 'INFINITY', '5', '0']));
  if (world.may('migration-threshold', 0.4)) plain.set('migration-threshold', draw.pick(['1', '2', '3', '0']));
  if (world.may('failure-timeout', 0.3)) plain.set('failure-timeout', draw.pick(['60s', '10min', '2h']));
  if (draw.chance(0.1)) plain.set('is-managed', draw.pick(['true', 'true', 'false']));
  world.resourceDefaults.push(...world.pairs('meta_attributes', 'rsc-defaults', plain));
  if (world.may('rsc_defaults with rules')) world.resourceDefaults.push(ruledResourceDefaults(world));
  const operations = new Map<string, string>();
  if (draw.chance(0.25)) operations.set('timeout', draw.pick(['30s', '60s']));
  if (world.may('on-fail', 0.1))
    operations.set('on-fail', draw.pick(['restart', 'ignore', 'stop', 'block', 'standby']));
  world.operationDefaults.push(...world.pairs('meta_attributes', 'op-defaults', operations));
  if (world.may('op_defaults with rules')) world.operationDefaults.push(ruledOperationDefaults(world));
}

function ruledResourceDefaults(world: World): Element {
  const { draw } = world;
  const values = new Map([
    draw.pick<[string, string]>([
      ['resource-stickiness', '50'],
      ['migration-threshold', '1'],
      ['target-role', 'Stopped'],
      ['priority', '3'],
    ]),
  ]);
  const expression = draw.chance(0.5)
    ? el('rsc_expression', {
        id: world.newId('expr'),
        class: draw.pick(['ocf', undefined, 'systemd']),
        provider: draw.pick([undefined, 'heartbeat', 'pacemaker']),
        type: draw.pick([undefined, 'Dummy', 'Stateful']),
      })
    : dateExpression(world);
  return ruledSet(world, 'rsc-defaults', values, expression);
}

function ruledOperationDefaults(world: World): Element {
  const { draw } = world;
  const values = new Map([
    draw.pick<[string, string]>([
      ['timeout', '77s'],
      ['on-fail', 'stop'],
      ['on-fail', 'block'],
      ['enabled', 'false'],
      ['on-fail', 'ignore'],
    ]),
  ]);
  const pickers = [
    (): Element => el('op_expression', { id: world.newId('expr'), name: draw.pick(['monitor', 'start', 'stop']) }),
    (): Element =>
      el('op_expression', { id: world.newId('expr'), name: 'monitor', interval: draw.pick(['10s', '20s']) }),
    (): Element => el('rsc_expression', { id: world.newId('expr'), type: draw.pick(['Dummy', 'Stateful']) }),
    (): Element => dateExpression(world),
  ];
  return ruledSet(world, 'op-defaults', values, draw.pick(pickers)());
}

function ruledSet(world: World, owner: string, values: ReadonlyMap<string, string>, expression: Element): Element {
  const rule = el(
    'rule',
    { id: world.newId('rule'), score: world.draw.pick(['INFINITY', '0', '10']), 'boolean-op': 'and' },
    [expression],
  );
  const [set] = world.pairs('meta_attributes', owner, values, { score: String(world.draw.between(0, 20)) });
  return { ...(set as Element), children: [rule, ...(set as Element).children] };
}
