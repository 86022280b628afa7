/** What the failure of an operation leads to (`on-fail`), and the role the resource is to have after it. */
import type { Operation } from '../../cib/model.ts';
import { parseRole } from '../../cib/values.ts';
import { type Action, type Cluster, type OnFail, type Resource, role } from '../working-set.ts';
import { enabledOperations, intervalOf } from './recurring.ts';
import { warnOnce } from './warn.ts';

interface Asked {
  readonly task: string;
  readonly operation: Operation | undefined;
  readonly meta: ReadonlyMap<string, string>;
}

export function failureHandling(
  cluster: Cluster,
  resource: Resource,
  asked: Asked,
): Pick<Action, 'onFail' | 'roleAfterFailure'> {
  const onFail = configuredOnFail(cluster, resource, asked) ?? standardOnFail(cluster, resource, asked.task);
  if (onFail === 'stop') return { onFail, roleAfterFailure: role.stopped };
  return { onFail, roleAfterFailure: asked.task === 'promote' ? role.unpromoted : role.started };
}

/** @returns undefined when nothing is said, or nothing that makes sense for this operation. */
function configuredOnFail(cluster: Cluster, resource: Resource, asked: Asked): OnFail | undefined {
  const written = writtenOnFail(resource, asked)?.toLowerCase();
  const fields = { resource: resource.configuredId, operation: asked.task, value: written ?? '' };
  switch (written) {
    case undefined:
      return undefined;
    case 'ignore':
    case 'nothing':
      return 'ignore';
    case 'block':
    case 'restart':
      return written;
    case 'stop':
    case 'standby':
      if (asked.task !== 'stop') return written;
      warnOnce(cluster, { code: 'on-fail-not-for-operation', fields });
      return undefined;
    case 'demote':
      if (isDemotable(asked)) return 'demote';
      warnOnce(cluster, { code: 'on-fail-not-for-operation', fields });
      return undefined;
    case 'fence':
      if (cluster.options.fencingEnabled) return 'fence';
      warnOnce(cluster, { code: 'on-fail-fence-without-fencing', fields });
      return 'stop';
    case 'restart-container':
      return containerOf(cluster, resource) === undefined ? undefined : 'restart-container';
    default:
      warnOnce(cluster, { code: 'on-fail-not-understood', fields });
      return undefined;
  }
}

/** A demotion that says nothing follows the monitor of the promoted role: both are about the same service. */
function writtenOnFail(resource: Resource, { task, meta }: Asked): string | undefined {
  if (task === 'lrm_delete') return 'ignore';
  const written = meta.get('on-fail');
  if (task !== 'demote' || written !== undefined) return written;
  return enabledOperations(resource)
    .filter((operation) => isPromotedMonitor(operation))
    .map(({ attributes }) => attributes['on-fail'])
    .find((value) => value !== undefined && value.toLowerCase() !== 'demote');
}

/** Only a promoted instance can be demoted: the failed operation must be one that only such an instance has. */
function isDemotable({ operation }: Asked): boolean {
  return operation !== undefined && (operation.name === 'promote' || isPromotedMonitor(operation));
}

function isPromotedMonitor(operation: Operation): boolean {
  const { name, attributes } = operation;
  return name === 'monitor' && parseRole(attributes['role']) === 'Promoted' && intervalOf(operation) > 0;
}

function standardOnFail(cluster: Cluster, resource: Resource, task: string): OnFail {
  if (containerOf(cluster, resource) !== undefined) return 'restart-container';
  if (task === 'stop') return cluster.options.fencingEnabled ? 'fence' : 'block';
  return 'restart';
}

function containerOf(cluster: Cluster, { container }: Resource): Resource | undefined {
  return container === undefined ? undefined : cluster.resourceById.get(container);
}
