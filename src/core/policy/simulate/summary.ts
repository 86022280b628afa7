/**
 * What happens to each resource, in one word a user understands: the many operations of a transition are read back into
 * start, stop, move, restart, recover. What stays as it is is not mentioned.
 */
import { activeNode } from '../actions/create-primitive.ts';
import { type Action, type Cluster, type ClusterNode, type Resource, role } from '../working-set.ts';
import type { ActionEntry } from './answer.ts';
import { foldedName, roleWord } from './names.ts';

/** Fencing first, then resources in configuration order. */
export function summaryOf(cluster: Cluster): ActionEntry[] {
  const fences = cluster.actions.filter((action) => isFencing(action) && isWanted(action)).map(fenceEntry);
  return [...fences, ...cluster.resources.flatMap(entriesOf)];
}

const isWanted = (action: Action): boolean => !action.optional;
const isFencing = (action: Action): boolean => action.task === 'stonith';

function fenceEntry(action: Action): ActionEntry {
  const reason = action.reason ?? action.node?.fenceReason;
  const op = action.meta.get('stonith_action') ?? 'reboot';
  return { action: 'fence', op, node: action.node?.name ?? '', ...(reason === undefined ? {} : { reason }) };
}

function entriesOf(resource: Resource): ActionEntry[] {
  return resource.kind === 'primitive' ? entryOf(resource) : resource.children.flatMap(entriesOf);
}

interface Steps {
  readonly current: ClusterNode | undefined;
  readonly next: ClusterNode | undefined;
  readonly start: Action | undefined;
  readonly stop: Action | undefined;
  readonly promote: Action | undefined;
  readonly demote: Action | undefined;
  readonly moving: boolean;
}

function entryOf(resource: Resource): ActionEntry[] {
  const steps = stepsOf(resource);
  const { current, next } = steps;
  if (resource.orphan && resource.role === role.stopped) return [];
  if (!resource.managed || (current === undefined && next === undefined)) return [];
  return resource.role === resource.nextRole ? sameRole(resource, steps) : otherRole(resource, steps);
}

function stepsOf(resource: Resource): Steps {
  const next = resource.assigned;
  const current = activeNode(resource);
  const start = find(resource, 'start', next);
  const stopsAt = start?.runnable ? current : undefined;
  const stop =
    find(resource, 'stop', stopsAt) ??
    (resource.multipleActive === 'stop_unexpected' ? find(resource, 'stop') : undefined);
  return {
    current,
    next,
    start,
    stop,
    promote: find(resource, 'promote', next),
    demote: find(resource, 'demote', next),
    moving: current !== undefined && next !== undefined && current !== next,
  };
}

function find(resource: Resource, task: string, node?: ClusterNode): Action | undefined {
  return resource.actions.find((action) => action.task === task && (node === undefined || action.node === node));
}

function sameRole(resource: Resource, steps: Steps): ActionEntry[] {
  const { current, next, start, stop, promote, demote, moving } = steps;
  const migration = next === undefined ? undefined : find(resource, 'migrate_from', next);
  if (migration?.runnable && current !== undefined) return [entry('migrate', resource, current, next, start)];
  if (isReloaded(resource)) return [entry('reload', resource, current, next, start)];
  if (start === undefined || start.optional) {
    const again = demote !== undefined && promote !== undefined && !demote.optional && !promote.optional;
    return again ? [entry('re-promote', resource, current, next, promote, demote)] : [];
  }
  if (!start.runnable)
    return [entry('stop', resource, current, undefined, stop ?? start, stop?.reason === undefined ? start : stop)];
  if (moving) return [entry(resource.failed ? 'recover' : 'move', resource, current, next, stop ?? start)];
  if (resource.failed) return [entry('recover', resource, current, undefined, stop ?? start)];
  return [entry('restart', resource, current, next, start)];
}

function otherRole(resource: Resource, steps: Steps): ActionEntry[] {
  const { current, next, start, stop, promote, demote, moving } = steps;
  if (stop !== undefined && (resource.nextRole === role.stopped || (start !== undefined && !start.runnable)))
    return resource.activeOn.flatMap((node) => stopEntry(resource, node, start));
  if (stop !== undefined && resource.failed && !stop.optional)
    return [entry('recover', resource, current, next, stop, start ?? stop)];
  if (moving) return [entry('move', resource, current, next, stop ?? start)];
  if (isReloaded(resource)) return [entry('reload', resource, current, next, start)];
  if (stop !== undefined && !stop.optional) return [entry('restart', resource, current, next, start)];
  if (resource.role === role.promoted) return [entry('demote', resource, current, next, demote)];
  // Where the start cannot be done there is no promotion to ask: it waits with the start.
  if (resource.nextRole === role.promoted) return [entry('promote', resource, current, next, promote ?? start)];
  if (resource.role <= role.stopped && resource.nextRole > role.stopped)
    return [entry('start', resource, current, next, start)];
  return [];
}

function stopEntry(resource: Resource, node: ClusterNode, start: Action | undefined): ActionEntry[] {
  const stop = find(resource, 'stop', node);
  if (stop === undefined) return [];
  return [
    entry('stop', resource, node, undefined, stop, stop.reason === undefined && start !== undefined ? start : stop),
  ];
}

const isReloaded = (resource: Resource): boolean =>
  resource.actions.some((action) => /^reload/.test(action.task) && !action.optional && action.runnable);

/** `action` tells whether it can be done, `source` why it is done. */
function entry(
  word: string,
  resource: Resource,
  origin: ClusterNode | undefined,
  destination: ClusterNode | undefined,
  action: Action | undefined,
  source: Action | undefined = action,
): ActionEntry {
  return {
    action: word,
    ...foldedName(resource),
    ...ends(word, origin, destination),
    ...roles(resource, origin, destination),
    ...(source?.reason === undefined ? {} : { reason: source.reason }),
    ...(action !== undefined && !action.runnable ? { blocked: true } : {}),
  };
}

function ends(word: string, origin: ClusterNode | undefined, destination: ClusterNode | undefined) {
  if (word === 'stop') return { from: origin?.name ?? null, to: null };
  if (word === 'start') return { from: null, to: destination?.name ?? null };
  // What a migration left behind is restarted where it does not count as running.
  if (word === 'restart' && origin === undefined)
    return { from: destination?.name ?? null, to: destination?.name ?? null };
  return { from: origin?.name ?? null, to: destination?.name ?? origin?.name ?? null };
}

/** Roles are mentioned where there is more than running and not running. */
function roles(resource: Resource, origin: ClusterNode | undefined, destination: ClusterNode | undefined) {
  const from = { fromRole: roleWord(resource.role) };
  const both = { ...from, toRole: roleWord(resource.nextRole) };
  const changesOnItsWay = origin !== undefined && destination !== undefined && resource.role !== resource.nextRole;
  if (changesOnItsWay) return both;
  if (resource.role <= role.started && resource.nextRole <= role.unpromoted) return {};
  return origin === undefined ? both : from;
}
