/**
 * One primitive: what it must and wants to be with is placed before it, those who want to be with it are heard, and then the best
 * node left takes it. What is not managed stays where it is.
 */

import { infinity } from '../score.ts';
import type { AllowedNode, Cluster, ClusterNode, Colocation, Resource } from '../working-set.ts';
import { role } from '../working-set.ts';
import { assignAny } from './any.ts';
import { applyColocation } from './colocate.ts';
import { place } from './place.ts';
import { wantedBy, wantsOf } from './relations.ts';
import { currentNode, isManaged } from './state.ts';
import { admit, forbidEverywhere, isAvailable, isUsable, restore, scoresOf, sortedCandidates } from './tables.ts';
import { limitByCapacity } from './utilization.ts';
import { hearDependent } from './wishes.ts';

export function assignPrimitive(
  cluster: Cluster,
  resource: Resource,
  prefer: ClusterNode | undefined,
): ClusterNode | undefined {
  const before = scoresOf(resource);
  const contributionsBefore = cluster.contributions.length;
  for (const colocation of wantsOf(resource)) {
    assignAny(cluster, colocation.primary, undefined);
    followPrimary(cluster, resource, colocation);
  }
  if (!resource.provisional) return resource.assigned;
  const ignored = hearDependents(cluster, resource, () => true);
  if (ignored.some(isMandatory) && wantsOf(resource).some((each) => !isMandatory(each))) {
    restore(cluster, resource, before, contributionsBefore);
    mandatoryFirst(cluster, resource);
  }
  respectWantedRole(cluster, resource);

  if (lacksFencing(cluster)) resource.managed = false;
  if (!isManaged(resource)) stay(cluster, resource);
  else if (cluster.options.stopAllResources) {
    place(cluster, resource, undefined, true);
  } else place(cluster, resource, chooseNode(cluster, resource, prefer), false);
  return resource.assigned;
}

/** With fencing demanded and no device for it nothing is touched. */
function lacksFencing(cluster: Cluster): boolean {
  return cluster.options.fencingEnabled && !cluster.haveFencingDevice;
}

/**
 * A dependent that must be here has no say left because of something that was only wished: what must be is considered first
 * then, in both directions.
 */
function mandatoryFirst(cluster: Cluster, resource: Resource): void {
  const isOptional = (colocation: Colocation): boolean => !isMandatory(colocation);
  for (const which of [isMandatory, isOptional]) {
    for (const colocation of wantsOf(resource).filter(which)) followPrimary(cluster, resource, colocation);
    hearDependents(cluster, resource, which);
  }
}

function isMandatory({ score }: Colocation): boolean {
  return Math.abs(score) >= infinity;
}

/** Returns those who were not heard because no node would have been left. */
function hearDependents(
  cluster: Cluster,
  resource: Resource,
  which: (colocation: Colocation) => boolean,
): Colocation[] {
  return wantedBy(resource).filter(
    (colocation) => which(colocation) && !hearDependent(cluster, resource, colocation, { keepANode: true }),
  );
}

function followPrimary(cluster: Cluster, resource: Resource, colocation: Colocation): void {
  const optional = (colocation.dependentRole ?? role.unknown) >= role.promoted || !isMandatory(colocation);
  const before = scoresOf(resource);
  const contributionsBefore = cluster.contributions.length;
  const hadANode = hasANode(resource);
  applyColocation(cluster, resource, colocation.primary, colocation);
  if (optional && hadANode && !hasANode(resource)) restore(cluster, resource, before, contributionsBefore);
}

function hasANode(resource: Resource): boolean {
  for (const allowed of resource.allowed.values()) if (isUsable(allowed)) return true;
  return false;
}

function respectWantedRole(cluster: Cluster, resource: Resource): void {
  if (resource.nextRole === role.stopped) {
    forbidEverywhere(cluster, resource, { kind: 'target-role', resource: resource.id });
  } else if (resource.nextRole > resource.role && !cluster.haveQuorum && cluster.options.noQuorumPolicy === 'freeze') {
    resource.nextRole = resource.role;
  }
}

function stay(cluster: Cluster, resource: Resource): void {
  const node = currentNode(resource);
  resource.nextRole = resource.role;
  if (node !== undefined) admit(resource, node);
  place(cluster, resource, node, true);
}

/**
 * The best candidate. A node handed down is taken if none is better. Above zero, being active on one of several equally good
 * nodes decides; at zero exactly the load is balanced instead.
 */
function chooseNode(
  cluster: Cluster,
  resource: Resource,
  handedDown: ClusterNode | undefined,
): ClusterNode | undefined {
  const prefer = handedDown ?? limitByCapacity(cluster, resource);
  if (handedDown !== undefined) limitByCapacity(cluster, resource);
  const active = currentNode(resource);
  const candidates = sortedCandidates(cluster, resource.allowed.values(), active);
  const best = candidates[0];
  if (best === undefined) return undefined;
  const preferred = prefer === undefined ? undefined : resource.allowed.get(prefer.id);
  if (preferred !== undefined && preferred.score >= best.score && isUsable(preferred)) return preferred.node;
  return preferCurrent(resource, candidates, best, active).node;
}

function preferCurrent(
  resource: Resource,
  candidates: readonly AllowedNode[],
  best: AllowedNode,
  active: ClusterNode | undefined,
): AllowedNode {
  const unique = resource.parent?.clone?.unique === true;
  if (unique || best.score <= 0 || active === undefined || !isAvailable(active) || !isAvailable(best.node)) return best;
  return candidates.find(({ node, score }) => score === best.score && node === active) ?? best;
}
