/**
 * The actions of one primitive. It is taken down through the roles from what it is and up again to what it was, as far as a
 * restart needs it, and then on to what it is to be. Without need for a restart the same actions are made as optional ones, for
 * orderings to make them required.
 */

import { warnOnce } from '../unpack/warn.ts';
import { type Cluster, type ClusterNode, type Resource, type Role, role } from '../working-set.ts';
import { abortDanglingMigration, canMigrate, createMigration } from './migration.ts';
import { startAction } from './new-action.ts';
import { createRecurring } from './recurring.ts';
import { type Restart, type Step, stepDown, stepUp } from './role-steps.ts';

export function createPrimitiveActions(cluster: Cluster, resource: Resource): void {
  if (resource.nextRole === role.unknown) {
    resource.nextRole = resource.assigned === undefined ? role.stopped : role.started;
  }
  const current = activeNode(resource);
  for (const node of resource.danglingMigrations) abortDanglingMigration(cluster, resource, node);
  const situation = judge(cluster, resource, current);
  if (resource.startPending) startAction(cluster, resource, resource.assigned, true).printAlways = true;
  const restart = restartOf(cluster, resource, current, situation);
  bringDownAndUp(cluster, resource, current, restart);
  bringToNextRole(cluster, resource);
  createRecurring(cluster, resource);
  if (situation.migrates && current !== undefined) createMigration(cluster, resource, current);
}

/**
 * Where it is active now. When that is more than one node: the source of a migration under way, or else the first, or, where no
 * fencing is needed, the first that is up.
 */
export function activeNode(resource: Resource): ClusterNode | undefined {
  const { activeOn, partialMigrationSource } = resource;
  if (partialMigrationSource !== undefined && activeOn.includes(partialMigrationSource)) return partialMigrationSource;
  if (resource.requires === 'fencing') return activeOn[0];
  return activeOn.find(isClean) ?? activeOn[0];
}

function isClean(node: ClusterNode): boolean {
  return node.online && !node.unclean;
}

interface Situation {
  readonly moves: boolean;
  readonly migrates: boolean;
  readonly mustStop: boolean;
}

function judge(cluster: Cluster, resource: Resource, current: ClusterNode | undefined): Situation {
  const { assigned } = resource;
  const moves =
    current !== undefined && assigned !== undefined && current !== assigned && resource.nextRole >= role.started;
  let migrates = moves && canMigrate(resource, current);
  let mustStop = moves;
  let severalTimes = false;
  const under = resource.partialMigrationSource !== undefined || resource.partialMigrationTarget !== undefined;
  if (migrates && under && migrationGoesOn(resource, current)) {
    // The half that is done counts.
  } else if (under) {
    mustStop = true;
    migrates = false;
    resource.partialMigrationSource = undefined;
    resource.partialMigrationTarget = undefined;
  } else {
    severalTimes = activeNodes(resource) > 1;
  }
  resource.stopUnexpected = false;
  if (severalTimes) {
    warnOnce(cluster, { code: 'resource-multiply-active', fields: { resource: resource.id } });
    if (resource.multipleActive === 'stop_start' || resource.multipleActive === 'stop_unexpected') mustStop = true;
    resource.stopUnexpected = resource.multipleActive === 'stop_unexpected';
  }
  return { moves, migrates, mustStop };
}

function migrationGoesOn(resource: Resource, current: ClusterNode | undefined): boolean {
  const { partialMigrationSource, partialMigrationTarget, activeOn, assigned } = resource;
  return activeOn.length === 2 && current === partialMigrationSource && assigned === partialMigrationTarget;
}

/** What needs no fencing is not taken to be active on a node that is lost. */
function activeNodes({ activeOn, requires }: Resource): number {
  return requires === 'fencing' ? activeOn.length : activeOn.filter(isClean).length;
}

function restartOf(
  cluster: Cluster,
  resource: Resource,
  current: ClusterNode | undefined,
  { moves, mustStop }: Situation,
): Restart {
  if (moves) return { mustStop, mustPromote: false };
  if (resource.failed) {
    if (resource.stopNeeded) return { mustStop: true, mustPromote: false };
    return { mustStop, mustPromote: resource.nextRole === role.promoted };
  }
  if (resource.blocked) return { mustStop: true, mustPromote: false };
  if (resource.role > role.started && current !== undefined && resource.assigned !== undefined) {
    const start = startAction(cluster, resource, resource.assigned, true);
    if (!start.optional) return { mustStop: true, mustPromote: false };
  }
  return { mustStop, mustPromote: false };
}

function bringDownAndUp(
  cluster: Cluster,
  resource: Resource,
  current: ClusterNode | undefined,
  { mustStop, mustPromote }: Restart,
): void {
  let at: Role = resource.role;
  const restarting = { cluster, resource, restarting: true };
  while (at !== role.stopped) {
    const step = stepDown(at, role.stopped);
    step.take({ ...restarting, node: current, optional: !mustStop });
    at = step.to;
  }
  if (resource.blocked) return;
  while (resource.role <= resource.nextRole && at !== resource.role) {
    const step = stepUp(at, resource.role);
    const required = mustStop || (step.to === role.promoted && mustPromote);
    step.take({ ...restarting, node: resource.assigned, optional: !required });
    at = step.to;
  }
}

function bringToNextRole(cluster: Cluster, resource: Resource): void {
  let at: Role = resource.role;
  while (at !== resource.nextRole) {
    const step: Step = at < resource.nextRole ? stepUp(at, resource.nextRole) : stepDown(at, resource.nextRole);
    step.take({ cluster, resource, restarting: false, node: resource.assigned, optional: false });
    at = step.to;
  }
}
