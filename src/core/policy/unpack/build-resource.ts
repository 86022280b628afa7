/**
 * From a definition to resources: a primitive by itself, a group with its members, a clone with its instances. Each resource is
 * entered in `cluster.resourceById`; what a definition cannot mean is left out with a warning.
 */
import type { Clone, Group, Primitive } from '../../cib/model.ts';
import { parseBoolean } from '../../cib/values.ts';
import type { Cluster, Resource } from '../working-set.ts';
import { newResource, registerResource } from './new-resource.ts';
import { isYes, wholeNumber } from './settings.ts';
import { warnOnce } from './warn.ts';

type Definition = Primitive | Group | Clone;

/** @returns undefined when the definition cannot be used; the reason is among the warnings. */
export function buildResource(
  cluster: Cluster,
  definition: Definition,
  parent: Resource | undefined,
  instance?: number,
): Resource | undefined {
  switch (definition.kind) {
    case 'primitive':
      return buildPrimitive(cluster, definition, parent, instance);
    case 'group':
      return buildGroup(cluster, definition, parent, instance);
    case 'clone':
      return buildClone(cluster, definition);
  }
}

/**
 * One more instance of a clone: while it is unpacked, and later for each active one beyond `clone-max` that the status knows;
 * those are orphans and will be stopped.
 */
export function addInstance(cluster: Cluster, clone: Resource): Resource | undefined {
  const facts = clone.clone;
  const child = facts?.definitionOfChild;
  if (facts === undefined || child === undefined || child.kind === 'bundle') return undefined;
  const instance = buildResource(cluster, child, clone, clone.children.length);
  if (instance === undefined) return undefined;
  if (clone.children.length >= facts.max) markOrphan(instance);
  clone.children.push(instance);
  return instance;
}

function markOrphan(resource: Resource): void {
  resource.orphan = true;
  resource.orphanInstance = true;
  for (const child of resource.children) markOrphan(child);
}

function buildPrimitive(
  cluster: Cluster,
  definition: Primitive,
  parent: Resource | undefined,
  instance: number | undefined,
): Resource {
  const { class: standard = '', provider = '', type = '' } = definition;
  const resource = newResource(cluster, {
    definition,
    kind: 'primitive',
    configuredId: definition.id,
    instance,
    parent,
    class: standard,
    provider,
    type,
    index: cluster.resourceById.size,
  });
  if (resource.isFencingDevice) cluster.haveFencingDevice = true;
  registerResource(cluster, resource);
  return resource;
}

function buildGroup(
  cluster: Cluster,
  definition: Group,
  parent: Resource | undefined,
  instance: number | undefined,
): Resource {
  const resource = collective(cluster, definition, parent, instance);
  resource.group = {
    ordered: parseBoolean(resource.meta.get('ordered')) !== false,
    colocated: parseBoolean(resource.meta.get('collocated')) !== false,
  };
  registerResource(cluster, resource);
  for (const member of definition.members) resource.children.push(buildPrimitive(cluster, member, resource, instance));
  return resource;
}

function buildClone(cluster: Cluster, definition: Clone): Resource | undefined {
  const resource = collective(cluster, definition, undefined, undefined);
  const primitives = definition.child.kind === 'group' ? definition.child.members : [definition.child];
  const facts = cloneFacts(cluster, definition, resource, primitives);
  const unable = facts.promotable ? primitives.find(({ class: standard }) => standard !== 'ocf') : undefined;
  if (unable !== undefined) {
    warnOnce(cluster, { code: 'clone-not-promotable', fields: { clone: resource.id, resource: unable.id } });
    return undefined;
  }
  resource.clone = facts;
  // Instances are told, and agents too. A little stickiness keeps instances from changing places for nothing.
  resource.meta.set('globally-unique', String(facts.unique));
  if (facts.promotable) resource.meta.set('promotable', 'true');
  if (!resource.meta.has('resource-stickiness')) resource.meta.set('resource-stickiness', '1');
  registerResource(cluster, resource);
  // Without any instance, one is made all the same: what the status knows of is found by it.
  for (let count = 0; count < Math.max(facts.max, 1); count += 1) addInstance(cluster, resource);
  return resource;
}

/** More instances than two nodes ever ran; a slip of the finger must not hold up every decision. */
const instancesMax = 1000;

function cloneFacts(
  { nodes, warnings }: Cluster,
  definition: Clone,
  { id, meta }: Resource,
  primitives: readonly Primitive[],
): NonNullable<Resource['clone']> {
  const promotable = isYes(meta, 'promotable') || definition.legacyMaster;
  const nodeMax = wholeNumber(meta.get('clone-node-max'), 1, 0);
  // Several instances on a node only make sense where each is something of its own (the default of Pacemaker 3).
  const wishedUnique = meta.has('globally-unique') ? isYes(meta, 'globally-unique') : nodeMax > 1;
  // Only OCF agents and fence devices can be told which instance they are.
  const nameless = primitives.some(({ class: standard }) => standard !== 'ocf' && standard !== 'stonith');
  if (wishedUnique && nameless) warnOnce({ warnings }, { code: 'clone-cannot-be-unique', fields: { clone: id } });
  const unique = wishedUnique && !nameless;
  const wishedMax = wholeNumber(meta.get('clone-max'), Math.max(1, nodes.length), 0);
  const max = Math.min(wishedMax, instancesMax);
  if (wishedMax > max) warnOnce({ warnings }, { code: 'clone-max-too-large', fields: { clone: id, limit: max } });
  if (!unique && nodeMax > 1) warnOnce({ warnings }, { code: 'clone-node-max-ignored', fields: { clone: id } });
  return {
    unique,
    ordered: isYes(meta, 'ordered'),
    interleave: isYes(meta, 'interleave'),
    notify: isYes(meta, 'notify'),
    promotable,
    max: wishedUnique && nameless ? Math.min(max, nodes.length) : max,
    nodeMax: unique ? nodeMax : Math.min(nodeMax, 1),
    promotedMax: promotable ? wholeNumber(meta.get('promoted-max') ?? meta.get('master-max'), 1, 0) : 0,
    promotedNodeMax: promotable ? wholeNumber(meta.get('promoted-node-max') ?? meta.get('master-node-max'), 1, 0) : 0,
    definitionOfChild: definition.child,
  };
}

function collective(
  cluster: Cluster,
  definition: Group | Clone,
  parent: Resource | undefined,
  instance: number | undefined,
): Resource {
  return newResource(cluster, {
    definition,
    kind: definition.kind,
    configuredId: definition.id,
    instance,
    parent,
    class: '',
    provider: '',
    type: '',
    index: cluster.resourceById.size,
  });
}
