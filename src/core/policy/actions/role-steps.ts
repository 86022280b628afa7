/**
 * The steps between roles: Stopped, Started (or Unpromoted, which a start leads to when promotions exist), Promoted. Each is taken
 * by an action; some are no action at all.
 */
import { type Action, type Cluster, type ClusterNode, type Resource, type Role, role } from '../working-set.ts';
import { scheduleCleanup } from './cleanup.ts';
import { actionsOf, newAction, startAction, stopAction } from './new-action.ts';
import { order } from './order-flags.ts';
import { orderAfterUnfencing, orderStopBeforeUnfencing } from './unfencing.ts';

/** What a restart needs. */
export interface Restart {
  readonly mustStop: boolean;
  readonly mustPromote: boolean;
}

export interface Deed {
  readonly cluster: Cluster;
  readonly resource: Resource;
  readonly node: ClusterNode | undefined;
  readonly optional: boolean;
  /** Part of taking it down and up again, not of going on to the next role. */
  readonly restarting: boolean;
}

export interface Step {
  readonly to: Role;
  take(deed: Deed): void;
}

export function stepDown(from: Role, target: Role): Step {
  if (from === role.promoted) return { to: role.unpromoted, take: demote };
  if (from === role.unpromoted && target === role.unpromoted) return { to: target, take: nothing };
  return { to: role.stopped, take: stop };
}

export function stepUp(from: Role, target: Role): Step {
  if (from === role.unknown) return { to: role.stopped, take: stop };
  if (from === role.stopped) return { to: target === role.started ? role.started : role.unpromoted, take: start };
  if (target === role.promoted) return { to: role.promoted, take: promote };
  return { to: target, take: nothing };
}

function nothing(): void {}

function stop({ cluster, resource, optional, restarting }: Deed): void {
  for (const node of resource.activeOn) {
    if (isExpectedThere(resource, node, restarting)) continue;
    let required = !optional;
    if (resource.partialMigrationTarget !== undefined) {
      // It is on its way there.
      if (node === resource.partialMigrationTarget && node === resource.assigned) continue;
      required = true;
    }
    const action = stopAction(cluster, resource, node, !required);
    if (resource.assigned === undefined) action.reason = 'node availability';
    else if (resource.stopUnexpected && restarting) action.reason = 'being multiply active';
    if (!resource.managed) action.runnable = false;
    if (resource.removeAfterStop) scheduleCleanup(cluster, resource, node, !required);
    orderStopBeforeUnfencing(cluster, resource, node, action);
  }
}

function start({ cluster, resource, node, optional, restarting }: Deed): void {
  const action = startAction(cluster, resource, node, true);
  if (node !== undefined) orderAfterUnfencing(cluster, resource, node, action, order.requireThen);
  if (action.runnable && !optional) action.optional = false;
  if (node !== undefined && isExpectedThere(resource, node, restarting)) action.pseudo = true;
}

function promote({ cluster, resource, node, optional, restarting }: Deed): void {
  const starts = node === undefined ? [] : actionsOf(resource, 'start', node);
  if (starts.some(({ runnable }) => !runnable)) {
    for (const action of promotions(resource, node)) action.runnable = false;
    return;
  }
  const action = newAction(cluster, { resource, task: 'promote', node, optional });
  if (node !== undefined && isExpectedThere(resource, node, restarting)) action.pseudo = true;
}

function promotions(resource: Resource, node: ClusterNode | undefined): Action[] {
  return node === undefined ? [] : actionsOf(resource, 'promote', node);
}

function demote({ cluster, resource, node, optional, restarting }: Deed): void {
  if (node !== undefined && isExpectedThere(resource, node, restarting)) return;
  for (const each of resource.activeOn) newAction(cluster, { resource, task: 'demote', node: each, optional });
}

/** Of a resource that is active on several nodes only the surplus is stopped (multiple-active=stop_unexpected). */
function isExpectedThere(resource: Resource, node: ClusterNode, restarting: boolean): boolean {
  return restarting && resource.stopUnexpected && resource.nextRole > role.stopped && node === resource.assigned;
}
