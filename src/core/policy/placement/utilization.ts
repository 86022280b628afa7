/**
 * Placement by capacity: before a node is chosen, those without room are forbidden: without room for the resource together with
 * all that must be with it and is not placed yet, if any node has that much; otherwise for the resource alone.
 */
import { infinity } from '../score.ts';
import type { AllowedNode, Cluster, ClusterNode, Resource } from '../working-set.ts';
import { contribute, primitivesOf, topmost } from '../working-set.ts';
import { compareCapacity, hasRoomFor } from './capacity.ts';
import { effectOf, wantedBy, wantsOf } from './relations.ts';
import { isUsable } from './tables.ts';

/** Forbids nodes without room. Returns the most capable node when none has room for all that must be together. */
export function limitByCapacity(cluster: Cluster, resource: Resource): ClusterNode | undefined {
  if (cluster.options.placementStrategy === 'default') return undefined;
  const company = companyOf(resource);
  let mostCapable: ClusterNode | undefined;
  if (company.size > 1) {
    const demand = demandOf(company);
    const usable = usableNodes(resource);
    if (usable.some(({ node }) => hasRoomFor(node, demand))) {
      forbidWithoutRoom(cluster, resource, usable, demand, 'with what must be beside it');
      return undefined;
    }
    for (const { node } of usable)
      if (mostCapable === undefined || compareCapacity(node, mostCapable) < 0) mostCapable = node;
  }
  forbidWithoutRoom(cluster, resource, usableNodes(resource), resource.utilization, undefined);
  return mostCapable;
}

function usableNodes(resource: Resource): AllowedNode[] {
  return [...resource.allowed.values()].filter(isUsable);
}

function forbidWithoutRoom(
  cluster: Cluster,
  resource: Resource,
  usable: readonly AllowedNode[],
  demand: ReadonlyMap<string, number>,
  detail: string | undefined,
): void {
  for (const { node } of usable) {
    if (hasRoomFor(node, demand)) continue;
    contribute(cluster, resource, node, -infinity, {
      kind: 'utilization',
      ...(detail === undefined ? {} : { detail }),
    });
  }
}

/** The resource and all that mandatory colocations tie to it, in either direction. */
function companyOf(resource: Resource): Set<Resource> {
  const company = new Set<Resource>();
  gather(resource, resource, company);
  return company;
}

function gather(resource: Resource, origin: Resource, company: Set<Resource>): void {
  if (company.has(resource)) return;
  company.add(resource);
  if (resource.kind === 'group') for (const member of resource.children) gather(member, origin, company);
  for (const colocation of wantsOf(resource)) {
    const { primary } = colocation;
    if (colocation.score < infinity || topmost(primary) === origin) continue;
    if (primary.kind === 'clone' || effectOf(colocation, resource, primary, true) !== 'location') continue;
    gather(primary, origin, company);
  }
  for (const colocation of wantedBy(resource)) {
    const { dependent } = colocation;
    if (colocation.score < infinity || topmost(dependent) === origin) continue;
    if (dependent.kind === 'clone' || effectOf(colocation, dependent, resource, true) !== 'location') continue;
    gather(dependent, origin, company);
  }
}

function demandOf(company: ReadonlySet<Resource>): Map<string, number> {
  const demand = new Map<string, number>();
  const counted = new Set<Resource>();
  for (const each of company)
    for (const primitive of primitivesOf(each)) if (primitive.provisional) counted.add(primitive);
  for (const primitive of counted)
    for (const [name, amount] of primitive.utilization) demand.set(name, (demand.get(name) ?? 0) + amount);
  return demand;
}
