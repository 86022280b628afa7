/** `<rsc_ticket>`: what a resource does when its site loses a ticket. */

import type { TicketConstraint } from '../../cib/model.ts';
import { type Cluster, type Resource, type Role, role, type TicketDependency } from '../working-set.ts';
import { roleOfConstraint } from './constraint-role.ts';
import { membersOfSet, referenceTo, setOfReference, setsOf, warnUnknown } from './references.ts';
import { ticketNamed } from './tickets.ts';
import { warnOnce } from './warn.ts';

export function unpackTicketDependency(cluster: Cluster, constraint: TicketConstraint): void {
  ticketNamed(cluster, constraint.ticket);
  const sets = setsOf(cluster, constraint.sets);
  for (const set of sets) if (!unpackSet(cluster, constraint, set)) return;
  if (sets.length > 0 || constraint.resource === undefined) return;
  const reference = referenceTo(cluster, constraint.resource);
  if (reference === undefined) warnUnknown(cluster, constraint.id, constraint.resource);
  else if (reference.kind === 'resource') depend(cluster, constraint, reference.resource, constraint.role);
  else unpackSet(cluster, constraint, setOfReference(constraint.resource, reference.ids, constraint.role));
}

function unpackSet(cluster: Cluster, constraint: TicketConstraint, set: TicketConstraint['sets'][number]): boolean {
  const { members, complete } = membersOfSet(cluster, constraint.id, set);
  for (const member of members) depend(cluster, constraint, member, set.role);
  return complete;
}

function depend(cluster: Cluster, constraint: TicketConstraint, resource: Resource, written: string | undefined): void {
  const needed = roleOfConstraint(written);
  resource.tickets.push({
    id: constraint.id,
    resource,
    role: needed,
    ticket: ticketNamed(cluster, constraint.ticket),
    lossPolicy: lossPolicyOf(cluster, constraint, needed),
  });
}

function lossPolicyOf(
  cluster: Cluster,
  { id, lossPolicy }: TicketConstraint,
  needed: Role | undefined,
): TicketDependency['lossPolicy'] {
  const word = lossPolicy?.toLowerCase();
  switch (word) {
    case 'fence':
      if (cluster.options.fencingEnabled) return word;
      warnOnce(cluster, { code: 'ticket-fence-without-fencing', fields: { constraint: id } });
      return 'stop';
    case 'stop':
    case 'demote':
    case 'freeze':
      return word;
    default:
      return needed === role.promoted ? 'demote' : 'stop';
  }
}
