/** From the XML report of `crm_simulate -S` (Pacemaker 2.1) to the form of answer.ts. */
import type { ActionEntry, Answer, ResourceTable, TransitionEntry } from './answer.ts';
import { childNamed, childrenNamed, type Element, everyElement, parseXml } from './xml-tree.ts';

export function readReport(xml: string): Answer {
  const report = parseXml(xml);
  const before = childNamed(report, 'cluster_status');
  const after = childNamed(report, 'revised_cluster_status');
  const anonymous = anonymousMembers(before);
  const actions = childNamed(report, 'actions')?.children ?? [];
  const transition = childNamed(report, 'transition')?.children ?? [];
  return {
    nodesBefore: nodeStates(before),
    nodes: nodeStates(after),
    actions: actions.flatMap((action) => actionEntry(action, anonymous)),
    current: resourceTable(before, anonymous),
    revised: resourceTable(after, anonymous),
    transition: transition.map((operation) => transitionEntry(operation, anonymous)),
  };
}

/** Primitives in anonymous clones: `id:N` of those is folded into `id`. */
function anonymousMembers(status: Element | undefined): Set<string> {
  const found = new Set<string>();
  for (const clone of childrenNamed(childNamed(status, 'resources'), 'clone')) {
    if (clone.attributes['unique'] === 'true') continue;
    for (const element of everyElement(clone)) {
      if (element.name === 'resource') found.add(withoutNumber(element.attributes['id'] ?? ''));
    }
  }
  return found;
}

function nodeStates(status: Element | undefined): Record<string, string> {
  const states: Record<string, string> = {};
  for (const node of childrenNamed(childNamed(status, 'nodes'), 'node')) {
    const is = (name: string): boolean => node.attributes[name] === 'true';
    const words = [is('online') ? 'online' : 'offline'];
    for (const flag of ['standby', 'standby_onfail', 'maintenance', 'pending', 'unclean'])
      if (is(flag)) words.push(flag);
    const health = node.attributes['health'] ?? 'green';
    if (health !== 'green') words.push(`health-${health}`);
    states[node.attributes['name'] ?? ''] = words.join('+');
  }
  return sorted(states);
}

/**
 * The tables as the development cases have them, which were read from Pacemaker's text: there a failed resource shows no role
 * below Promoted, a blocked one is not called unmanaged besides, and of an instance of a cloned group that is wholly well
 * only its highest role is shown.
 */
function resourceTable(status: Element | undefined, anonymous: ReadonlySet<string>): ResourceTable {
  const resources: Record<string, Record<string, string>> = {};
  const flags: Record<string, Set<string>> = {};
  const list = childNamed(status, 'resources');
  const shared = sharedRoles(list);
  for (const element of list === undefined ? [] : everyElement(list)) {
    if (element.name !== 'resource') continue;
    const id = folded(element.attributes['id'] ?? '', anonymous).resource;
    const places = resources[id] ?? {};
    resources[id] = places;
    const nodes = element.attributes['role'] === 'Stopped' ? [] : childrenNamed(element, 'node');
    for (const node of nodes) places[node.attributes['name'] ?? ''] = shared.get(element) ?? shownRole(element);
    const found = flags[id] ?? new Set();
    flags[id] = found;
    for (const flag of flagsOf(element)) if (flag !== 'orphan' || nodes.length > 0) found.add(flag);
  }
  const kept = Object.entries(flags).filter(([, found]) => found.size > 0);
  return {
    resources: sorted(resources),
    flags: sorted(Object.fromEntries(kept.map(([id, found]) => [id, [...found].sort()]))),
  };
}

function flagsOf(element: Element): string[] {
  const is = (name: string): boolean => element.attributes[name] === 'true';
  return [
    ...(is('failed') ? ['failed'] : []),
    ...(is('blocked') ? ['blocked'] : []),
    ...(element.attributes['managed'] === 'false' && !is('blocked') ? ['unmanaged'] : []),
    ...(is('orphaned') ? ['orphan'] : []),
  ];
}

function shownRole(element: Element): string {
  const { pending, role = '?', failed } = element.attributes;
  // A pending monitor is a remark behind the role, any other pending operation stands in its place.
  if (pending !== undefined && pending !== 'Monitoring') return pending;
  return failed === 'true' && role === 'Unpromoted' ? 'Started' : role;
}

/** Of cloned groups shown as one line: the members of each instance that is active as a whole on one node. */
function sharedRoles(list: Element | undefined): Map<Element, string> {
  const roles = new Map<Element, string>();
  for (const clone of childrenNamed(list, 'clone').filter(({ attributes }) => attributes['unique'] !== 'true')) {
    for (const { children: members } of childrenNamed(clone, 'group')) {
      const nodes = new Set(
        members.map((member) =>
          childrenNamed(member, 'node')
            .map(({ attributes }) => attributes['name'])
            .join(' '),
        ),
      );
      const well = members.every(
        (member) => flagsOf(member).length === 0 && member.attributes['pending'] === undefined,
      );
      const active = members.every(({ attributes }) => attributes['role'] !== 'Stopped');
      if (!well || !active || nodes.size !== 1) continue;
      const promoted = members.some(({ attributes }) => attributes['role'] === 'Promoted');
      for (const member of promoted ? members : []) roles.set(member, 'Promoted');
    }
  }
  return roles;
}

function actionEntry(element: Element, anonymous: ReadonlySet<string>): ActionEntry[] {
  const { attributes } = element;
  const reason = attributes['reason'];
  if (element.name === 'node_action') {
    const op = /^Fence \((.*)\)$/.exec(attributes['task'] ?? '')?.[1];
    if (op === undefined) return [];
    return [{ action: 'fence', op, node: attributes['node'] ?? '', ...(reason === undefined ? {} : { reason }) }];
  }
  const action = attributes['action'] ?? '?';
  const entry: ActionEntry = {
    action,
    ...folded(attributes['resource'] ?? '', anonymous),
    ...ends(action, attributes),
  };
  const role = attributes['role'];
  const nextRole = attributes['next-role'];
  if (role !== undefined) entry.fromRole = role;
  if (nextRole !== undefined) entry.toRole = nextRole;
  if (reason !== undefined) entry.reason = reason;
  if (attributes['blocked'] === 'true') entry.blocked = true;
  return [entry];
}

/** Where an action begins and ends. A start has no beginning, a stop no end, what stays on its node has both. */
function ends(action: string, attributes: Record<string, string>): { from: string | null; to: string | null } {
  const source = attributes['source'];
  const node = attributes['node'];
  const dest = attributes['dest'];
  if (action === 'start') return { from: null, to: node ?? dest ?? null };
  if (action === 'stop') return { from: node ?? source ?? null, to: null };
  if (source === undefined && dest === undefined) return { from: node ?? null, to: node ?? null };
  return { from: source ?? null, to: dest ?? source ?? null };
}

function transitionEntry(element: Element, anonymous: ReadonlySet<string>): TransitionEntry {
  const { attributes } = element;
  const node = attributes['node'] === undefined ? {} : { node: attributes['node'] };
  if (element.name === 'pseudo_action') return { pseudo: attributes['task'] ?? '?' };
  if (element.name === 'fencing_action') {
    return { op: 'fence', node: attributes['target'] ?? '', how: attributes['op'] ?? '?' };
  }
  if (element.name === 'cluster_action') {
    const resource = attributes['resource'] ?? attributes['id'];
    return { op: attributes['task'] ?? '?', ...(resource === undefined ? {} : folded(resource, anonymous)), ...node };
  }
  const interval = attributes['interval'];
  const entry = { op: attributes['op'] ?? '?', ...folded(attributes['resource'] ?? '', anonymous), ...node };
  return interval === undefined ? entry : { ...entry, interval: Number(interval) };
}

function folded(id: string, anonymous: ReadonlySet<string>): { resource: string; instance?: string } {
  const base = withoutNumber(id);
  return base !== id && anonymous.has(base) ? { resource: base, instance: id } : { resource: id };
}

function withoutNumber(id: string): string {
  return id.replace(/:\d+$/, '');
}

function sorted<T>(table: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1)));
}
