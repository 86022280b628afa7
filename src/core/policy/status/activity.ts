/** Records that a resource is active on a node, and what follows if it is on more than one. */
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { role } from '../working-set.ts';
import { banEverywhere, keepOn } from './bans.ts';

/** `failed`: it counts nothing for the priority of its node. */
export function addActive(cluster: Cluster, resource: Resource, node: ClusterNode, failed: boolean): void {
  if (resource.activeOn.includes(node)) return;
  resource.activeOn.push(node);
  if (resource.kind === 'primitive') addPrimitive(resource, node, failed);
  if (!resource.managed) {
    keepOn(cluster, resource, node, { kind: 'unmanaged' });
    if (node.online) addToParents(resource, node);
    return;
  }
  if (isMultiplyActive(resource)) recoverFromMultiplyActive(cluster, resource);
  if (resource.parent !== undefined) addActive(cluster, resource.parent, node, false);
}

function addPrimitive(resource: Resource, node: ClusterNode, failed: boolean): void {
  node.running.push(resource);
  if (!failed && resource.priority !== 0) {
    node.priority += resource.priority + (resource.role === role.promoted ? 1 : 0);
  }
  if (node.maintenance) {
    resource.managed = false;
    resource.maintenance = true;
  }
}

function addToParents(resource: Resource, node: ClusterNode): void {
  for (let parent = resource.parent; parent !== undefined; parent = parent.parent) {
    if (!parent.activeOn.includes(node)) parent.activeOn.push(node);
  }
}

/** A resource that does not require fencing counts only where it can be seen to run. */
function isMultiplyActive({ kind, activeOn, requires }: Resource): boolean {
  if (kind !== 'primitive') return false;
  const counted = requires === 'fencing' ? activeOn : activeOn.filter(({ online, unclean }) => online && !unclean);
  return counted.length > 1;
}

/** The other two ways of recovery, stop_start and stop_unexpected, need nothing but `activeOn`. */
function recoverFromMultiplyActive(cluster: Cluster, resource: Resource): void {
  const { id, activeOn, multipleActive } = resource;
  const nodes = activeOn.map(({ name }) => name).join(', ');
  // Half way through a migration that is as it should be.
  if (resource.partialMigrationTarget === undefined) {
    cluster.warnings.push({ code: 'resource-active-twice', fields: { resource: id, nodes, response: multipleActive } });
  }
  if (multipleActive === 'stop_only') banEverywhere(cluster, resource, { kind: 'multiple-active' });
  if (multipleActive !== 'block') return;
  block(resource);
  const group = resource.parent;
  if (group?.kind === 'group' && group.multipleActive === 'block') group.children.forEach(block);
}

function block(resource: Resource): void {
  resource.managed = false;
  resource.blocked = true;
}
