/** Location constraints: scores of nodes for a resource, given directly or by rules that say for which nodes they hold. */
import type { LocationConstraint, Rule } from '../../cib/model.ts';
import { parseRole } from '../../cib/values.ts';
import { expandCaptures } from '../rules/captures.ts';
import { evaluateRule, type RuleContext } from '../rules/evaluate.ts';
import { referredRule } from '../rules/references.ts';
import { infinity } from '../score.ts';
import { type Cluster, type ClusterNode, type Location, type Resource, type Role, role } from '../working-set.ts';
import { matchesOfPattern } from './location-pattern.ts';
import { sameName } from './nodes.ts';
import { parametersOf } from './parameters.ts';
import { membersOfSet, referenceTo, setOfReference, setsOf, warnUnknown } from './references.ts';
import { ruleContext } from './rule-context.ts';
import { scoreOrColour } from './scores.ts';
import { warnOnce } from './warn.ts';

/** What a pattern captured for this resource, if one was used. */
type Captures = readonly (string | undefined)[] | undefined;

export function unpackLocation(cluster: Cluster, constraint: LocationConstraint): void {
  const sets = setsOf(cluster, constraint.sets);
  if (sets.length > 0) {
    for (const set of sets) if (!unpackSet(cluster, constraint, set)) return;
    return;
  }
  if (constraint.resource !== undefined) {
    const reference = referenceTo(cluster, constraint.resource);
    if (reference === undefined) warnUnknown(cluster, constraint.id, constraint.resource);
    else if (reference.kind === 'resource') locate(cluster, constraint, reference.resource, constraint);
    else unpackSet(cluster, constraint, setOfReference(constraint.resource, reference.ids, constraint.role));
  }
  if (constraint.resourcePattern === undefined) return;
  for (const { resource, captures } of matchesOfPattern(cluster, constraint)) {
    locate(cluster, constraint, resource, constraint, captures);
  }
}

function unpackSet(cluster: Cluster, constraint: LocationConstraint, set: LocationConstraint['sets'][number]): boolean {
  const { members, complete } = membersOfSet(cluster, constraint.id, set);
  for (const member of members) locate(cluster, constraint, member, set);
  return complete;
}

function locate(
  cluster: Cluster,
  constraint: LocationConstraint,
  resource: Resource,
  said: { readonly role?: string; readonly score?: string },
  captures?: Captures,
): void {
  const score = said.score ?? constraint.score;
  if (constraint.node === undefined || score === undefined) {
    for (const rule of constraint.rules) locateByRule(cluster, constraint, resource, rule, captures);
    if (constraint.rules.length === 0) {
      warnOnce(cluster, { code: 'location-without-rules', fields: { constraint: constraint.id } });
    }
    return;
  }
  const node = cluster.nodes.find(({ name }) => sameName(name, constraint.node));
  if (node === undefined) return;
  add(cluster, {
    id: constraint.id,
    resource,
    role: locationRole(said.role ?? constraint.role),
    discovery: discoveryOf(constraint),
    scores: [{ node, score: scoreOrColour(cluster.options, score) }],
  });
}

function locateByRule(
  cluster: Cluster,
  constraint: LocationConstraint,
  resource: Resource,
  written: Rule,
  captures: Captures,
): void {
  const rule = referredRule(cluster.cib, written);
  if (rule === undefined) return;
  const context: RuleContext = {
    ...ruleContext(cluster),
    params: () => parametersOf(cluster, resource),
    meta: resource.meta,
    ...(captures === undefined ? {} : { captures }),
  };
  const scores: Location['scores'][number][] = [];
  for (const node of cluster.nodes) {
    if (!evaluateRule(rule, { ...context, node: node.attributes })) continue;
    scores.push({
      node,
      score: scoreOfRule(cluster, rule, node, captures),
      ...(rule.id === undefined ? {} : { rule: rule.id }),
    });
  }
  const { id } = constraint;
  add(cluster, { id, resource, role: locationRole(rule.role), discovery: discoveryOf(constraint), scores });
}

/** The score itself, or that of the node attribute named: a node without it is no place for the resource. */
function scoreOfRule({ options }: Cluster, rule: Rule, node: ClusterNode, captures: Captures): number {
  if (rule.score !== undefined) return scoreOrColour(options, rule.score);
  if (rule.scoreAttribute === undefined) return 0;
  const value = node.attributes.get(expandCaptures(rule.scoreAttribute, captures));
  return value === undefined ? -infinity : scoreOrColour(options, value);
}

/** Whoever is promoted was started and unpromoted before: what is said of those roles holds for every role. */
function locationRole(written: string | undefined): Role | undefined {
  switch (parseRole(written)) {
    case 'Promoted':
      return role.promoted;
    case 'Stopped':
      return role.stopped;
    default:
      return undefined;
  }
}

function discoveryOf({ resourceDiscovery }: LocationConstraint): Location['discovery'] {
  const word = resourceDiscovery?.toLowerCase();
  return word === 'always' || word === 'never' || word === 'exclusive' ? word : undefined;
}

/** Also without any node: an exclusive discovery that no node fits still excludes all. */
function add(cluster: Cluster, location: Location): void {
  cluster.locations.push(location);
  location.resource.locations.push(location);
}
