/**
 * The nodes of the configuration, sorted by name, with their attributes: permanent ones first, then what is known only while
 * they are up, which wins. A node that only the status knows is none: its state is ignored.
 */
import type { Cib, NodeDefinition } from '../../cib/model.ts';
import type { RuleContext } from '../rules/context.ts';
import { effectivePairs } from '../rules/pairs.ts';
import type { ClusterNode, ClusterOptions, PolicyWarning } from '../working-set.ts';
import { scoreOf } from './scores.ts';
import { warnOnce } from './warn.ts';

interface NodesInput {
  readonly cib: Cib;
  readonly options: ClusterOptions;
  readonly context: RuleContext;
  readonly dcId: string | undefined;
  readonly warnings: PolicyWarning[];
}

export function unpackNodes(input: NodesInput): ClusterNode[] {
  const { cib, context } = input;
  const nodes = cib.configuration.nodes.map((definition) => newNode(definition, input));
  nodes.sort((left, right) => compareNodeNames(left.name, right.name));
  for (const [index, node] of nodes.entries()) node.index = index;
  for (const state of cib.status.nodes) {
    const node = nodes.find(({ id }) => id === state.id) ?? nodes.find(({ name }) => sameName(name, state.uname));
    if (node === undefined) continue;
    effectivePairs(state.transientAttributes, context, { into: node.attributes, overwrite: true });
    for (const [name, amount] of numbersOf(effectivePairs(state.transientUtilization, context))) {
      node.utilization.set(name, amount);
      node.freeCapacity.set(name, amount);
    }
  }
  for (const node of nodes) addSiteName(node, input.options);
  return nodes;
}

/**
 * Names are compared without regard to case, and numbers in them by value: `node2` goes before `node10`. Of equal numbers the
 * one that is written shorter goes first.
 */
export function compareNodeNames(left: string, right: string): number {
  const [lefts, rights] = [pieces(left), pieces(right)];
  for (let index = 0; index < Math.min(lefts.length, rights.length); index += 1) {
    const order = comparePieces(lefts[index] ?? '', rights[index] ?? '');
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

export function sameName(left: string, right: string | undefined): boolean {
  return right !== undefined && left.toLowerCase() === right.toLowerCase();
}

/** Runs of digits, and every other letter by itself. */
function pieces(name: string): readonly string[] {
  return name.toLowerCase().match(/\d+|\D/g) ?? [];
}

function comparePieces(left: string, right: string): number {
  const numeric = /^\d/.test(left) && /^\d/.test(right);
  if (numeric && Number(left) !== Number(right)) return Number(left) - Number(right);
  if (numeric) return left.length - right.length;
  return left < right ? -1 : Number(left > right);
}

function newNode(definition: NodeDefinition, { cib, options, context, dcId, warnings }: NodesInput): ClusterNode {
  const { id, uname } = definition;
  const isDc = id === dcId;
  const attributes = new Map([
    ['#uname', uname],
    ['#id', id],
    ['#kind', definition.type?.toLowerCase() === 'remote' ? 'remote' : 'cluster'],
    ['#is_dc', String(isDc)],
  ]);
  const clusterName = options.raw.get('cluster-name');
  if (clusterName !== undefined) attributes.set('#cluster-name', clusterName);
  effectivePairs(definition.attributes, context, { into: attributes });
  const utilization = numbersOf(effectivePairs(definition.utilization, context));
  // Until its state has been read, nothing proves that a node does not run something.
  return {
    id,
    name: uname,
    index: 0,
    kind: kindOf(definition, warnings),
    attributes,
    utilization,
    freeCapacity: new Map(utilization),
    online: false,
    unclean: options.startupFencing,
    pending: false,
    standby: false,
    standbyOnFail: false,
    maintenance: false,
    shutdown: false,
    expectedUp: false,
    isDc,
    unseen: !cib.status.nodes.some((state) => state.id === id || sameName(uname, state.uname)),
    baseScore: scoreOf(definition.score),
    health: 0,
    running: [],
    assigned: [],
    priority: 0,
    historyUnpacked: false,
  };
}

function kindOf({ type, uname }: NodeDefinition, warnings: PolicyWarning[]): ClusterNode['kind'] {
  switch (type?.toLowerCase() ?? 'member') {
    case 'member':
    case 'normal':
      return 'member';
    case 'remote':
      return 'remote';
    case 'ping':
      return 'ping';
    default:
      warnOnce({ warnings }, { code: 'node-type-unknown', fields: { node: uname, type: type ?? '' } });
      return 'ping';
  }
}

function addSiteName({ attributes }: ClusterNode, options: ClusterOptions): void {
  const site = attributes.get('#site-name') ?? attributes.get('site-name') ?? options.raw.get('cluster-name');
  if (site !== undefined) attributes.set('#site-name', site);
}

/** Capacities and needs are whole numbers; what is none counts as 0. */
export function numbersOf(pairs: ReadonlyMap<string, string>): Map<string, number> {
  return new Map([...pairs].map(([name, value]) => [name, Number.parseInt(value, 10) || 0]));
}
