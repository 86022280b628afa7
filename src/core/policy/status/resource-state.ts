/**
 * Once a history is read to its end: where the resource is known and active, and what the hardest of its failures does to the
 * resource or its node.
 */
import type { Cluster, Resource } from '../working-set.ts';
import { role } from '../working-set.ts';
import { addActive } from './activity.ts';
import { banFrom } from './bans.ts';
import { demandStop, withdrawStop } from './demands.ts';
import { hasOwnCounts } from './failcount.ts';
import type { Response } from './failure-response.ts';
import { keepPartialActive } from './migration.ts';
import { requireFencing } from './node-fencing.ts';
import type { Reading } from './reading.ts';
import { setNextRole } from './reading.ts';

export function concludeHistory(reading: Reading): void {
  const { cluster, resource, node } = reading;
  if (resource.role !== role.unknown) rememberKnown(reading);
  if (isActive(resource) && !node.online && !node.maintenance && resource.managed && cluster.options.fencingEnabled) {
    requireFencing(cluster, node, `${resource.id} is thought to be active there`);
  }
  const failed = reading.response !== 'ignore';
  // Fencing takes care of everything on an unclean node; afterwards the resource may start again.
  const response = node.unclean ? 'ignore' : reading.response;
  respond(reading, response);
  if (isActive(resource)) {
    warnOfOrphan(cluster, resource, node.name);
    addActive(cluster, resource, node, failed);
    if (response !== 'ignore') resource.failed = true;
    if (response !== 'ignore' && response !== 'demote' && response !== 'block') resource.stopNeeded = true;
  } else {
    withdrawStop(cluster, resource, node);
  }
  keepPartialActive(resource, node);
}

function isActive(resource: Resource): boolean {
  return resource.role > role.stopped;
}

/** One instance of an anonymous clone known on a node makes the whole clone known there. */
function rememberKnown({ resource, node }: Reading): void {
  for (let each: Resource | undefined = resource; each !== undefined; each = each.parent) {
    each.knownOn.set(node.id, node);
    if (hasOwnCounts(each)) return;
  }
}

function respond(reading: Reading, response: Response): void {
  const { cluster, resource, node } = reading;
  switch (response) {
    case 'ignore':
      return;
    case 'demote':
      resource.failed = true;
      cluster.demands.push({ task: 'demote', resource, node });
      return;
    case 'fence':
      requireFencing(cluster, node, `${resource.id} failed there`);
      return;
    case 'standby':
      node.standby = true;
      node.standbyOnFail = true;
      return;
    case 'block':
      resource.managed = false;
      resource.blocked = true;
      cluster.warnings.push({ code: 'failure-blocks', fields: { resource: resource.id, node: node.name } });
      return;
    case 'ban':
      banFrom(cluster, resource, node, { kind: 'hard-error' });
      return;
    case 'stop':
      setNextRole(resource, role.stopped);
      return;
    case 'restart':
      if (isActive(resource)) mustStop(reading, resource);
      return;
    case 'restart-container':
      stopContainer(reading);
  }
}

/** Without a container that exists it is the resource itself that is stopped. */
function stopContainer(reading: Reading): void {
  const { cluster, resource } = reading;
  const container = resource.container === undefined ? undefined : cluster.resourceById.get(resource.container);
  const stopped = container ?? (isActive(resource) ? resource : undefined);
  if (stopped !== undefined) mustStop(reading, stopped);
  resource.failed = true;
  resource.stopNeeded = true;
}

function mustStop({ cluster, resource, node }: Reading, stopped: Resource): void {
  resource.failed = true;
  resource.stopNeeded = true;
  demandStop(cluster, stopped, node);
}

function warnOfOrphan(cluster: Cluster, resource: Resource, node: string): void {
  if (!resource.orphan) return;
  const code = resource.managed ? 'orphan-will-stop' : 'orphan-left-running';
  cluster.warnings.push({ code, fields: { resource: resource.id, node } });
}
