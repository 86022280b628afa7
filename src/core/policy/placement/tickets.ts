/**
 * Tickets: without its ticket a resource (or its promoted role) runs nowhere. Losing a ticket while active follows the loss policy;
 * a ticket in standby bars starting like one that is not there.
 */
import type { Cluster, Resource, TicketDependency } from '../working-set.ts';
import { role } from '../working-set.ts';
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
  if (!ticket.granted && isActive(resource)) return loseTicket(cluster, resource, dependency);
  if (ticket.granted && !ticket.standby) return;
  // Who is promoted is decided later, with the same ticket in view.
  if (dependency.role === role.promoted) return;
  forbidEverywhere(cluster, resource, {
    kind: 'ticket',
    constraint: dependency.id,
    detail: ticket.granted ? `${ticket.id}: standby` : ticket.id,
  });
}

function loseTicket(cluster: Cluster, resource: Resource, dependency: TicketDependency): void {
  const reason = { kind: 'ticket', constraint: dependency.id, detail: dependency.ticket.id } as const;
  switch (dependency.lossPolicy) {
    case 'freeze':
      resource.managed = false;
      resource.blocked = true;
      return;
    case 'demote':
      if (dependency.role !== role.promoted) forbidEverywhere(cluster, resource, reason);
      return;
    case 'fence':
      forbidEverywhere(cluster, resource, reason);
      for (const node of resource.activeOn) {
        node.unclean = true;
        node.fenceReason ??= 'ticket-lost';
      }
      return;
    default:
      forbidEverywhere(cluster, resource, reason);
  }
}
