/** Tickets of a multi-site cluster as the status has them; one that only a constraint names is not granted. */
import { parseBoolean } from '../../cib/values.ts';
import type { Cluster, Ticket } from '../working-set.ts';

export function unpackTickets(cluster: Cluster): void {
  for (const { id, attributes } of cluster.cib.status.tickets) {
    cluster.tickets.set(id, {
      id,
      granted: parseBoolean(attributes['granted']) === true,
      standby: parseBoolean(attributes['standby']) === true,
      attributes: new Map(Object.entries(attributes).filter(([name]) => name !== 'id')),
    });
  }
}

/** The ticket of that name, made known when a constraint is the first to name it. */
export function ticketNamed(cluster: Cluster, id: string): Ticket {
  let ticket = cluster.tickets.get(id);
  if (ticket === undefined) {
    ticket = { id, granted: false, standby: false, attributes: new Map() };
    cluster.tickets.set(id, ticket);
  }
  return ticket;
}
