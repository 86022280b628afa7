/** Nodes and resources in the layout of Pacemaker's text output. */
import type { Outline } from './outline.ts';
import type { CloneView, GroupView, NodeView, PrimitiveView, ResourceView, StatusView } from './status-view.ts';

export function writeStatus(outline: Outline, { nodes, resources }: StatusView): void {
  outline.list('Node List', () => writeNodes(outline, nodes));
  outline.blank();
  if (resources.length === 0 && !outline.terse) {
    outline.list('Full List of Resources', () => outline.item('No resources'));
    return;
  }
  outline.list('Full List of Resources', () => {
    for (const resource of resources) writeResource(outline, resource, nodes);
  });
}

/** `1 of 5 resource instances DISABLED and 0 BLOCKED ...`; nothing where nothing is. */
export function countsText({ counts: { instances, disabled, blocked } }: StatusView): string {
  if (disabled === 0 && blocked === 0) return '';
  const words = `resource instances DISABLED and ${blocked} BLOCKED from further action due to failure`;
  return `${disabled} of ${instances} ${words}\n\n`;
}

function writeNodes(outline: Outline, nodes: readonly NodeView[]): void {
  const online: string[] = [];
  const offline: string[] = [];
  for (const node of nodes) {
    const words = nodeWords(node);
    if (words === 'online') online.push(node.name);
    else if (words === 'OFFLINE') offline.push(node.name);
    else outline.item(`Node ${node.name}: ${words}`);
  }
  outline.names(outline.terse ? '' : 'Online', online);
  outline.names(outline.terse ? '' : 'OFFLINE', offline);
}

function nodeWords(node: NodeView): string {
  const { online, pending, standby, standbyOnFail, maintenance, unclean, health, running } = node;
  if (unclean) return `UNCLEAN (${online ? 'online' : pending ? 'pending' : 'offline'})`;
  if (pending) return 'pending';
  if (standbyOnFail && online) return 'standby (on-fail)';
  if (standby) return online ? (running > 0 ? 'standby (with active resources)' : 'standby') : 'OFFLINE (standby)';
  if (maintenance) return online ? 'maintenance' : 'OFFLINE (maintenance)';
  if (online && health !== 'green') return `online (health is ${health.toUpperCase()})`;
  return online ? 'online' : 'OFFLINE';
}

function writeResource(outline: Outline, resource: ResourceView, nodes: readonly NodeView[]): void {
  if (resource.kind === 'primitive') outline.item(primitiveText(resource));
  else if (resource.kind === 'group') writeGroup(outline, resource);
  else writeClone(outline, resource, nodes);
}

function primitiveText(view: PrimitiveView): string {
  const [provider, ...type] = view.agent.split(/:(?=[^:]*$)/);
  const several = view.nodes.length > 1;
  const where = view.active && !several ? view.nodes[0] : undefined;
  const words = [
    ...(view.orphan ? ['ORPHANED'] : []),
    ...stateWords(view),
    ...(where === undefined ? [] : [where.name]),
  ].join(' ');
  const probe = where === undefined && !several ? Object.values(view.probeFailures)[0] : undefined;
  const marks = marksOf(view, where);
  const text = `${view.name}\t(${[provider, ...type].join(':')}):\t ${words}`;
  return [
    text,
    probe === undefined || view.active ? '' : ` (${probe}) `,
    marks.length === 0 ? '' : ` (${marks.join(', ')})`,
    several ? ` [ ${view.nodes.map(({ name }) => name).join(' ')} ]` : '',
  ].join('');
}

function stateWords({ failed, isPromoted, pending, role }: PrimitiveView): string[] {
  if (failed) return ['FAILED', ...(isPromoted ? ['Promoted'] : [])];
  return [(pending === undefined ? undefined : pendingRoles[pending]) ?? role];
}

export const pendingRoles: Readonly<Record<string, string>> = {
  start: 'Starting',
  stop: 'Stopping',
  migrate_to: 'Migrating',
  migrate_from: 'Migrating',
  promote: 'Promoting',
  demote: 'Demoting',
};

function marksOf(view: PrimitiveView, where: NodeView | undefined): string[] {
  const marks: string[] = [];
  if (where?.online === false && where.unclean) marks.push('UNCLEAN');
  if (view.pending === 'monitor') marks.push('Monitoring');
  if (view.disabled)
    marks.push(view.targetRole?.toLowerCase() === 'stopped' ? 'disabled' : `target-role:${view.targetRole}`);
  if (view.blocked) marks.push('blocked');
  else if (!view.managed) marks.push('unmanaged');
  if (view.failureIgnored) marks.push('failure ignored');
  return marks;
}

function writeGroup(outline: Outline, group: GroupView): void {
  outline.list(`Resource Group: ${group.id}${headMarks(group)}`, () => {
    for (const member of group.members) outline.item(primitiveText(member));
  });
}

function headMarks({ managed, disabled }: GroupView | CloneView, ...others: readonly string[]): string {
  const marks = [...others, ...(managed ? [] : ['unmanaged']), ...(disabled ? ['disabled'] : [])];
  return marks.length === 0 ? '' : ` (${marks.join(', ')})`;
}

interface Gathered {
  readonly promoted: string[];
  readonly started: string[];
  hasStopped: boolean;
}

function writeClone(outline: Outline, clone: CloneView, nodes: readonly NodeView[]): void {
  const kinds = [...(clone.promotable ? ['promotable'] : []), ...(clone.unique ? ['unique'] : [])];
  outline.list(`Clone Set: ${clone.id} [${clone.child}]${headMarks(clone, ...kinds)}`, () => {
    const gathered: Gathered = { promoted: [], started: [], hasStopped: false };
    for (const instance of clone.instances) writeInstance(outline, clone, instance, gathered);
    const inOrder = (names: readonly string[]) => nodes.map(({ name }) => name).filter((name) => names.includes(name));
    outline.names('Promoted', inOrder(gathered.promoted));
    outline.names(clone.promotable ? unpromotedLabel(clone) : 'Started', inOrder(gathered.started));
    if (gathered.hasStopped && !clone.unique) writeStopped(outline, clone, nodes);
  });
}

const unpromotedLabel = ({ targetRole }: CloneView): string =>
  /^(slave|unpromoted)$/i.test(targetRole ?? '') ? 'Unpromoted (target-role)' : 'Unpromoted';

/** An instance has a line of its own where there is more to say than on which node it is. */
function writeInstance(
  outline: Outline,
  clone: CloneView,
  instance: PrimitiveView | GroupView,
  gathered: Gathered,
): void {
  const members = instance.kind === 'group' ? instance.members : [instance];
  const active = members.filter((member) => member.active);
  const full = () =>
    instance.kind === 'group' ? writeGroup(outline, instance) : outline.item(primitiveText(instance));
  if (clone.unique) {
    if (active.length > 0 || !instance.orphan) full();
  } else if (members.some(({ pending }) => pending !== undefined)) full();
  else if (active.length === 0) {
    if (!instance.orphan) gathered.hasStopped = true;
  } else if (members.some(({ orphan, managed, failed }) => orphan || !managed || failed)) full();
  else if (active.length < members.length) full();
  else {
    const [first] = members;
    const [where] = first?.nodes ?? [];
    const isOne = members.every(({ nodes }) => nodes.length === 1 && nodes[0] === where);
    if (where === undefined || !isOne || (!where.online && where.unclean)) full();
    else (members.some(({ isPromoted }) => isPromoted) ? gathered.promoted : gathered.started).push(where.name);
  }
}

function writeStopped(outline: Outline, clone: CloneView, nodes: readonly NodeView[]): void {
  const members = clone.instances.flatMap((instance) => (instance.kind === 'group' ? instance.members : [instance]));
  const busy = new Set(members.flatMap((member) => member.nodes.map(({ name }) => name)));
  const reasons = new Map<string, string[]>();
  for (const { name } of nodes) {
    if (busy.has(name)) continue;
    const failure = members.map(({ probeFailures }) => probeFailures[name]).find((each) => each !== undefined);
    const label =
      clone.disabled && /^stopped$/i.test(clone.targetRole ?? '')
        ? 'Stopped (disabled)'
        : failure === undefined
          ? 'Stopped'
          : `Stopped (${failure})`;
    reasons.set(label, [...(reasons.get(label) ?? []), name]);
  }
  for (const [label, names] of [...reasons].sort(([one], [other]) => (one < other ? -1 : 1)))
    outline.names(label, names);
}
