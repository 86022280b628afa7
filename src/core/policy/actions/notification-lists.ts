/**
 * What the agents of a clone are told with a notification: which instances are active, inactive, promoted, ..., and which are
 * about to start, stop and so on, and where (OCF_RESKEY_CRM_meta_notify_*).
 */

import { type ClusterNode, type Resource, role } from '../working-set.ts';
import { compareText } from './in-order.ts';

interface Entry {
  readonly resource: Resource;
  readonly node: ClusterNode | undefined;
}

const deeds = ['start', 'stop', 'promote', 'demote'] as const;
const states = ['active', 'inactive', 'unpromoted', 'promoted'] as const;
const kinds = [...deeds, ...states] as const;

export type NotificationLists = Record<(typeof kinds)[number], Entry[]>;

export function emptyLists(): NotificationLists {
  return { start: [], stop: [], promote: [], demote: [], active: [], inactive: [], unpromoted: [], promoted: [] };
}

export function noteState(resource: Resource, lists: NotificationLists): void {
  if (resource.kind !== 'primitive') {
    for (const child of resource.children) noteState(child, lists);
    return;
  }
  const entry = { resource, node: resource.activeOn[0] };
  if (resource.role === role.stopped) lists.inactive.push(entry);
  else if (resource.role !== role.unknown) lists.active.push(entry);
  if (resource.role === role.unpromoted) lists.unpromoted.push(entry);
  if (resource.role === role.promoted) lists.promoted.push(entry);
}

export function noteActions(resource: Resource, lists: NotificationLists): void {
  if (resource.kind !== 'primitive') {
    for (const child of resource.children) noteActions(child, lists);
    return;
  }
  for (const { task, optional, runnable, node } of resource.actions) {
    if (optional || node === undefined || !isDeed(task)) continue;
    // A stop on a node that will be fenced counts although nobody carries it out.
    if (runnable || (task === 'stop' && node.unclean)) lists[task].push({ resource, node });
  }
}

function isDeed(task: string): task is (typeof deeds)[number] {
  return (deeds as readonly string[]).includes(task);
}

/** Names as agents know them, the older words beside the newer ones. */
export function notificationVariables(resource: Resource, lists: NotificationLists): Map<string, string> {
  const variables = new Map<string, string>();
  for (const kind of kinds) {
    const sorted = [...lists[kind]].sort((left, right) => compareText(left.resource.id, right.resource.id));
    const resources = listOf(sorted.map((entry) => entry.resource.id));
    const nodes = listOf(sorted.flatMap((entry) => (entry.node === undefined ? [] : [entry.node.name])));
    for (const name of namesOf(kind)) {
      variables.set(`notify_${name}_resource`, resources);
      if (kind !== 'inactive') variables.set(`notify_${name}_uname`, nodes);
    }
  }
  const allowed = [...resource.allowed.values()].map(({ node }) => node.name).sort(compareText);
  variables.set('notify_available_uname', listOf(allowed));
  return variables;
}

function namesOf(kind: (typeof kinds)[number]): string[] {
  if (kind === 'promoted') return ['master', 'promoted'];
  return kind === 'unpromoted' ? ['slave', 'unpromoted'] : [kind];
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? ' ' : [...new Set(names)].join(' ');
}
