/** Finds what a node has recorded about a resource, in one look-up whatever the number of resources. */
import type { ResourceHistory } from '../../cib/model.ts';
import type { Cluster } from '../working-set.ts';

/** By the names of node and resource as they stand in the status section. */
export function historyOf(cluster: Cluster, node: string, resource: string): ResourceHistory | undefined {
  let nodes = indexes.get(cluster);
  if (nodes === undefined) indexes.set(cluster, (nodes = new Map()));
  let histories = nodes.get(node);
  if (histories === undefined) {
    const state = cluster.cib.status.nodes.find(({ uname }) => uname === node);
    histories = new Map();
    for (const history of state?.history ?? []) if (!histories.has(history.id)) histories.set(history.id, history);
    nodes.set(node, histories);
  }
  return histories.get(resource);
}

const indexes = new WeakMap<Cluster, Map<string, Map<string, ResourceHistory>>>();
