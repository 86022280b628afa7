/**
 * Who is colocated with whom. A constraint may name a primitive, a group or a clone; the parts of a group or clone take it over when
 * their assignment begins: an instance what its clone was told, the first member of a group what the group wants (its place
 * decides that of the others), the last member who wants to be with the group (it is up when all are).
 *
 * Both lists come in the order in which they take effect: priority of the other resource, clones before the rest, promotable
 * ones first, id of the other resource.
 */
import { infinity } from '../score.ts';
import { type Cluster, type Colocation, type Resource, role } from '../working-set.ts';
import { isActive, isPromotable } from './state.ts';

/** The id of the colocation of a group's member with the one before, and that of what runs in a container. */
const withinGroup = 'group:internal_colocation';
const withContainer = 'resource-with-container';

interface Relations {
  /** The resource is the dependent: what it wants to be with. */
  wants: readonly Colocation[];
  /** The resource is the primary: what wants to be with it. */
  wantedBy: readonly Colocation[];
}

const relations = new WeakMap<Resource, Relations>();

/** Colocations in which the resource is the dependent: what it wants to be with. */
export function wantsOf(resource: Resource): readonly Colocation[] {
  return relationsOf(resource).wants;
}

/** Colocations in which the resource is the primary: what wants to be with it. */
export function wantedBy(resource: Resource): readonly Colocation[] {
  return relationsOf(resource).wantedBy;
}

function relationsOf(resource: Resource): Relations {
  let known = relations.get(resource);
  if (known === undefined) {
    known = inEffectOrder(resource.colocations, resource.colocatedWithMe);
    relations.set(resource, known);
  }
  return known;
}

/** Among equals the latest comes first. */
function inEffectOrder(wants: readonly Colocation[], wanted: readonly Colocation[]): Relations {
  return {
    wants: [...wants].reverse().sort((left, right) => byPartner(left.primary, right.primary)),
    wantedBy: [...wanted].reverse().sort((left, right) => byPartner(left.dependent, right.dependent)),
  };
}

/**
 * An instance takes over its clone's colocations. Where every node gets an instance anyway, what merely attracts is left out: it
 * cannot change how many there are. A second attempt takes them over again, and weighs them again.
 */
export function handDownToInstance(clone: Resource, instance: Resource, everyNodeGetsOne: boolean): void {
  const own = relationsOf(instance);
  const given = relationsOf(clone);
  const wants = given.wants.filter(({ score }) => !everyNodeGetsOne || score < 0 || score >= infinity);
  const wanted = given.wantedBy.filter(
    (each) => (each.influence || !isActive(instance)) && (!everyNodeGetsOne || each.score < 0),
  );
  relations.set(instance, inEffectOrder([...own.wants, ...wants], [...own.wantedBy, ...wanted]));
}

/** An attempt to place an instance that is a group did not work out: the next one hands down afresh. */
export function forgetHandedDown(group: Resource): void {
  for (const each of [group, ...group.children]) relations.delete(each);
}

/** The outer members of a group take over the group's colocations. */
export function handDownToMembers(group: Resource): void {
  const given = relationsOf(group);
  const first = group.children[0];
  const last = group.children.at(-1);
  if (first === undefined || last === undefined) return;
  relations.set(first, inEffectOrder([...wantsOf(first), ...given.wants], wantedBy(first)));
  relations.set(last, inEffectOrder(wantsOf(last), [...wantedBy(last), ...given.wantedBy]));
}

function byPartner(left: Resource, right: Resource): number {
  if (left.priority !== right.priority) return right.priority - left.priority;
  const kinds = rank(right) - rank(left);
  if (kinds !== 0) return kinds;
  const promotable = Number(isPromotable(right)) - Number(isPromotable(left));
  return promotable !== 0 ? promotable : left.id < right.id ? -1 : Number(left.id > right.id);
}

function rank(resource: Resource): number {
  return { primitive: 0, group: 1, clone: 2 }[resource.kind];
}

/** Whether the dependent's wishes count when the primary is placed. */
export function hasInfluence(colocation: Colocation): boolean {
  return colocation.influence || !isActive(colocation.primary);
}

/**
 * What a colocation can change at the moment: where the dependent goes, whether a placed promotable instance is promoted, or
 * nothing. `preview` asks before either is placed.
 */
export function effectOf(
  colocation: Colocation,
  dependent: Resource,
  primary: Resource,
  preview: boolean,
): 'location' | 'promotion' | undefined {
  if (!preview && primary.provisional) return undefined;
  const { dependentRole, primaryRole } = colocation;
  if (
    dependentRole !== undefined &&
    dependentRole >= role.unpromoted &&
    isPromotable(dependent.parent) &&
    !dependent.provisional
  )
    return 'promotion';
  if (!preview && !dependent.provisional) return undefined;
  if (excludes(colocation, dependentRole, dependent) || excludes(colocation, primaryRole, primary)) return undefined;
  return 'location';
}

/**
 * Attraction counts only in the role that the constraint names; keeping apart counts until that role is taken, because an
 * instance's role is chosen after its place.
 */
function excludes({ score }: Colocation, wanted: Colocation['dependentRole'], resource: Resource): boolean {
  if (!limits(wanted)) return false;
  return score < 0 ? wanted === resource.nextRole : score > 0 && wanted !== resource.nextRole;
}

/** Whether naming the role restricts anything: every running resource is started. */
export function limits(wanted: Colocation['dependentRole']): boolean {
  return wanted !== undefined && wanted !== role.unknown && wanted !== role.started;
}

/** Makes each member of a colocated group stay with the one before it, and what runs in a container stay with that. */
export function colocateWithin(cluster: Cluster): void {
  for (const resource of cluster.resourceById.values()) {
    const { container, children } = resource;
    if (container !== undefined) bind(withContainer, resource, cluster.resourceById.get(container), true);
    if (resource.kind !== 'group' || resource.group?.colocated === false) continue;
    children.slice(1).forEach((member, index) => {
      bind(withinGroup, member, children[index], member.critical);
    });
  }
}

function bind(id: string, dependent: Resource, primary: Resource | undefined, influence: boolean): void {
  if (primary === undefined) return;
  const colocation: Colocation = {
    id,
    dependent,
    primary,
    dependentRole: undefined,
    primaryRole: undefined,
    score: infinity,
    nodeAttribute: undefined,
    influence,
  };
  dependent.colocations.push(colocation);
  primary.colocatedWithMe.push(colocation);
}
