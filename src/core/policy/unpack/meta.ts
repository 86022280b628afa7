/**
 * The effective meta attributes of a resource. What it says itself comes first, then what the collectives around it say,
 * then the defaults of all resources, then what its parent arrived at in any other way.
 */
import type { NvSet, ResourceDefinition } from '../../cib/model.ts';
import type { RuleContext } from '../rules/context.ts';
import { effectivePairs } from '../rules/pairs.ts';
import type { Cluster, Resource } from '../working-set.ts';
import { ruleContext } from './rule-context.ts';

interface MetaSource {
  readonly definition: ResourceDefinition | undefined;
  readonly parent: Resource | undefined;
  readonly agent: NonNullable<RuleContext['agent']>;
}

export function effectiveMeta(cluster: Cluster, { definition, parent, agent }: MetaSource): Map<string, string> {
  const context = { ...ruleContext(cluster), agent };
  const meta = new Map<string, string>();
  addOwn(meta, definition, context);
  for (let each = parent; each !== undefined; each = each.parent) {
    effectivePairs(metaSets(each.definition), context, { into: meta });
  }
  addMissing(meta, defaultsFor(cluster, context));
  if (parent !== undefined) addMissing(meta, parent.meta);
  return meta;
}

function addOwn(meta: Map<string, string>, definition: ResourceDefinition | undefined, context: RuleContext): void {
  if (definition === undefined || definition.kind === 'bundle') return;
  // Configurations of old have meta attributes as XML attributes of the resource.
  for (const [name, value] of Object.entries(definition.rest?.attributes ?? {})) meta.set(name, value);
  effectivePairs(definition.meta, context, { into: meta });
}

function metaSets(definition: ResourceDefinition | undefined): readonly NvSet[] {
  return definition === undefined || definition.kind === 'bundle' ? [] : definition.meta;
}

function addMissing(into: Map<string, string>, from: ReadonlyMap<string, string>): void {
  for (const [name, value] of from) if (!into.has(name)) into.set(name, value);
}

const defaultsByCluster = new WeakMap<Cluster, Map<string, ReadonlyMap<string, string>>>();

/** The resource defaults can only differ by agent: they are worked out once for each. */
function defaultsFor(
  cluster: Cluster,
  context: RuleContext & Required<Pick<RuleContext, 'agent'>>,
): ReadonlyMap<string, string> {
  const byAgent = defaultsByCluster.get(cluster) ?? new Map<string, ReadonlyMap<string, string>>();
  defaultsByCluster.set(cluster, byAgent);
  const { class: standard, provider, type } = context.agent;
  const key = `${standard}\n${provider}\n${type}`;
  const known = byAgent.get(key);
  if (known !== undefined) return known;
  const defaults = effectivePairs(cluster.cib.configuration.resourceDefaults, context);
  byAgent.set(key, defaults);
  return defaults;
}
