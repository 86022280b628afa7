/** The order of things that every resource keeps by itself, whatever the constraints say. */
import { infinity } from '../score.ts';
import { type Cluster, type ClusterNode, type Colocation, type Resource, role, topmost } from '../working-set.ts';
import { addOrdering, orderTasks } from './add-ordering.ts';
import { eraseTask } from './cleanup.ts';
import { orderClone } from './clone-orderings.ts';
import { orderGroup } from './group-orderings.ts';
import { newPoint } from './new-action.ts';
import { order } from './order-flags.ts';
import { orderAroundUnfencing } from './unfencing.ts';

export function addInternalOrderings(cluster: Cluster): void {
  for (const colocation of cluster.colocations) keepApart(cluster, colocation);
  for (const resource of cluster.resources) orderInternally(cluster, resource);
}

export function orderInternally(cluster: Cluster, resource: Resource): void {
  if (resource.kind === 'primitive') orderPrimitive(cluster, resource);
  else if (resource.kind === 'group') orderGroup(cluster, resource);
  else orderClone(cluster, resource);
}

function orderPrimitive(cluster: Cluster, resource: Resource): void {
  if (!resource.managed) return;
  orderTasks(cluster, resource, 'stop', resource, 'start', order.ordered | order.requireThen | order.restart);
  if (topmost(resource).clone?.promotable === true || resource.role > role.unpromoted) {
    orderTasks(cluster, resource, 'demote', resource, 'stop', order.promotedRequiresFirst);
    orderTasks(cluster, resource, 'start', resource, 'promote', order.firstMustRun);
  }
  // A probe writes a new history where the old one is about to be erased.
  orderTasks(cluster, resource, eraseTask, resource, 'monitor', order.sameNode | order.thenCancelsFirst);
  orderAroundUnfencing(cluster, resource);
  if (resource.utilization.size > 0 && cluster.options.placementStrategy !== 'default') orderLoad(cluster, resource);
  orderInContainer(cluster, resource);
}

/** What needs capacity comes to a node only after what leaves it has left. */
function orderLoad(cluster: Cluster, resource: Resource): void {
  for (const node of resource.activeOn) {
    const left = { action: loadStopped(cluster, node) };
    addOrdering(cluster, { resource, task: 'stop' }, left, order.sameNodeOrTarget);
  }
  for (const { node } of resource.allowed.values()) {
    const left = { action: loadStopped(cluster, node) };
    addOrdering(cluster, left, { resource, task: 'start' }, order.sameNodeOrTarget);
    addOrdering(cluster, left, { resource, task: 'migrate_to' }, order.sameNodeOrTarget);
  }
}

function loadStopped(cluster: Cluster, node: ClusterNode): ReturnType<typeof newPoint> {
  const point = newPoint(cluster, `load_stopped_${node.name}`);
  point.node ??= node;
  point.optional = false;
  return point;
}

function orderInContainer(cluster: Cluster, resource: Resource): void {
  const container = resource.container === undefined ? undefined : cluster.resourceById.get(resource.container);
  if (container === undefined) return;
  orderTasks(cluster, container, 'start', resource, 'start', order.requireThen | order.firstMustRun);
  orderTasks(cluster, resource, 'stop', container, 'stop', order.requireFirst);
}

/** Two resources that must not be on one node: each leaves before the other comes. */
function keepApart(cluster: Cluster, { score, dependent, dependentRole, primary, primaryRole, id }: Colocation): void {
  if (score > -infinity) return;
  orderApart(cluster, dependent, dependentRole, primary, primaryRole, id);
  orderApart(cluster, primary, primaryRole, dependent, dependentRole, id);
}

function orderApart(
  cluster: Cluster,
  first: Resource,
  firstRole: number | undefined,
  then: Resource,
  thenRole: number | undefined,
  id: string,
): void {
  for (const firstTask of tasksThatLeave(firstRole)) {
    for (const thenTask of tasksThatTake(thenRole)) {
      orderTasks(cluster, first, firstTask, then, thenTask, order.requiredSameNode, id);
    }
  }
}

function tasksThatLeave(of: number | undefined): string[] {
  if (of === role.promoted) return ['demote'];
  return of === role.unpromoted ? ['stop', 'promote'] : ['stop'];
}

function tasksThatTake(of: number | undefined): string[] {
  if (of === role.promoted) return ['promote'];
  return of === role.unpromoted ? ['start', 'demote'] : ['start'];
}
