/**
 * From what is to what was decided: every action a resource needs for it, with the points of its collectives. What is required
 * here may still turn out impossible, and what is optional required, when the orderings are applied.
 */
import type { Cluster, Resource } from '../working-set.ts';
import { primitivesOf } from '../working-set.ts';
import { createCollectiveActions } from './create-collective.ts';
import { createPrimitiveActions } from './create-primitive.ts';
import { inOrder } from './in-order.ts';
import { newAction } from './new-action.ts';
import { scheduleProbes } from './probes.ts';
import { withdrawStarts } from './unassigned.ts';

export function createActions(cluster: Cluster): void {
  for (const top of cluster.resources) {
    for (const resource of primitivesOf(top)) if (resource.assigned === undefined) withdrawStarts(resource);
  }
  clearFailcounts(cluster);
  scheduleProbes(cluster);
  for (const resource of cluster.resources) createFor(cluster, resource);
}

function createFor(cluster: Cluster, resource: Resource): void {
  if (resource.kind === 'primitive') {
    createPrimitiveActions(cluster, resource);
    return;
  }
  for (const child of resource.children) createFor(cluster, child);
  createCollectiveActions(cluster, resource);
}

function clearFailcounts(cluster: Cluster): void {
  for (const { resource, node, reason } of inOrder(cluster.failcountsToClear)) {
    const action = newAction(cluster, { resource, task: 'clear_failcount', node, optional: false });
    action.reason ??= reason;
  }
}
