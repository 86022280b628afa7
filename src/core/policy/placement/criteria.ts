/**
 * What speaks for or against each node before anything is placed: node health, location constraints and their discovery modes, fail
 * counts that reached the threshold, shutdown locks, stickiness, tickets. Afterwards every resource's scores are as the
 * configuration and the past have them; assignment adds what resources mean to each other.
 */
import type { Cluster, Resource } from '../working-set.ts';
import { role } from '../working-set.ts';
import { banFailedNodes } from './failure-threshold.ts';
import { applyHealth } from './health.ts';
import { applyExclusiveDiscovery, applyLocations } from './locations.ts';
import { colocateWithin } from './relations.ts';
import { lockToShutDownNodes } from './shutdown-lock.ts';
import { applyStickiness } from './stickiness.ts';
import { forbidEverywhere } from './tables.ts';
import { applyTickets } from './tickets.ts';

export function applyNodeCriteria(cluster: Cluster): void {
  for (const resource of cluster.resources) wantRole(resource);
  colocateWithin(cluster);
  applyHealth(cluster);
  applyLocations(cluster);
  applyTickets(cluster);
  for (const resource of cluster.resourceById.values())
    if (resource.orphanInstance) forbidEverywhere(cluster, resource, { kind: 'orphan' });
  for (const resource of cluster.resources) {
    banFailedNodes(cluster, resource);
    lockToShutDownNodes(cluster, resource);
    applyStickiness(cluster, resource);
    applyExclusiveDiscovery(cluster, resource);
  }
}

/** The configured target role, unless a failure already demands less. */
function wantRole(resource: Resource): void {
  for (const child of resource.children) wantRole(child);
  const { targetRole } = resource;
  if (targetRole === undefined || targetRole === role.started || targetRole === role.promoted) return;
  if (resource.nextRole === role.unknown || targetRole < resource.nextRole) resource.nextRole = targetRole;
}
