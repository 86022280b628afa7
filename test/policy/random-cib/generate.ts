/** `generate(seed)`: one random CIB with its status section, and the features that it really contains. */
import { type Element, el, writeXml } from '../xml-tree.ts';
import { makeResources } from './collectives.ts';
import { makeColocations } from './colocation.ts';
import { addFaults } from './faults.ts';
import type { Feature } from './features.ts';
import { makePast, type Past } from './history.ts';
import { makeLocations } from './location.ts';
import { makeNodes } from './nodes.ts';
import { recordElement } from './operations.ts';
import { makeDefaults, makeOptions } from './options.ts';
import { makeOrders, makeTickets } from './order.ts';
import { type NodePlan, nowS, type Primitive, type Top, World } from './world.ts';

export interface RandomCib {
  seed: number;
  cib: Element;
  xml: string;
  features: ReadonlySet<Feature>;
}

export function generate(seed: number): RandomCib {
  const world = new World(seed);
  makeNodes(world);
  makeOptions(world);
  makeDefaults(world);
  makeResources(world);
  makeLocations(world);
  makeColocations(world);
  makeOrders(world);
  makeTickets(world);
  // Pacemaker reads fail counts without an operation in their name only in a CIB this old.
  if (world.on.has('fail counts per resource')) world.featureSet = '3.0.10';
  const pasts = makePast(world);
  addFaults(world, pasts);
  addOrphans(world, pasts);
  setPromotionScores(world, pasts);
  const cib = cibElement(world, pasts);
  return { seed, cib, xml: writeXml(cib), features: world.used };
}

/** Records of resources that are no longer configured. */
function addOrphans(world: World, pasts: Past[]): void {
  for (const node of world.nodes) {
    if (node.state === 'unseen' || !world.may('orphans', 0.5)) continue;
    const agent = { class: 'ocf', provider: 'pacemaker', type: 'Dummy' };
    const none = {
      params: new Map(),
      meta: new Map(),
      operations: [],
      recurring: [],
      utilization: new Map(),
      element: el('primitive'),
    };
    const primitive: Primitive = {
      id: 'gone',
      agent,
      ...none,
      top: { id: 'gone', kind: 'primitive', members: [], meta: new Map(), element: el('primitive') } as Top,
    };
    const running = world.draw.chance(0.7);
    const operations = running
      ? [
          { name: 'start', rc: 0, ageS: 500 },
          { name: 'monitor', intervalMs: 10_000, rc: world.draw.pick([0, 0, 0, 7]), ageS: 490 },
        ]
      : [{ name: 'stop', rc: 0, ageS: 500 }];
    pasts.push({ node, role: running ? 'started' : 'stopped', record: { id: 'gone', primitive, operations } });
  }
}

function setPromotionScores(world: World, pasts: readonly Past[]): void {
  for (const { node, record } of pasts) {
    if (record.primitive.top.clone?.promotable !== true || node.state === 'offline') continue;
    if (!world.may('promotion scores', 0.8)) continue;
    node.transient.set(
      `master-${record.id}`,
      world.draw.pick(['5', '10', '10', '100', '-1', '0', '1000000', 'INFINITY', '-INFINITY']),
    );
  }
}

function cibElement(world: World, pasts: readonly Past[]): Element {
  const status = world.nodes.filter(({ state }) => state !== 'unseen').map((node) => nodeState(world, node, pasts));
  const tickets = world.ticketStates.length === 0 ? [] : [el('tickets', {}, world.ticketStates)];
  const configuration = el('configuration', {}, [
    el('crm_config', {}, world.pairs('cluster_property_set', 'cib-bootstrap-options', world.options)),
    el(
      'nodes',
      {},
      world.nodes.map((node) => nodeElement(world, node)),
    ),
    el('resources', {}, [...world.templates, ...world.tops.map(({ element }) => element)]),
    el('constraints', {}, world.constraints),
    ...(world.tags.length === 0 ? [] : [el('tags', {}, world.tags)]),
    ...(world.resourceDefaults.length === 0 ? [] : [el('rsc_defaults', {}, world.resourceDefaults)]),
    ...(world.operationDefaults.length === 0 ? [] : [el('op_defaults', {}, world.operationDefaults)]),
  ]);
  return el(
    'cib',
    {
      'validate-with': 'pacemaker-3.9',
      crm_feature_set: world.featureSet,
      admin_epoch: 0,
      epoch: 5,
      num_updates: 7,
      'have-quorum': world.haveQuorum ? 1 : 0,
      'dc-uuid': world.nodes.find(({ state }) => state === 'online')?.id,
    },
    [configuration, el('status', {}, [...status, ...tickets])],
  );
}

function nodeElement(world: World, node: NodePlan): Element {
  return el('node', { id: node.id, uname: node.name }, [
    ...world.pairs('instance_attributes', `nodes-${node.name}`, node.permanent),
    ...world.pairs('utilization', `nodes-${node.name}`, node.utilization),
  ]);
}

const states: Record<NodePlan['state'], Record<string, string>[]> = {
  online: [{ in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' }],
  offline: [{ in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' }],
  unclean: [
    { in_ccm: 'false', crmd: 'offline', join: 'member', expected: 'member' },
    { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'member' },
    { in_ccm: 'true', crmd: 'offline', join: 'member', expected: 'member' },
  ],
  pending: [
    { in_ccm: 'true', crmd: 'online', join: 'down', expected: 'member' },
    { in_ccm: 'true', crmd: 'offline', join: 'down', expected: 'down' },
  ],
  unseen: [{}],
};

function nodeState(world: World, node: NodePlan, pasts: readonly Past[]): Element {
  const own = pasts.filter((past) => past.node === node);
  if (node.shutdown) node.transient.set('shutdown', String(nowS - 7));
  for (const { record, role } of own) {
    if (node.state === 'offline' && role === 'stopped' && world.may('shutdown lock', 0.6)) {
      record.more = { 'shutdown-lock': String(nowS - world.draw.pick([20, 1000, 10_000])) };
    }
  }
  const records = own.map(({ record }) => recordElement(world, node.name, record, nowS));
  const attributes = world.pairs('instance_attributes', `status-${node.id}`, node.transient);
  return el('node_state', { id: node.id, uname: node.name, ...world.draw.pick(states[node.state]) }, [
    ...(attributes.length === 0 ? [] : [el('transient_attributes', { id: node.id }, attributes)]),
    el('lrm', { id: node.id }, [el('lrm_resources', {}, records)]),
  ]);
}
