/**
 * Whether a failure of a resource stands that is configured to block it (`on-fail=block` on the operation itself). Such a
 * failure does not expire: somebody has to look first.
 */
import type { Operation } from '../../cib/model.ts';
import { parseDurationMs } from '../../cib/values.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { historyOf } from './histories.ts';
import type { HistoryEntry } from './recorded-operation.ts';
import { readEntry } from './recorded-operation.ts';

/** With an entry only that one is asked, otherwise all that the node has recorded for the resource. */
export function blockingFailure(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  entry: HistoryEntry | undefined,
): boolean {
  const blocking = resource.operations.filter((operation) => operation.attributes['on-fail'] === 'block');
  if (blocking.length === 0) return false;
  const asked =
    entry === undefined
      ? (historyOf(cluster, node.name, resource.configuredId)?.operations.map(readEntry) ?? [])
      : [entry];
  return blocking.some((operation) => asked.some((each) => isFailureOf(resource.configuredId, operation, each)));
}

/** An entry under the operation's own name counts when it failed, one under `last_failure` always. */
function isFailureOf(resource: string, operation: Operation, entry: HistoryEntry): boolean {
  const intervalMs = parseDurationMs(operation.interval ?? '0') ?? 0;
  if (operation.name !== entry.task || intervalMs !== entry.intervalMs) return false;
  if (entry.id === `${resource}_last_failure_0`) return true;
  return entry.id === `${resource}_${operation.name}_${intervalMs}` && entry.rc !== entry.expectedRc;
}
