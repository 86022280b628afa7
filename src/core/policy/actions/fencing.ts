/**
 * Fencing of nodes that are lost, and the shutdown of those that ask for it. What ran on a fenced node is stopped by the fencing:
 * its stops become points in the order, after the fencing; what needs fencing starts elsewhere only after it. The manager that
 * decides (the DC) goes last.
 */
import { warnOnce } from '../unpack/warn.ts';
import { type Action, type Cluster, type ClusterNode, primitivesOf, type Resource, topmost } from '../working-set.ts';
import { addOrdering } from './add-ordering.ts';
import { fencingPossible, priorityDelayMs } from './fencing-possible.ts';
import { linkActions } from './links.ts';
import { actionsOf, firstAction, newAction } from './new-action.ts';
import { notifyAfterFencing } from './notify.ts';
import { order } from './order-flags.ts';

export function scheduleFencingAndShutdowns(cluster: Cluster): void {
  const anyManaged = cluster.resources.some((top) => primitivesOf(top).some(({ managed }) => managed));
  const fencings: Action[] = [];
  const shutdowns: Action[] = [];
  let lastOfAll: Action | undefined;
  for (const node of cluster.nodes) {
    if (node.kind !== 'member') continue;
    if (anyManaged && node.unclean && fencingPossible(cluster, node)) {
      const fencing = fence(cluster, node);
      if (node.isDc) lastOfAll = fencing;
      else addFencing(cluster, fencings, fencing);
    } else if (node.online && node.shutdown) {
      const shutdown = shutDown(cluster, node);
      if (node.isDc) lastOfAll = shutdown;
      else shutdowns.push(shutdown);
    }
    if (node.unclean && node.fencing === undefined) {
      warnOnce(cluster, { code: 'node-unclean-not-fenced', fields: { node: node.name } });
    }
  }
  if (lastOfAll === undefined) return;
  if (lastOfAll.task === 'do_shutdown') for (const each of shutdowns) linkActions(each, lastOfAll, order.ordered);
  if (cluster.options.concurrentFencing) for (const each of fencings) linkActions(each, lastOfAll, order.ordered);
  else linkActions(fencings.at(-1), lastOfAll, order.ordered);
}

/** Without concurrent fencing each waits for the one before. */
function addFencing(cluster: Cluster, fencings: Action[], fencing: Action): void {
  if (!cluster.options.concurrentFencing) linkActions(fencings.at(-1), fencing, order.ordered);
  fencings.push(fencing);
}

function fence(cluster: Cluster, node: ClusterNode): Action {
  const how = cluster.options.fencingAction;
  const key = `stonith-${node.name}-${how}`;
  const action = newAction(cluster, { resource: undefined, task: 'stonith', node, key, optional: false });
  node.fencing = action;
  action.meta.set('on_node', node.name);
  action.meta.set('on_node_uuid', node.id);
  action.meta.set('stonith_action', how);
  action.reason ??= node.fenceReason ?? 'node is unclean';
  const delayMs = priorityDelayMs(cluster, node);
  if (delayMs !== undefined) action.meta.set('priority-fencing-delay', String(delayMs / 1000));
  for (const top of cluster.resources) {
    for (const resource of primitivesOf(top)) {
      if (!resource.managed) continue;
      startAfterFencing(resource, node, action);
      stopByFencing(cluster, resource, node, action);
    }
  }
  return action;
}

function startAfterFencing(resource: Resource, node: ClusterNode, fencing: Action): void {
  for (const action of resource.actions) {
    if (action.needs === 'fencing') {
      linkActions(fencing, action, order.ordered);
    } else if (action.needs === 'quorum' && action.task === 'start') {
      // Whether it runs on the lost node nobody knows: wait as for a probe.
      if (!resource.allowed.has(node.id) || resource.knownOn.has(node.id)) continue;
      linkActions(fencing, action, order.ordered | order.firstMustRun);
    }
  }
}

function stopByFencing(cluster: Cluster, resource: Resource, node: ClusterNode, fencing: Action): void {
  const stops = actionsOf(resource, 'stop', node);
  const waits = resource.requires === 'fencing';
  const aboveStop = stops.length > 0 && waits ? firstAction(topmost(resource), 'stop') : undefined;
  for (const stop of stops) {
    stop.pseudo = true;
    stop.runnable = true;
    if (waits) {
      linkActions(fencing, stop, order.afterFencing);
      linkActions(fencing, aboveStop, order.afterFencing);
    }
    if (notifies(resource)) notifyAfterFencing(cluster, resource, fencing);
  }
  for (const demote of actionsOf(resource, 'demote', node)) {
    if (node.online && !node.unclean && !resource.failed) continue;
    demote.pseudo = true;
    demote.runnable = true;
    if (waits) linkActions(fencing, demote, order.afterFencing | order.ordered);
  }
}

function notifies(resource: Resource): boolean {
  return topmost(resource).clone?.notify === true;
}

function shutDown(cluster: Cluster, node: ClusterNode): Action {
  const key = `do_shutdown-${node.name}`;
  const shutdown = newAction(cluster, { resource: undefined, task: 'do_shutdown', node, key, optional: false });
  shutdown.meta.set('op_no_wait', 'true');
  for (const action of [...cluster.actions]) {
    const { resource } = action;
    if (resource === undefined || action.node !== node || action.task !== 'stop') continue;
    // What may not be touched does not hold the shutdown up.
    if (resource.maintenance || node.maintenance || (!resource.managed && !resource.blocked)) continue;
    action.optional = false;
    addOrdering(cluster, { action }, { action: shutdown }, order.ordered | order.firstMustRun);
  }
  return shutdown;
}
