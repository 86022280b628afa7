/**
 * Live migrations in the history. A whole one is `migrate_to` on the source, `migrate_from` on the target and `stop` on the
 * source. It is *partial* while the migrate_from has not happened: the resource then counts as active on both nodes, and the
 * migration may be carried on. It is *dangling* when only the stop is missing. Either node's history may have been erased at any
 * point, so both sides are asked whether something newer makes the migration a thing of the past.
 */
import type { RecordedOperation } from '../../cib/model.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { role } from '../working-set.ts';
import { addActive } from './activity.ts';
import { historyOf } from './histories.ts';
import { compareEntries } from './history-order.ts';
import type { Reading } from './reading.ts';
import type { HistoryEntry } from './recorded-operation.ts';
import { execution, exitCode, readEntry } from './recorded-operation.ts';

interface Route {
  readonly source: string;
  readonly target: string;
}

/** `migrate_to` succeeded on the node whose history is read. */
export function migratedTo(reading: Reading, entry: HistoryEntry): void {
  const { cluster, resource, node } = reading;
  const route = routeOf(entry);
  if (route === undefined || !isNamed(node, route.source)) return;
  const sourceMovedOn = actedAfter(cluster, resource, route.source, entry, true);
  const arrival = findMigration(cluster, resource, 'migrate_from', route.target, route);
  if (arrival !== undefined && sourceMovedOn) return;
  const targetMovedOn = isOutdated(cluster, resource, route.target, entry, arrival);
  if (sourceMovedOn && targetMovedOn) return;

  const arrivalStatus = arrival === undefined ? execution.pending : (arrival.status ?? execution.pending);
  if (arrivalStatus === execution.done && (arrival?.rc ?? exitCode.ok) === exitCode.ok) {
    resource.role = role.stopped;
    resource.danglingMigrations.unshift(node);
    return;
  }
  resource.role = role.started;
  const target = cluster.nodeByName.get(route.target);
  const onTarget = target?.online === true && !targetMovedOn ? target : undefined;
  if (arrivalStatus !== execution.pending) {
    if (onTarget === undefined) mustRecover(resource);
    else addActive(cluster, resource, onTarget, true);
    return;
  }
  // A target that knows nothing at all was cleaned up and will be probed.
  if (target?.online === true && isUnknown(cluster, resource, route.target)) return;
  if (onTarget !== undefined) beginPartial(reading, onTarget);
  else if (!sourceMovedOn) mustRecover(resource);
}

/** `migrate_to` failed on the node whose history is read. */
export function migrateToFailed({ cluster, resource, node }: Reading, entry: HistoryEntry): void {
  const route = routeOf(entry);
  if (route === undefined || !isNamed(node, route.source)) return;
  resource.role = role.started;
  const arrival = findMigration(cluster, resource, 'migrate_from', route.target, route, exitCode.ok);
  if (!isUnknown(cluster, resource, route.target) && !isOutdated(cluster, resource, route.target, entry, arrival)) {
    const target = cluster.nodeByName.get(route.target);
    if (target?.online === true) addActive(cluster, resource, target, false);
  } else if (!actedAfter(cluster, resource, route.source, entry, true)) {
    resource.danglingMigrations.unshift(node);
  }
}

/** `migrate_from` failed on the node whose history is read: the source may run it still. */
export function migrateFromFailed({ cluster, resource, node }: Reading, entry: HistoryEntry): void {
  const route = routeOf(entry);
  if (route === undefined || !isNamed(node, route.target)) return;
  resource.role = role.started;
  const departure = findMigration(cluster, resource, 'migrate_to', route.source, route, exitCode.ok);
  if (isUnknown(cluster, resource, route.source)) return;
  if (isOutdated(cluster, resource, route.source, departure, entry)) return;
  const source = cluster.nodeByName.get(route.source);
  if (source?.online === true) addActive(cluster, resource, source, true);
}

/** A stop on the source of a partial migration leaves the resource on the target. */
export function keepPartialActive(resource: Resource, node: ClusterNode): void {
  if (resource.role !== role.stopped || resource.partialMigrationSource !== node) return;
  if (resource.partialMigrationTarget !== undefined && resource.activeOn.length > 0) resource.role = role.started;
}

function beginPartial({ cluster, resource, node }: Reading, target: ClusterNode): void {
  addActive(cluster, resource, target, false);
  if (!node.online) return;
  resource.partialMigrationSource = node;
  resource.partialMigrationTarget = target;
}

function mustRecover(resource: Resource): void {
  resource.failed = true;
  resource.stopNeeded = true;
  resource.allowMigrate = false;
}

function routeOf({ recorded }: HistoryEntry): Route | undefined {
  const { migrate_source: source, migrate_target: target } = recorded.attributes;
  return source === undefined || target === undefined ? undefined : { source, target };
}

function isNamed(node: ClusterNode, name: string): boolean {
  return node.name.toLowerCase() === name.toLowerCase();
}

function operationsOn(cluster: Cluster, resource: Resource, node: string): readonly RecordedOperation[] {
  return historyOf(cluster, node, resource.id)?.operations ?? [];
}

/** The one entry of that migration; with `rc` only if it is done with that code. */
function findMigration(
  cluster: Cluster,
  resource: Resource,
  task: 'migrate_to' | 'migrate_from',
  node: string,
  { source, target }: Route,
  rc?: number,
): HistoryEntry | undefined {
  const partner = task === 'migrate_to' ? 'migrate_target' : 'migrate_source';
  const name = task === 'migrate_to' ? target : source;
  const found = onlyEntry(operationsOn(cluster, resource, node), (attributes) => {
    return attributes['operation'] === task && attributes[partner] === name;
  });
  if (found === undefined) return undefined;
  return rc === undefined || (found.rc === rc && found.status === execution.done) ? found : undefined;
}

/** Two entries that may be meant (a failure is recorded twice) are no evidence for Pacemaker, so they are none here. */
function onlyEntry(
  operations: readonly RecordedOperation[],
  isMeant: (attributes: RecordedOperation['attributes']) => boolean,
): HistoryEntry | undefined {
  const [found, second] = operations.filter(({ attributes }) => isMeant(attributes));
  return found === undefined || second !== undefined ? undefined : readEntry(found);
}

/** Nothing recorded there, or only what is pending. */
function isUnknown(cluster: Cluster, resource: Resource, node: string): boolean {
  return operationsOn(cluster, resource, node).every(
    ({ attributes }) => attributes['rc-code'] === undefined || attributes['rc-code'] === String(exitCode.unknown),
  );
}

/** Whether the node did something newer than the migration, so that it says nothing about that node any more. */
function isOutdated(
  cluster: Cluster,
  resource: Resource,
  node: string,
  departure: HistoryEntry | undefined,
  arrival: HistoryEntry | undefined,
): boolean {
  const known = arrival ?? departure;
  const route = known === undefined ? undefined : routeOf(known);
  if (known === undefined) return false;
  // Call numbers of the node itself are the surest, so its own half of the migration is compared with if there is one.
  const own = route?.target === node ? arrival : route?.source === node ? departure : undefined;
  const event = own ?? (route?.target === node ? departure : route?.source === node ? arrival : known) ?? known;
  const sameNode = own !== undefined;
  return (
    actedAfter(cluster, resource, node, event, sameNode) || foundStoppedAfter(cluster, resource, node, event, sameNode)
  );
}

const acts: ReadonlySet<string> = new Set(['start', 'stop', 'migrate_to', 'migrate_from']);

function actedAfter(cluster: Cluster, resource: Resource, node: string, event: HistoryEntry, sameNode: boolean) {
  return operationsOn(cluster, resource, node).some(
    (recorded) =>
      recorded !== event.recorded &&
      acts.has(recorded.attributes['operation'] ?? '') &&
      compareEntries(readEntry(recorded), event, sameNode) > 0,
  );
}

function foundStoppedAfter(cluster: Cluster, resource: Resource, node: string, event: HistoryEntry, sameNode: boolean) {
  const monitor = onlyEntry(operationsOn(cluster, resource, node), ({ operation }) => operation === 'monitor');
  if (monitor === undefined) return false;
  if (monitor.rc !== exitCode.notRunning || monitor.status !== execution.done) return false;
  return compareEntries(monitor, event, sameNode) > 0;
}
