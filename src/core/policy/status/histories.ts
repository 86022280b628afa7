/** Finds what a node has recorded about a resource, in one look-up whatever the number of resources. */
import type { ResourceHistory } from '../../cib/model.ts';
import type { Cluster } from '../working-set.ts';

/** By the names of node and resource as they stand in the status section. */
export function historyOf(cluster: Cluster, node: string, resource: string): ResourceHistory | undefined {
  const nodes = indexes.get(cluster) ?? new Map<string, ReadonlyMap<string, ResourceHistory>>();
  indexes.set(cluster, nodes);
  const histories = nodes.get(node) ?? historiesOf(cluster, node);
  nodes.set(node, histories);
  return histories.get(resource);
}

const indexes = new WeakMap<Cluster, Map<string, ReadonlyMap<string, ResourceHistory>>>();

/** Of a resource that is there twice the first one counts. */
function historiesOf(cluster: Cluster, node: string): ReadonlyMap<string, ResourceHistory> {
  const state = cluster.cib.status.nodes.find(({ uname }) => uname === node);
  const histories = new Map<string, ResourceHistory>();
  for (const history of state?.history ?? []) if (!histories.has(history.id)) histories.set(history.id, history);
  return histories;
}
