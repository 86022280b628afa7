/** `<op_defaults>`: they can only differ by agent, task and interval, and are worked out once for each combination. */
import type { RuleContext } from '../rules/context.ts';
import { effectivePairs } from '../rules/pairs.ts';
import type { Cluster } from '../working-set.ts';
import { ruleContext } from './rule-context.ts';

const known = new WeakMap<Cluster, Map<string, ReadonlyMap<string, string>>>();

export function operationDefaults(
  cluster: Cluster,
  agent: NonNullable<RuleContext['agent']>,
  operation: NonNullable<RuleContext['operation']>,
): ReadonlyMap<string, string> {
  const byKey = known.get(cluster) ?? new Map<string, ReadonlyMap<string, string>>();
  known.set(cluster, byKey);
  const key = [agent.class, agent.provider, agent.type, operation.name, operation.intervalMs].join('\n');
  const found = byKey.get(key);
  if (found !== undefined) return found;
  const sets = cluster.cib.configuration.operationDefaults;
  const defaults = effectivePairs(sets, { ...ruleContext(cluster), agent, operation });
  byKey.set(key, defaults);
  return defaults;
}
