/**
 * Questions about where a resource is and will be that mean the same for primitives, groups and clones. A collective is where its
 * members are; its role is the highest of theirs.
 */
import { type Cluster, type ClusterNode, type Resource, type Role, role } from '../working-set.ts';

/** Whether the cluster may start, stop and move it. */
export function isManaged(resource: Resource): boolean {
  return resource.managed && !resource.blocked && !resource.maintenance;
}

/** The nodes on which it, or any part of it, is active now. */
export function activeNodes(resource: Resource): ClusterNode[] {
  if (resource.kind === 'primitive') return resource.activeOn;
  const nodes = new Set<ClusterNode>();
  for (const child of resource.children) for (const node of activeNodes(child)) nodes.add(node);
  return [...nodes];
}

export function isActive(resource: Resource): boolean {
  return resource.kind === 'primitive' ? resource.activeOn.length > 0 : resource.children.some(isActive);
}

/** Of several nodes on which it is active the one that counts: a migration's source, else the first that is well. */
export function currentNode(resource: Resource): ClusterNode | undefined {
  const nodes = activeNodes(resource);
  const source = resource.partialMigrationSource;
  if (source !== undefined && nodes.includes(source)) return source;
  return nodes.find((node) => node.online && !node.unclean) ?? nodes[0];
}

/** The nodes to which this decision has assigned it or its parts. */
export function assignedNodes(resource: Resource): ClusterNode[] {
  if (resource.kind === 'primitive') return resource.assigned === undefined ? [] : [resource.assigned];
  const nodes = new Set<ClusterNode>();
  for (const child of resource.children) for (const node of assignedNodes(child)) nodes.add(node);
  return [...nodes];
}

/** The node it was assigned to; undefined for none, or when its parts are on several. */
export function assignedNode(resource: Resource): ClusterNode | undefined {
  if (resource.kind === 'primitive') return resource.assigned;
  const nodes = assignedNodes(resource);
  return nodes.length === 1 ? nodes[0] : undefined;
}

export function currentRole(resource: Resource): Role {
  if (resource.kind === 'primitive') return resource.role;
  return highest(resource.children.map(currentRole));
}

export function nextRoleOf(resource: Resource): Role {
  if (resource.kind === 'primitive') return resource.nextRole;
  return highest(resource.children.map(nextRoleOf));
}

function highest(roles: readonly Role[]): Role {
  let found: Role = role.unknown;
  for (const each of roles) if (each > found) found = each;
  return found;
}

/** Whether it failed, or any part of it. */
export function hasFailed(resource: Resource): boolean {
  return resource.kind === 'primitive' ? resource.failed : resource.children.some(hasFailed);
}

/** Whether it is blocked, or any part of it. */
export function isBlocked(resource: Resource): boolean {
  return resource.blocked || resource.children.some(isBlocked);
}

export function isPromotable(resource: Resource | undefined): boolean {
  return resource?.clone?.promotable === true;
}

/** The attribute of a node that a colocation compares; the node itself unless the constraint says otherwise. */
export function comparedValue(node: ClusterNode, attribute: string | undefined): string | undefined {
  if (attribute === undefined || attribute === '#uname') return node.name;
  return attribute === '#id' ? node.id : node.attributes.get(attribute);
}

/** The node a resource of a collective is counted at: the parent's entry, or its own at top level. */
export function parentEntry(resource: Resource, node: ClusterNode) {
  return (resource.parent ?? resource).allowed.get(node.id);
}

export function placementsBegin(cluster: Cluster): void {
  for (const node of cluster.nodes) {
    node.assigned = [];
    node.freeCapacity = new Map(node.utilization);
  }
}
