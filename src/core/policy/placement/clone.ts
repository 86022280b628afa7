/**
 * Clones: what the clone wants to be with is placed first and those who want to be with it are heard, once for all instances. Then
 * the instances are dealt out, and for a promotable clone some of them promoted.
 */
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { assignAny } from './any.ts';
import { assignInstances } from './instances.ts';
import { choosePromoted } from './promote.ts';
import { addPromotionScores } from './promotion-scores.ts';
import { wantedBy, wantsOf } from './relations.ts';
import { isPromotable, nextRoleOf } from './state.ts';
import { hearDependent } from './wishes.ts';

export function assignClone(cluster: Cluster, clone: Resource): ClusterNode | undefined {
  if (isPromotable(clone)) addPromotionScores(cluster, clone);
  for (const { primary } of wantsOf(clone)) assignAny(cluster, primary, undefined);
  for (const colocation of wantedBy(clone))
    hearDependent(cluster, clone, colocation, { keepANode: true, keepGoodNodes: true });
  assignInstances(cluster, clone);
  clone.provisional = false;
  if (isPromotable(clone)) choosePromoted(cluster, clone);
  clone.nextRole = nextRoleOf(clone);
  return undefined;
}
