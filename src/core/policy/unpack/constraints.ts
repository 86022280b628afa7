/**
 * Constraints that decide where resources run: locations, colocations, tickets. Those that decide in which order something
 * happens are read by the actions stage. Done after the status, so that orphans and further instances can be meant too.
 */
import type { Cluster } from '../working-set.ts';
import { sortColocations, unpackColocation } from './colocations.ts';
import { unpackLocation } from './locations.ts';
import { lifetimeHolds } from './references.ts';
import { unpackTicketDependency } from './ticket-dependencies.ts';

export function unpackConstraints(cluster: Cluster): void {
  for (const constraint of cluster.cib.configuration.constraints) {
    if (!lifetimeHolds(cluster, constraint)) continue;
    switch (constraint.kind) {
      case 'location':
        unpackLocation(cluster, constraint);
        break;
      case 'colocation':
        unpackColocation(cluster, constraint);
        break;
      case 'ticket':
        unpackTicketDependency(cluster, constraint);
        break;
      case 'order':
        break;
    }
  }
  sortColocations(cluster);
}
