/** Primitives with their parameters, meta attributes and operations. */
import { type Element, el } from '../xml-tree.ts';
import { dateExpression } from './rules.ts';
import type { Primitive, Recurring, Top, World } from './world.ts';

export type Purpose = 'plain' | 'member' | 'promotable' | 'stonith';

export function makePrimitive(world: World, id: string, purpose: Purpose): Primitive {
  const { draw } = world;
  const agent = pickAgent(world, purpose);
  const params = new Map<string, string>();
  if (agent.class === 'ocf') {
    for (const name of draw.some(['ip', 'state', 'options', 'device'], 0.35))
      params.set(name, `${name}-${draw.between(1, 3)}`);
  }
  const primitive: Primitive = {
    id,
    agent,
    params,
    meta: new Map(),
    operations: [],
    recurring: [],
    utilization: new Map(),
    element: el('primitive'),
    top: undefined as unknown as Top,
  };
  if (purpose !== 'stonith') setMeta(world, primitive, purpose);
  makeOperations(world, primitive, purpose);
  if (world.may('utilization', 0.8) && purpose !== 'stonith') {
    for (const name of draw.some(['cpu', 'memory'], 0.6)) {
      primitive.utilization.set(name, String(name === 'cpu' ? draw.between(0, 4) : draw.between(0, 4) * 512));
    }
  }
  primitive.element = asElement(world, primitive);
  return primitive;
}

function pickAgent(world: World, purpose: Purpose): Primitive['agent'] {
  if (purpose === 'stonith') return { class: 'stonith', type: world.draw.pick(['fence_dummy', 'fence_ipmilan']) };
  if (purpose === 'promotable') return { class: 'ocf', provider: 'pacemaker', type: 'Stateful' };
  return world.draw.pick<Primitive['agent']>([
    { class: 'ocf', provider: 'heartbeat', type: 'IPaddr2' },
    { class: 'ocf', provider: 'pacemaker', type: 'Dummy' },
    { class: 'ocf', provider: 'pacemaker', type: 'Dummy' },
    { class: 'ocf', provider: 'heartbeat', type: 'Filesystem' },
    { class: 'systemd', type: 'httpd' },
    { class: 'lsb', type: 'tool' },
  ]);
}

function setMeta(world: World, { meta }: Primitive, purpose: Purpose): void {
  const { draw } = world;
  if (world.may('stickiness', 0.3)) meta.set('resource-stickiness', draw.pick(['0', '5', '100', 'INFINITY', '-5']));
  if (world.may('priority', 0.4)) meta.set('priority', draw.pick(['1', '5', '10', '-3']));
  if (world.may('target-role', 0.25)) {
    meta.set(
      'target-role',
      draw.pick(
        purpose === 'promotable'
          ? ['Stopped', 'Started', 'Promoted', 'Unpromoted', 'Slave']
          : ['Stopped', 'Started', 'Stopped'],
      ),
    );
  }
  if (world.may('is-managed=false', 0.2)) meta.set('is-managed', 'false');
  if (world.may('resource maintenance', 0.2)) meta.set('maintenance', 'true');
  if (world.may('requires', 0.4)) meta.set('requires', draw.pick(['nothing', 'quorum', 'fencing', 'unfencing']));
  if (world.may('critical', 0.4)) meta.set('critical', 'false');
  if (world.may('allow-migrate', 0.6)) meta.set('allow-migrate', 'true');
  if (world.may('multiple-active', 0.6)) {
    meta.set('multiple-active', draw.pick(['block', 'stop_only', 'stop_start', 'stop_unexpected', 'stop_unexpected']));
  }
  if (world.may('migration-threshold', 0.5))
    meta.set('migration-threshold', draw.pick(['1', '2', '3', 'INFINITY', '0']));
  if (world.may('failure-timeout', 0.5)) meta.set('failure-timeout', draw.pick(['30s', '5min', '1h', '0']));
  if (world.on.has('node health') && draw.chance(0.2)) meta.set('allow-unhealthy-nodes', 'true');
}

const failurePolicies: Record<string, string[]> = {
  monitor: ['restart', 'ignore', 'block', 'stop', 'standby', 'fence', 'demote'],
  start: ['restart', 'ignore', 'block', 'stop', 'standby', 'fence'],
  stop: ['block', 'ignore', 'fence'],
  promote: ['demote', 'restart', 'block', 'stop', 'fence'],
  demote: ['restart', 'block', 'fence', 'ignore'],
};

function makeOperations(world: World, primitive: Primitive, purpose: Purpose): void {
  const { draw } = world;
  const monitors: { interval: number; role?: string }[] = draw.chance(0.75)
    ? [{ interval: draw.pick([10, 20, 30]) }]
    : [];
  if (purpose === 'promotable' && monitors.length > 0 && world.may('monitors for roles', 0.8)) {
    monitors.push({ interval: 11, role: draw.pick(['Promoted', 'Master']) });
    if (draw.chance(0.3)) monitors.push({ interval: 13, role: draw.pick(['Unpromoted', 'Slave']) });
  } else if (world.may('monitors for roles', 0.25)) {
    monitors.push({ interval: 17, role: 'Stopped' });
  }
  if (monitors.length > 0 && world.may('several monitors', 0.4)) monitors.push({ interval: 60 });
  for (const { interval, role } of monitors) {
    const attributes = operationAttributes(world, primitive, 'monitor', draw.pick([`${interval}s`, String(interval)]));
    if (role !== undefined) attributes['role'] = role;
    primitive.operations.push(el('op', attributes));
    const intervalMs = interval * 1000;
    if (attributes['enabled'] === 'false') continue;
    const recurring: Recurring = { name: 'monitor', intervalMs, timeoutMs: timeoutMs(attributes['timeout']), role };
    primitive.recurring.push(recurring);
  }
  const others = purpose === 'promotable' ? ['start', 'stop', 'promote', 'demote'] : ['start', 'stop'];
  for (const name of others) {
    if (draw.chance(0.35))
      primitive.operations.push(el('op', operationAttributes(world, primitive, name, draw.pick(['0', '0s']))));
  }
}

function operationAttributes(world: World, { id }: Primitive, name: string, interval: string): Record<string, string> {
  const attributes: Record<string, string> = { id: world.newId(`${id}-${name}`), name, interval };
  if (world.draw.chance(0.4)) attributes['timeout'] = world.draw.pick(['20s', '40', '90s']);
  if (world.may('on-fail', 0.4)) attributes['on-fail'] = world.draw.pick(failurePolicies[name] ?? ['restart']);
  if (world.may('disabled operations', 0.3)) attributes['enabled'] = 'false';
  return attributes;
}

/** A number without unit means seconds. What no operation says is Pacemaker's default of 20 s. */
function timeoutMs(text: string | undefined): number {
  return text === undefined ? 20_000 : Number.parseInt(text, 10) * 1000;
}

function asElement(world: World, primitive: Primitive): Element {
  const { id, agent, params, meta, operations, utilization } = primitive;
  const children = [
    ...world.pairs('instance_attributes', id, params),
    ...(agent.class === 'ocf' && world.may('instance attributes with rules', 0.3) ? [ruledParameters(world, id)] : []),
    ...world.pairs('meta_attributes', id, meta),
    ...world.pairs('utilization', id, utilization),
    ...(operations.length === 0 ? [] : [el('operations', {}, operations)]),
  ];
  if (agent.class !== 'stonith' && world.may('templates', 0.3)) return fromTemplate(world, primitive, children);
  return el('primitive', { id, ...agent }, children);
}

/** The class from a template, and now and then the operations or a meta attribute too. */
function fromTemplate(world: World, { id, agent }: Primitive, children: Element[]): Element {
  const template = `tpl-${id}`;
  const moved = children.filter((child) => child.name === 'operations' && world.draw.chance(0.6));
  const own = world.draw.chance(0.4) ? world.pairs('meta_attributes', template, new Map([['priority', '2']])) : [];
  world.templates.push(el('template', { id: template, ...agent }, [...own, ...moved]));
  return el(
    'primitive',
    { id, template },
    children.filter((child) => !moved.includes(child)),
  );
}

function ruledParameters(world: World, owner: string): Element {
  const [set] = world.pairs('instance_attributes', owner, new Map([['ruled', 'yes']]));
  const expression = world.draw.chance(0.5)
    ? dateExpression(world)
    : el('expression', {
        id: world.newId('expr'),
        attribute: '#uname',
        operation: 'eq',
        value: world.draw.pick(world.nodes).name,
      });
  const rule = el('rule', { id: world.newId('rule'), score: '5' }, [expression]);
  return { ...(set as Element), children: [rule, ...(set as Element).children] };
}
