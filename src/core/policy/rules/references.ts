/**
 * `id-ref`: a rule, a set or a pair may stand for another one of the same kind anywhere in the configuration or status. The
 * places are indexed once per CIB, and only when the first reference is met.
 */
import type { Cib, NvPair, NvSet, ResourceDefinition, Rule, RuleExpression, Template } from '../../cib/model.ts';

interface Index {
  readonly sets: Map<string, NvSet>;
  readonly pairs: Map<string, NvPair>;
  readonly rules: Map<string, Rule>;
}

/** @returns the set itself, or the one it refers to; undefined when that does not exist. */
export function referredSet(cib: Cib, set: NvSet): NvSet | undefined {
  return set.idRef === undefined ? set : indexOf(cib).sets.get(set.idRef);
}

/** The pair a reference stands for; a name of its own overrides the other's. */
export function referredPair(cib: Cib, pair: NvPair): NvPair | undefined {
  if (pair.idRef === undefined) return pair;
  const target = indexOf(cib).pairs.get(pair.idRef);
  if (target === undefined || pair.name === undefined) return target;
  return { ...target, name: pair.name };
}

export function referredRule(cib: Cib, rule: Rule): Rule | undefined {
  return rule.idRef === undefined ? rule : indexOf(cib).rules.get(rule.idRef);
}

const indexes = new WeakMap<Cib, Index>();

function indexOf(cib: Cib): Index {
  let index = indexes.get(cib);
  if (index === undefined) {
    index = { sets: new Map(), pairs: new Map(), rules: new Map() };
    indexes.set(cib, index);
    fill(index, cib);
  }
  return index;
}

function fill(index: Index, { configuration, status }: Cib): void {
  addSets(index, [
    ...configuration.properties,
    ...configuration.resourceDefaults,
    ...configuration.operationDefaults,
    ...configuration.nodes.flatMap((node) => [...node.attributes, ...node.utilization]),
    ...status.nodes.flatMap((node) => [...node.transientAttributes, ...node.transientUtilization]),
  ]);
  for (const resource of configuration.resources) addResource(index, resource);
  for (const template of configuration.templates) addParts(index, template);
  for (const constraint of configuration.constraints) {
    if (constraint.kind === 'location') for (const rule of constraint.rules) addRule(index, rule);
    if (constraint.kind !== 'ticket') for (const rule of constraint.lifetime ?? []) addRule(index, rule);
  }
}

function addResource(index: Index, resource: ResourceDefinition): void {
  if (resource.kind === 'bundle') return;
  addParts(index, resource);
  if (resource.kind === 'group') for (const member of resource.members) addParts(index, member);
  if (resource.kind === 'clone') addResource(index, resource.child);
}

function addParts(index: Index, parts: Exclude<ResourceDefinition, { kind: 'bundle' }> | Template): void {
  addSets(index, [...parts.meta, ...parts.params, ...parts.utilization]);
  if (parts.kind !== 'primitive' && parts.kind !== 'template') return;
  for (const operation of parts.operations) addSets(index, [...operation.meta, ...operation.params]);
}

function addSets(index: Index, sets: readonly NvSet[]): void {
  for (const set of sets) {
    if (set.id !== undefined && set.idRef === undefined) putNew(index.sets, set.id, set);
    if (set.rule !== undefined) addRule(index, set.rule);
    for (const pair of set.pairs) {
      if (pair.id !== undefined && pair.idRef === undefined) putNew(index.pairs, pair.id, pair);
    }
  }
}

function addRule(index: Index, rule: Rule): void {
  if (rule.id !== undefined && rule.idRef === undefined) putNew(index.rules, rule.id, rule);
  for (const expression of rule.expressions) if (isRule(expression)) addRule(index, expression);
}

function isRule(expression: RuleExpression): expression is Rule {
  return expression.kind === 'rule';
}

function putNew<Value>(map: Map<string, Value>, id: string, value: Value): void {
  if (!map.has(id)) map.set(id, value);
}
