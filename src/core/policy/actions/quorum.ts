/** What the loss of quorum means for one resource. */
import { type Cluster, type NoQuorumPolicy, type Resource, role } from '../working-set.ts';

/**
 * `ignore` while there is quorum. With no-quorum-policy=demote a promotable instance may stay, but not promoted; everything else
 * stops.
 */
export function effectiveQuorumPolicy(cluster: Cluster, resource: Resource): NoQuorumPolicy {
  const { noQuorumPolicy } = cluster.options;
  if (cluster.haveQuorum) return 'ignore';
  if (noQuorumPolicy !== 'demote') return noQuorumPolicy;
  if (resource.role !== role.promoted && resource.role !== role.unpromoted) return 'stop';
  if (resource.nextRole > role.unpromoted) resource.nextRole = role.unpromoted;
  return 'ignore';
}
