/** What is planned for a small CIB, in words a test can compare: `stop web a`, `start web b`, `group_stop_0`. */
import { createHash } from 'node:crypto';
import { parseCib } from '../../../../src/core/cib/xml.ts';
import { decide } from '../../../../src/core/policy/decide.ts';
import type { GraphAction, TransitionGraph } from '../../../../src/core/policy/graph.ts';
import type { Cluster } from '../../../../src/core/policy/working-set.ts';
import { cibText, nowS, type Story } from '../status/status-cib.ts';

export interface Plan {
  readonly graph: TransitionGraph;
  readonly cluster: Cluster;
  /** Every step, sorted. */
  readonly steps: readonly string[];
}

/** As `planOf`, with fencing switched off and no device, for what has nothing to do with it. */
export function plainPlan(story: Story): Plan {
  return planOf({ device: false, ...story, options: { 'stonith-enabled': 'false', ...story.options } });
}

/** Recorded operations without a digest get the one of an agent without parameters, so that nothing counts as changed. */
export function planOf(story: Story): Plan {
  const text = cibText(story).replace(/<lrm_rsc_op ((?:(?!op-digest)[^>])*)\/>/g, (_, attributes: string) => {
    const recurring = !attributes.includes('interval="0"');
    return `<lrm_rsc_op ${attributes} op-digest="${recurring ? monitorDigest : plainDigest}"/>`;
  });
  const parsed = parseCib(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  const { graph, cluster } = decide(parsed.value.cib, { nowS: story.nowS ?? nowS, md5 });
  return { graph, cluster, steps: graph.actions.map(nameOf).sort() };
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

const plainDigest = md5(' <parameters/>\n');
const monitorDigest = md5(' <parameters CRM_meta_timeout="20000"/>\n');

export function nameOf(action: GraphAction): string {
  if (action.kind === 'pseudo') return action.key;
  if (action.kind === 'fence') return `fence ${action.node ?? ''}`;
  const interval = action.intervalMs > 0 ? ` ${String(action.intervalMs / 1000)}s` : '';
  return [action.task, action.resource, action.node].filter((word) => word !== undefined).join(' ') + interval;
}

/** Those steps that are about these resources, points left out. */
export function stepsOf(plan: Plan, ...resources: string[]): string[] {
  return plan.graph.actions
    .filter(({ kind, resource }) => kind !== 'pseudo' && resource !== undefined && resources.includes(resource))
    .map(nameOf)
    .sort();
}

/** Whether the one named first has to have ended before the other begins. */
export function isBefore({ graph }: Plan, first: string, then: string): boolean {
  const byId = new Map(graph.actions.map((action) => [action.id, action]));
  const target = graph.actions.find((action) => nameOf(action) === first);
  const waiting = graph.actions.filter((action) => nameOf(action) === then);
  if (target === undefined || waiting.length === 0) throw new Error(`no ${target === undefined ? first : then}`);
  const seen = new Set<GraphAction>();
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (seen.has(each)) continue;
    seen.add(each);
    for (const id of each.inputs) {
      if (id === target.id) return true;
      waiting.push(byId.get(id)!);
    }
  }
  return false;
}

export function stepNamed({ graph }: Plan, name: string): GraphAction {
  const found = graph.actions.find((action) => nameOf(action) === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}
