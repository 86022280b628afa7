/** What a reload would do to the groups of this node, before it is done: from the lists that are in force. */
import type { GroupConfiguration, ResourceConfiguration } from '../../core/config/configuration.ts';
import type { Engine } from '../../core/engine.ts';
import { planChange } from '../../core/haresources/change-plan.ts';
import { isHeld } from '../../core/haresources/letters.ts';
import { letterOf } from '../../core/node-state.ts';
import type { GroupPlanReport } from '../../protocol/schemas.ts';

export function groupPlan({ node }: Engine, wanted: readonly GroupConfiguration[]): GroupPlanReport[] {
  const plans: GroupPlanReport[] = [];
  for (const group of node.groups) {
    const { key, resources } = group.configuration;
    const next = wanted.find((candidate) => candidate.key === key);
    const runs = isHeld(letterOf(group));
    const plan = next === undefined ? undefined : planChange(resources, next.resources);
    if (next === undefined) {
      if (runs || group.wanted !== undefined)
        plans.push({ ...empty(key, runs), change: 'removed', stops: runs ? resources.map(written).reverse() : [] });
    } else if (plan !== undefined) plans.push({ ...changeOf(key, plan), runsHere: runs, change: 'changed' });
  }
  for (const { key, resources } of wanted)
    if (!node.groups.some((group) => group.configuration.key === key))
      plans.push({ ...empty(key, false), change: 'new', starts: resources.map(written) });
  return plans;
}

function changeOf(
  group: string,
  plan: NonNullable<ReturnType<typeof planChange>>,
): Omit<GroupPlanReport, 'change' | 'runsHere'> {
  const word = (at: number): string => plan.merged[at]!.written;
  const restarts = plan.stops.filter((at) => plan.starts.includes(at));
  return {
    group,
    stops: plan.stops.filter((at) => !restarts.includes(at)).map(word),
    restarts: restarts.toReversed().map(word),
    starts: plan.starts.filter((at) => !restarts.includes(at)).map(word),
  };
}

const empty = (group: string, runsHere: boolean): Omit<GroupPlanReport, 'change'> => ({
  group,
  runsHere,
  stops: [],
  restarts: [],
  starts: [],
});

const written = (resource: ResourceConfiguration): string => resource.written;
