/** Who is there and what runs where, as a reader sees it: read from the working set, not from a decision. */

import { parseScore } from '../../cib/values.ts';
import { compareText } from '../../types.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import { infinity } from '../score.ts';
import {
  type Cluster,
  type ClusterNode,
  cloneOf,
  primitivesOf,
  type Resource,
  type Role,
  role,
} from '../working-set.ts';
import type { ResourceTable } from './answer.ts';
import { foldedName, roleWord } from './names.ts';

/** `online`, `offline+unclean`, `online+standby+health-red`, by node name. */
export function nodeWords(cluster: Cluster): Record<string, string> {
  const members = cluster.nodes.filter(({ kind }) => kind === 'member');
  return sortedTable(members.map((node) => [node.name, wordsOf(node, cluster.options)]));
}

function wordsOf(node: ClusterNode, options: ClusterOptions): string {
  const words = [node.online ? 'online' : 'offline'];
  if (node.standbyOnFail) words.push('standby_onfail');
  if (node.standby) words.push('standby');
  if (node.maintenance) words.push('maintenance');
  if (node.pending) words.push('pending');
  if (node.unclean) words.push('unclean');
  const health = nodeHealth(node, options);
  if (health !== 'green') words.push(`health-${health}`);
  return words.join('+');
}

/** Green where nobody asks for it. */
export function nodeHealth(node: ClusterNode, options: ClusterOptions): 'green' | 'yellow' | 'red' {
  return options.nodeHealthStrategy === 'none' ? 'green' : healthOf(node, options);
}

/**
 * The worst of what its health attributes say. A number is red or yellow where it is no better than what the options say a red
 * or a yellow one is worth; where yellow is worth as much as green no number is yellow.
 */
function healthOf(node: ClusterNode, options: ClusterOptions): 'green' | 'yellow' | 'red' {
  const { red, yellow, green } = coloursWorth(options);
  let worst: 'green' | 'yellow' | 'red' = 'green';
  for (const [name, value] of node.attributes) {
    if (!name.startsWith('#health') || worst === 'red') continue;
    const worth = value === 'green' ? green : (parseScore(value) ?? 0);
    if (value === 'red' || (value !== 'yellow' && worth <= red)) worst = 'red';
    else if (value === 'yellow' || (worth <= yellow && yellow !== green)) worst = 'yellow';
  }
  return worst;
}

function coloursWorth(options: ClusterOptions): { red: number; yellow: number; green: number } {
  const { nodeHealthStrategy, nodeHealthRed: red, nodeHealthYellow: yellow, nodeHealthGreen: green } = options;
  if (nodeHealthStrategy === 'progressive' || nodeHealthStrategy === 'custom') return { red, yellow, green };
  return { red: -infinity, yellow: nodeHealthStrategy === 'only-green' ? -infinity : 0, green: 0 };
}

/** `pending`: an operation under way stands in the place of the role. */
export function resourceTable(cluster: Cluster, { pending }: { pending: boolean }): ResourceTable {
  const resources = new Map<string, Record<string, string>>();
  const flags = new Map<string, Set<string>>();
  for (const top of cluster.resources) {
    if (isInactiveOrphan(top) || isOutOfReach(top)) continue;
    for (const primitive of listedOf(top)) {
      const id = foldedName(primitive).resource;
      resources.set(id, { ...resources.get(id), ...placesOf(primitive, pending) });
      const found = flags.get(id) ?? new Set<string>();
      for (const flag of flagsOf(primitive)) found.add(flag);
      flags.set(id, found);
    }
  }
  return {
    resources: sortedTable([...resources]),
    flags: sortedTable(
      [...flags].filter(([, found]) => found.size > 0).map(([id, found]) => [id, [...found].sort(compareText)]),
    ),
  };
}

/** An orphan that runs nowhere, as far as is believed of a node that left in peace. */
function isInactiveOrphan(resource: Resource): boolean {
  if (!resource.orphan) return false;
  return primitivesOf(resource).every(({ activeOn, managed }) =>
    activeOn.every((node) => managed && !node.online && !node.unclean),
  );
}

function listedOf(top: Resource): Resource[] {
  if (top.clone === undefined) return primitivesOf(top);
  return top.children
    .filter((instance) => instance.kind === 'primitive' || !isOutOfReach(instance))
    .flatMap(primitivesOf);
}

/** Members of a group or clone that nobody manages, on a node that nobody sees: Pacemaker does not list such a collective. */
function isOutOfReach(resource: Resource): boolean {
  if (resource.kind === 'primitive') return false;
  const active = primitivesOf(resource).filter(({ activeOn }) => activeOn.length > 0);
  return (
    active.length > 0 && active.every(({ managed, activeOn }) => !managed && activeOn.every(({ online }) => !online))
  );
}

function placesOf(resource: Resource, pending: boolean): Record<string, string> {
  if (resource.role <= role.stopped) return {};
  const word = (pending ? pendingWord(resource) : undefined) ?? shownRole(resource, pending);
  return sortedTable(resource.activeOn.map((node) => [node.name, word]));
}

/** Of a failed resource only the promoted role is believed; an instance of a cloned group has one role, the highest. */
function shownRole(resource: Resource, pending: boolean): string {
  if (resource.failed && resource.role !== role.promoted) return 'Started';
  const instance = resource.parent;
  if (instance?.kind !== 'group' || instance.parent === undefined || !isWholly(instance, pending))
    return roleOf(resource, resource.role);
  let highest = resource.role;
  for (const { role: each } of instance.children) if (each > highest) highest = each;
  return roleOf(resource, highest);
}

/** What can be promoted and merely runs is unpromoted. */
function roleOf(resource: Resource, value: Role): string {
  const promotable = cloneOf(resource)?.clone?.promotable === true;
  return roleWord(value === role.started && promotable ? role.unpromoted : value);
}

/** Every member runs on the same node and nothing is wrong with any. */
function isWholly({ children }: Resource, pending: boolean): boolean {
  const [place] = children[0]?.activeOn ?? [];
  return children.every(
    (child) =>
      child.activeOn.length === 1 &&
      child.activeOn[0] === place &&
      child.role > role.stopped &&
      flagsOf(child).length === 0 &&
      (!pending || child.pendingTask === undefined),
  );
}

/** A resource whose operation is still under way is on its way. A monitor under way changes nothing. */
function pendingWord(resource: Resource): string | undefined {
  const words: Record<string, string> = {
    start: 'Starting',
    stop: 'Stopping',
    migrate_to: 'Migrating',
    migrate_from: 'Migrating',
    promote: 'Promoting',
    demote: 'Demoting',
  };
  return resource.pendingTask === undefined ? undefined : words[resource.pendingTask];
}

function flagsOf(resource: Resource): string[] {
  const left = (resource.orphan || resource.orphanInstance) && resource.activeOn.length > 0;
  return [
    ...(resource.failed ? ['failed'] : []),
    ...(resource.blocked ? ['blocked'] : []),
    ...(resource.managed || resource.blocked ? [] : ['unmanaged']),
    ...(left ? ['orphan'] : []),
  ];
}

export function sortedTable<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([left], [right]) => compareText(left, right)));
}
