/** The instance attributes of a resource: its own first, then those of the group and clone around it. */
import { effectivePairs } from '../rules/pairs.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { ruleContext } from './rule-context.ts';

/** With `node`, rules may ask for that node's attributes; without, such rules do not hold. */
export function parametersOf(cluster: Cluster, resource: Resource, node?: ClusterNode): Map<string, string> {
  const { class: standard, provider, type } = resource;
  const context = {
    ...ruleContext(cluster),
    agent: { class: standard, provider, type },
    ...(node === undefined ? {} : { node: node.attributes }),
  };
  const parameters = new Map<string, string>();
  for (let each: Resource | undefined = resource; each !== undefined; each = each.parent) {
    const { definition } = each;
    if (definition === undefined || definition.kind === 'bundle') continue;
    effectivePairs(definition.params, context, { into: parameters });
  }
  return parameters;
}
