/**
 * Colocations as pairs of dependent and primary: what a constraint says of two resources, or of sets. Within a sequential set
 * each member depends on the one before it; of two sets the one that stands first depends on the one behind it.
 */

import type { ColocationConstraint, ResourceSet } from '../../cib/model.ts';
import { parseBoolean } from '../../cib/values.ts';
import type { Cluster, Colocation, Resource } from '../working-set.ts';
import { roleOfConstraint } from './constraint-role.ts';
import {
  cloneInstance,
  membersOfSet,
  type Reference,
  referenceTo,
  setOfReference,
  setsOf,
  warnUnknown,
} from './references.ts';
import { scoreOrColour } from './scores.ts';
import { warnOnce } from './warn.ts';

export function unpackColocation(cluster: Cluster, constraint: ColocationConstraint): void {
  const sets = setsOf(cluster, constraint.sets);
  if (sets.length > 0) unpackSets(cluster, constraint, sets);
  else unpackPair(cluster, constraint);
}

/**
 * Puts the lists of each resource in the order in which they are followed: partners of higher priority first, clones before
 * groups before primitives, then by id; of the same id the later pair first.
 */
export function sortColocations({ resourceById }: Cluster): void {
  for (const { colocations, colocatedWithMe } of resourceById.values()) {
    if (colocations.length > 1) colocations.reverse().sort(compareColocations('primary'));
    if (colocatedWithMe.length > 1) colocatedWithMe.reverse().sort(compareColocations('dependent'));
  }
}

export function compareColocations(partner: 'primary' | 'dependent'): (left: Colocation, right: Colocation) => number {
  return (left, right) =>
    right[partner].priority - left[partner].priority ||
    kindRank(right[partner]) - kindRank(left[partner]) ||
    (left.id < right.id ? -1 : Number(left.id > right.id));
}

function kindRank({ kind, clone }: Resource): number {
  if (kind === 'clone') return clone?.promotable === true ? 3 : 2;
  return kind === 'group' ? 1 : 0;
}

interface Side {
  readonly resource: Resource;
  readonly role: string | undefined;
}

function unpackPair(cluster: Cluster, constraint: ColocationConstraint): void {
  const { id, dependent: dependentId = '', primary: primaryId = '' } = constraint;
  const dependent = referenceTo(cluster, dependentId);
  const primary = referenceTo(cluster, primaryId);
  if (dependent === undefined) warnUnknown(cluster, id, dependentId);
  if (primary === undefined) warnUnknown(cluster, id, primaryId);
  if (dependent === undefined || primary === undefined) return;
  if (dependent.kind === 'resource' && primary.kind === 'resource') {
    const left = instanceOf(dependent.resource, constraint.dependentInstance);
    const right = instanceOf(primary.resource, constraint.primaryInstance);
    if (left === undefined || right === undefined) return;
    const sides = [
      { resource: left, role: constraint.dependentRole },
      { resource: right, role: constraint.primaryRole },
    ] as const;
    colocate(cluster, constraint, ...sides, { id, score: scoreOf(cluster, constraint) });
  } else if (dependent.kind === 'several' && primary.kind === 'several') {
    // Everything with everything would say nothing about which belongs to which.
    warnOnce(cluster, { code: 'colocation-of-two-tags', fields: { constraint: id } });
  } else {
    unpackSets(cluster, constraint, [
      setOf(dependentId, dependent, constraint.dependentRole),
      setOf(primaryId, primary, constraint.primaryRole),
    ]);
  }
}

function setOf(id: string, reference: Reference, roleName: string | undefined): ResourceSet {
  if (reference.kind === 'several') return setOfReference(id, reference.ids, roleName);
  return { id, members: [id], ...(roleName === undefined ? {} : { role: roleName }) };
}

function instanceOf(resource: Resource, number: string | undefined): Resource | undefined {
  return number === undefined ? resource : cloneInstance(resource, number);
}

function unpackSets(cluster: Cluster, constraint: ColocationConstraint, sets: readonly ResourceSet[]): void {
  let before: { readonly set: ResourceSet; readonly members: readonly Resource[] } | undefined;
  for (const set of sets) {
    const { members, complete } = membersOfSet(cluster, constraint.id, set);
    colocateWithin(cluster, constraint, set, members);
    if (!complete) return;
    if (before !== undefined) colocateSets(cluster, constraint, before, { set, members });
    before = { set, members };
  }
}

/** Of a negative score every member keeps away from all before it: no two of them may meet. */
function colocateWithin(
  cluster: Cluster,
  constraint: ColocationConstraint,
  set: ResourceSet,
  members: readonly Resource[],
): void {
  const score = set.score === undefined ? scoreOf(cluster, constraint) : scoreOrColour(cluster.options, set.score);
  if (!isSequential(set)) return;
  const pair = { id: set.id ?? constraint.id, score };
  const side = (resource: Resource): Side => ({ resource, role: set.role });
  const forwards = set.ordering === undefined || set.ordering === 'group';
  for (const [index, member] of members.entries()) {
    const previous = members[index - 1];
    if (score < 0) {
      for (const other of members.slice(0, index)) colocate(cluster, constraint, side(member), side(other), pair);
    } else if (previous !== undefined) {
      const [dependent, primary] = forwards ? [member, previous] : [previous, member];
      colocate(cluster, constraint, side(dependent), side(primary), pair);
    }
  }
}

interface SetWithMembers {
  readonly set: ResourceSet;
  readonly members: readonly Resource[];
}

/** A sequential set is held by its ends: its first member depends on the last of the set behind it. */
function colocateSets(
  cluster: Cluster,
  constraint: ColocationConstraint,
  dependents: SetWithMembers,
  primaries: SetWithMembers,
): void {
  const pair = { id: constraint.id, score: scoreOf(cluster, constraint) };
  const left = isSequential(dependents.set) ? dependents.members.slice(0, 1) : dependents.members;
  const right = isSequential(primaries.set) ? primaries.members.slice(-1) : primaries.members;
  for (const dependent of left) {
    for (const primary of right) {
      const side = { resource: dependent, role: dependents.set.role };
      colocate(cluster, constraint, side, { resource: primary, role: primaries.set.role }, pair);
    }
  }
}

function isSequential({ sequential }: ResourceSet): boolean {
  return sequential === undefined || parseBoolean(sequential) === true;
}

function scoreOf({ options }: Cluster, { score }: ColocationConstraint): number {
  return scoreOrColour(options, score);
}

/** A score of 0 says nothing. */
function colocate(
  cluster: Cluster,
  constraint: ColocationConstraint,
  dependent: Side,
  primary: Side,
  { id, score }: { readonly id: string; readonly score: number },
): void {
  if (score === 0) return;
  const colocation: Colocation = {
    id,
    dependent: dependent.resource,
    primary: primary.resource,
    dependentRole: roleOfConstraint(dependent.role),
    primaryRole: roleOfConstraint(primary.role),
    score,
    nodeAttribute: constraint.nodeAttribute,
    influence: parseBoolean(constraint.influence) ?? dependent.resource.critical,
  };
  cluster.colocations.push(colocation);
  dependent.resource.colocations.push(colocation);
  primary.resource.colocatedWithMe.push(colocation);
}
