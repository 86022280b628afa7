/** What every rule of a decision may ask: the configuration and the time. Changes to come are noted in the cluster. */
import type { RuleContext } from '../rules/context.ts';
import type { Cluster } from '../working-set.ts';

export function ruleContext(cluster: Cluster): RuleContext {
  return {
    cib: cluster.cib,
    nowS: cluster.nowS,
    changesAt: (atS) => {
      noteRecheck(cluster, atS);
    },
  };
}

/** The earliest time at which the same CIB may have to be decided anew. */
export function noteRecheck(cluster: Cluster, atS: number): void {
  if (atS <= cluster.nowS) return;
  if (cluster.recheckAtS === undefined || atS < cluster.recheckAtS) cluster.recheckAtS = atS;
}
