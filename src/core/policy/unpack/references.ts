/**
 * What the ids in constraints mean. A resource is meant by its own id; an id of something inside a clone means the clone; the
 * id of a template means every primitive made from it; a tag means what it lists. Shared by all kinds of constraints.
 */
import type { Cib, Constraint, ResourceDefinition, ResourceSet } from '../../cib/model.ts';
import { evaluateRule } from '../rules/evaluate.ts';
import { type Cluster, type Resource, topmost } from '../working-set.ts';
import { ruleContext } from './rule-context.ts';
import { warnOnce } from './warn.ts';

/** One resource, or several that a template or tag stands for. */
export type Reference =
  | { readonly kind: 'resource'; readonly resource: Resource }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

export function referenceTo(cluster: Cluster, id: string): Reference | undefined {
  const resource = constraintResource(cluster, id);
  if (resource !== undefined) return { kind: 'resource', resource };
  const ids = groupedIds(cluster.cib).get(id);
  return ids === undefined ? undefined : { kind: 'several', ids };
}

/** The resource an id in a constraint means; nothing for templates and tags. */
export function constraintResource(cluster: Cluster, id: string): Resource | undefined {
  const resource = cluster.resourceById.get(id);
  if (resource !== undefined) return resource;
  const inside = instancesByConfiguredId(cluster).get(id);
  return inside === undefined ? undefined : topmost(inside);
}

/** The instance of a clone with that number, for constraints that name one (an old form). */
export function cloneInstance(clone: Resource, number: string): Resource | undefined {
  return clone.children.find(({ id }) => id.endsWith(`:${number}`));
}

/**
 * The resources of a set in order, tags and templates taken apart. With `complete: false`, what stands behind a reference
 * that means nothing is not in it, and the constraint goes no further.
 */
export function membersOfSet(
  cluster: Cluster,
  constraintId: string,
  set: ResourceSet,
): { readonly members: readonly Resource[]; readonly complete: boolean } {
  const members: Resource[] = [];
  for (const id of set.members.flatMap((each) => expandedId(cluster, each))) {
    const resource = constraintResource(cluster, id);
    if (resource === undefined) {
      warnUnknown(cluster, constraintId, id);
      return { members, complete: false };
    }
    members.push(resource);
  }
  return { members, complete: true };
}

/** The sets of a constraint, references to sets of other constraints followed. */
export function setsOf(cluster: Cluster, sets: readonly ResourceSet[]): readonly ResourceSet[] {
  if (sets.every(({ idRef }) => idRef === undefined)) return sets;
  const byId = setsById(cluster.cib);
  return sets.map((set) => (set.idRef === undefined ? set : byId.get(set.idRef))).filter((set) => set !== undefined);
}

/** A set that stands for a tag or template in a constraint's own attributes; its members know no order. */
export function setOfReference(id: string, ids: readonly string[], role: string | undefined): ResourceSet {
  return { id, members: ids, sequential: 'false', ...(role === undefined ? {} : { role }) };
}

/** `<lifetime>`: whether the constraint holds now. */
export function lifetimeHolds(cluster: Cluster, constraint: Constraint): boolean {
  if (constraint.kind === 'ticket' || constraint.lifetime === undefined || constraint.lifetime.length === 0)
    return true;
  const context = ruleContext(cluster);
  return constraint.lifetime.some((rule) => evaluateRule(rule, context));
}

export function warnUnknown(cluster: Cluster, constraint: string, resource: string): void {
  warnOnce(cluster, { code: 'constraint-resource-unknown', fields: { constraint, resource } });
}

function expandedId(cluster: Cluster, id: string): readonly string[] {
  if (constraintResource(cluster, id) !== undefined) return [id];
  return groupedIds(cluster.cib).get(id) ?? [id];
}

const instances = new WeakMap<Cluster, Map<string, Resource>>();

function instancesByConfiguredId(cluster: Cluster): Map<string, Resource> {
  const known = instances.get(cluster);
  if (known !== undefined) return known;
  const index = new Map<string, Resource>();
  for (const resource of cluster.resourceById.values()) {
    if (resource.id !== resource.configuredId && !index.has(resource.configuredId)) {
      index.set(resource.configuredId, resource);
    }
  }
  instances.set(cluster, index);
  return index;
}

const groupings = new WeakMap<Cib, Map<string, string[]>>();

/** Templates with what is made from them, tags with what they list; a template goes before a tag of the same name. */
function groupedIds(cib: Cib): Map<string, string[]> {
  const known = groupings.get(cib);
  if (known !== undefined) return known;
  const grouped = new Map<string, string[]>();
  for (const resource of cib.configuration.resources) addToTemplate(grouped, resource);
  for (const { id, references } of cib.configuration.tags) {
    if (!grouped.has(id) && references.length > 0) grouped.set(id, [...new Set(references)]);
  }
  groupings.set(cib, grouped);
  return grouped;
}

function addToTemplate(grouped: Map<string, string[]>, definition: ResourceDefinition): void {
  if (definition.kind === 'clone') addToTemplate(grouped, definition.child);
  if (definition.kind === 'group') for (const member of definition.members) addToTemplate(grouped, member);
  if (definition.kind !== 'primitive' || definition.template === undefined) return;
  const ids = grouped.get(definition.template) ?? [];
  ids.push(definition.id);
  grouped.set(definition.template, ids);
}

function setsById(cib: Cib): Map<string, ResourceSet> {
  const index = new Map<string, ResourceSet>();
  for (const { sets } of cib.configuration.constraints) {
    for (const set of sets) if (set.id !== undefined && !index.has(set.id)) index.set(set.id, set);
  }
  return index;
}
