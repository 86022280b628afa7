/** Stops that the history demands whatever is decided, and their withdrawal. */
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { requireFencing } from './node-fencing.ts';

/** A stop that nobody can carry out, on a node that is down, can only be had by fencing. */
export function demandStop(cluster: Cluster, resource: Resource, node: ClusterNode): void {
  cluster.demands.push({ task: 'stop', resource, node });
  if (!node.online && resource.managed) requireFencing(cluster, node, 'stop is unrunnable');
}

/** What another node's history demanded of this one is settled once it is known to be stopped here. */
export function withdrawStop({ demands }: Cluster, resource: Resource, node: ClusterNode): void {
  for (let index = demands.length - 1; index >= 0; index -= 1) {
    const demand = demands[index];
    if (demand?.task === 'stop' && demand.resource === resource && demand.node === node) demands.splice(index, 1);
  }
}
