/** Who is there and what runs where, as a reader sees it: read from the working set, not from a decision. */

import { compareText } from '../../types.ts';
import { type Cluster, type ClusterNode, primitivesOf, type Resource, role } from '../working-set.ts';
import type { ResourceTable } from './answer.ts';
import { foldedName, roleWord } from './names.ts';

/** `online`, `offline+unclean`, `online+standby+health-red`, by node name. */
export function nodeWords(cluster: Cluster): Record<string, string> {
  const { nodeHealthStrategy } = cluster.options;
  const members = cluster.nodes.filter(({ kind }) => kind === 'member');
  return sortedTable(members.map((node) => [node.name, wordsOf(node, nodeHealthStrategy)]));
}

function wordsOf(node: ClusterNode, strategy: string): string {
  const words = [node.online ? 'online' : 'offline'];
  if (node.standbyOnFail) words.push('standby_onfail');
  if (node.standby) words.push('standby');
  if (node.maintenance) words.push('maintenance');
  if (node.pending) words.push('pending');
  if (node.unclean) words.push('unclean');
  const health = strategy === 'none' ? undefined : healthOf(node);
  if (health !== undefined) words.push(health);
  return words.join('+');
}

/** The worst of what its health attributes say. */
function healthOf(node: ClusterNode): string | undefined {
  const values = [...node.attributes].filter(([name]) => name.startsWith('#health')).map(([, value]) => value);
  if (values.includes('red') || values.some((value) => Number(value) < 0)) return 'health-red';
  return values.includes('yellow') || values.some((value) => value === '0') ? 'health-yellow' : undefined;
}

export function resourceTable(cluster: Cluster): ResourceTable {
  const resources = new Map<string, Record<string, string>>();
  const flags = new Map<string, Set<string>>();
  for (const top of cluster.resources) {
    if (isInactiveOrphan(top)) continue;
    for (const primitive of primitivesOf(top)) {
      const id = foldedName(primitive).resource;
      resources.set(id, { ...resources.get(id), ...placesOf(primitive) });
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

function isInactiveOrphan(resource: Resource): boolean {
  return resource.orphan && primitivesOf(resource).every(({ activeOn }) => activeOn.length === 0);
}

function placesOf(resource: Resource): Record<string, string> {
  if (resource.role <= role.stopped) return {};
  const word = pendingWord(resource) ?? shownRole(resource);
  return sortedTable(resource.activeOn.map((node) => [node.name, word]));
}

/** Of a failed resource only the promoted role is believed; an instance of a cloned group has one role, the highest. */
function shownRole(resource: Resource): string {
  if (resource.failed && resource.role !== role.promoted) return 'Started';
  const instance = resource.parent;
  if (instance?.kind !== 'group' || instance.parent === undefined || !isWholly(instance))
    return roleWord(resource, resource.role);
  const highest = instance.children.reduce((best, { role: each }) => (each > best ? each : best), resource.role);
  return roleWord(resource, highest);
}

/** Every member runs on the same node and nothing is wrong with any. */
function isWholly({ children }: Resource): boolean {
  const [place] = children[0]?.activeOn ?? [];
  return children.every(
    (child) =>
      child.activeOn.length === 1 &&
      child.activeOn[0] === place &&
      child.role > role.stopped &&
      flagsOf(child).length === 0 &&
      child.pendingTask === undefined,
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
