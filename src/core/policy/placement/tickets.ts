/**
 * Tickets: without its ticket a resource (or its promoted role) runs nowhere. Losing a ticket while active follows the loss policy;
 * a ticket in standby bars starting like one that is not there.
 */
import type { Cluster, Resource, TicketDependency } from '../working-set.ts';
import { role } from '../working-set.ts';
import { limits } from './relations.ts';
import { isActive } from './state.ts';
import { forbidEverywhere } from './tables.ts';

export function applyTickets(cluster: Cluster): void {
  for (const resource of cluster.resourceById.values())
    for (const dependency of resource.tickets) applyTicket(cluster, resource, dependency);
}

function applyTicket(cluster: Cluster, resource: Resource, dependency: TicketDependency): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) applyTicket(cluster, child, dependency);
    return;
  }
  const { ticket } = dependency;
  if (ticket.granted && !ticket.standby) return;
  const lossPolicy =
    dependency.lossPolicy === 'fence' && !cluster.options.fencingEnabled ? 'stop' : dependency.lossPolicy;
  if (!ticket.granted && isActive(resource) && holdsTheRole(resource, dependency))
    return loseTicket(cluster, resource, dependency, lossPolicy);
  // Who is promoted is decided later, with the same ticket in view.
  if (dependency.role === role.promoted && lossPolicy !== 'stop') return;
  forbidEverywhere(cluster, resource, {
    kind: 'ticket',
    constraint: dependency.id,
    detail: ticket.granted ? `${ticket.id}: standby` : ticket.id,
  });
}

function holdsTheRole(resource: Resource, dependency: TicketDependency): boolean {
  return !limits(dependency.role) || dependency.role === resource.role;
}

function loseTicket(
  cluster: Cluster,
  resource: Resource,
  dependency: TicketDependency,
  lossPolicy: TicketDependency['lossPolicy'],
): void {
  if (lossPolicy === 'freeze') {
    resource.managed = false;
    resource.blocked = true;
    return;
  }
  if (lossPolicy === 'demote' && dependency.role === role.promoted) return;
  forbidEverywhere(cluster, resource, { kind: 'ticket', constraint: dependency.id, detail: dependency.ticket.id });
  if (lossPolicy !== 'fence') return;
  for (const node of resource.activeOn) {
    node.unclean = true;
    node.fenceReason ??= 'deadman ticket was lost';
  }
}
