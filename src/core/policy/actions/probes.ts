/**
 * Probes: one monitor, asked of every node that has not said yet whether a resource runs there. A resource starts only after the
 * probes on all nodes have ended, so that it never runs twice by ignorance.
 */

import { parseBoolean } from '../../cib/values.ts';
import { type Action, type Cluster, type ClusterNode, type Resource, role, topmost } from '../working-set.ts';
import { addOrdering } from './add-ordering.ts';
import { nodesOf } from './instances.ts';
import { newAction } from './new-action.ts';
import { order } from './order-flags.ts';
import { orderAfterUnfencing } from './unfencing.ts';

export function scheduleProbes(cluster: Cluster): void {
  if (!cluster.options.enableStartupProbes) return;
  for (const node of cluster.nodes) {
    if (!node.online || node.unclean || node.kind !== 'member') continue;
    if (parseBoolean(node.attributes.get('resource-discovery-enabled')) === false) continue;
    if (parseBoolean(node.attributes.get('probe_complete')) === false) {
      const key = `probe_complete-${node.name}`;
      newAction(cluster, { resource: undefined, task: 'probe_complete', node, key, optional: false });
      continue;
    }
    for (const resource of cluster.resources) probe(cluster, resource, node);
  }
}

function probe(cluster: Cluster, resource: Resource, node: ClusterNode): boolean {
  if (resource.kind === 'primitive') return probePrimitive(cluster, resource, node);
  if (resource.kind === 'clone' && resource.clone?.unique !== true) return probeAnonymous(cluster, resource, node);
  let any = false;
  for (const child of resource.children) any = probe(cluster, child, node) || any;
  return any;
}

/** One answer serves all instances: the one the node knows of is asked, or the one it will get, or else the first. */
function probeAnonymous(cluster: Cluster, clone: Resource, node: ClusterNode): boolean {
  const instance =
    clone.children.find((child) => isKnownOn(child, node)) ??
    clone.children.find((child) => nodesOf(child, false).has(node)) ??
    clone.children[0];
  return instance === undefined ? false : probe(cluster, instance, node);
}

function isKnownOn(resource: Resource, node: ClusterNode): boolean {
  if (resource.kind !== 'primitive') return resource.children.some((child) => isKnownOn(child, node));
  return resource.knownOn.has(node.id);
}

function probePrimitive(cluster: Cluster, resource: Resource, node: ClusterNode): boolean {
  if (resource.orphan || resource.orphanInstance || resource.container !== undefined) return false;
  if (resource.knownOn.has(node.id)) return false;
  const allowed = resource.allowed.get(node.id);
  if (discoversExclusively(resource) && allowed?.discovery !== 'exclusive') return false;
  if (allowed?.discovery === 'never') return false;
  const action = newAction(cluster, { resource, task: 'monitor', node, optional: false });
  action.optional = false;
  noteExpected(action, resource, node);
  orderAfterUnfencing(cluster, resource, node, action, order.ordered);
  const top = topmost(resource);
  const mustRun = !action.runnable && nodesOf(top, true).size === 0;
  const flags = mustRun ? order.ordered | order.firstMustRun : order.ordered;
  addOrdering(cluster, { action }, { resource: top, task: 'start' }, flags);
  addOrdering(cluster, { action }, { resource: top, task: 'reload-agent' }, order.ordered);
  return true;
}

function noteExpected(action: Action, resource: Resource, node: ClusterNode): void {
  if (!resource.activeOn.includes(node)) action.meta.set('op_target_rc', '7');
  else if (resource.role === role.promoted) action.meta.set('op_target_rc', '8');
}

function discoversExclusively(resource: Resource): boolean {
  for (let each: Resource | undefined = resource; each !== undefined; each = each.parent) {
    if (each.locations.some(({ discovery }) => discovery === 'exclusive')) return true;
  }
  return false;
}
