/** Finding configured operations: the one for a task and interval, and those that recur. */
import type { Operation } from '../../cib/model.ts';
import { parseBoolean, parseDurationMs, parseRole } from '../../cib/values.ts';
import { type Cluster, type Resource, type Role, role } from '../working-set.ts';
import { warnOnce } from './warn.ts';

export interface RecurringOperation {
  readonly operation: Operation;
  readonly name: string;
  readonly intervalMs: number;
  /** Runs only while the resource has this role; undefined: whenever it is active. */
  readonly role: Role | undefined;
}

/** What happens only when it is asked for cannot recur. */
const neverRecurring = new Set([
  'start',
  'stop',
  'promote',
  'demote',
  'notify',
  'migrate_to',
  'migrate_from',
  'reload-agent',
  'delete',
]);

/** The enabled operations with an interval. One that is defined twice counts as defined not at all. */
export function recurringOperations(cluster: Cluster, resource: Resource): RecurringOperation[] {
  const found: RecurringOperation[] = [];
  for (const operation of enabledOperations(resource)) {
    const intervalMs = intervalOf(operation);
    if (intervalMs === 0 || isRefused(cluster, resource, operation)) continue;
    found.push({ operation, name: operation.name, intervalMs, role: roleOfOperation(operation) });
  }
  return found;
}

/**
 * The operation configured for a task, also a disabled one. Migrations may be described by one operation `migrate`.
 */
export function operationFor(resource: Resource, task: string, intervalMs: number): Operation | undefined {
  const { operations } = resource;
  return (
    operations.find((operation) => operation.name === task && intervalOf(operation) === intervalMs) ??
    (task === 'migrate_to' || task === 'migrate_from'
      ? operations.find((operation) => operation.name === 'migrate' && intervalOf(operation) === 0)
      : undefined)
  );
}

export function enabledOperations({ operations }: Resource): readonly Operation[] {
  return operations.filter(({ attributes }) => {
    const enabled = attributes['enabled'];
    return enabled === undefined || parseBoolean(enabled) === true;
  });
}

/** Milliseconds; 0 for what does not recur, and for what cannot be read. */
export function intervalOf({ interval }: Operation): number {
  return interval === undefined || interval === '0' ? 0 : (parseDurationMs(interval) ?? 0);
}

function isRefused(cluster: Cluster, resource: Resource, operation: Operation): boolean {
  const fields = { resource: resource.configuredId, operation: operation.name, interval: operation.interval ?? '0' };
  if (neverRecurring.has(operation.name)) {
    warnOnce(cluster, { code: 'operation-cannot-recur', fields });
    return true;
  }
  const intervalMs = intervalOf(operation);
  const same = resource.operations.filter(({ name }) => name === operation.name);
  if (same.length < 2 || same.filter((each) => intervalOf(each) === intervalMs).length < 2) return false;
  warnOnce(cluster, { code: 'operation-duplicate', fields });
  return true;
}

function roleOfOperation({ attributes }: Operation): Role | undefined {
  switch (parseRole(attributes['role'])) {
    case 'Stopped':
      return role.stopped;
    case 'Unpromoted':
      return role.unpromoted;
    case 'Promoted':
      return role.promoted;
    case 'Started':
      return role.started;
    case undefined:
      return undefined;
  }
}
