/** What the meta attributes of a resource say, understood: defaults where nothing or nonsense is written. */
import { parseBoolean, parseDurationMs, parseInteger, parseRole } from '../../cib/values.ts';
import { infinity } from '../score.ts';
import { type Cluster, type Resource, type Role, role, topmost } from '../working-set.ts';
import { scoreOf } from './scores.ts';
import { warnOnce } from './warn.ts';

type Meta = ReadonlyMap<string, string>;

type Settings = Pick<
  Resource,
  | 'priority'
  | 'stickiness'
  | 'migrationThreshold'
  | 'failureTimeoutMs'
  | 'managed'
  | 'maintenance'
  | 'critical'
  | 'allowMigrate'
  | 'multipleActive'
  | 'restartType'
  | 'requires'
  | 'requiresUnfencing'
  | 'removeAfterStop'
>;

export function settingsOf(cluster: Cluster, meta: Meta, kind: Kind): Settings {
  const { options } = cluster;
  const maintenance = options.maintenanceMode || isYes(meta, 'maintenance');
  return {
    priority: scoreOf(meta.get('priority')),
    stickiness: scoreOf(meta.get('resource-stickiness')),
    migrationThreshold: migrationThreshold(meta),
    failureTimeoutMs: parseDurationMs(meta.get('failure-timeout')) ?? 0,
    managed: !maintenance && (given(meta, 'is-managed') === undefined || isYes(meta, 'is-managed')),
    maintenance,
    critical: !meta.has('critical') || isYes(meta, 'critical'),
    allowMigrate: meta.has('allow-migrate') ? isYes(meta, 'allow-migrate') : kind.isRemoteNode,
    multipleActive: multipleActive(meta.get('multiple-active')),
    restartType: meta.get('restart-type')?.toLowerCase() === 'restart' ? 'restart' : 'ignore',
    ...requirements(cluster, meta.get('requires'), kind),
    removeAfterStop: options.removeAfterStop,
  };
}

/**
 * The role a resource is held at. `Started` asks for nothing, and neither does `Promoted`: that is what happens anyway. A role
 * that only a promotable resource has means nothing to another.
 */
export function targetRoleOf(cluster: Cluster, resource: Resource): Role | undefined {
  const written = given(resource.meta, 'target-role');
  if (written === undefined || written.toLowerCase() === 'started') return undefined;
  const named = parseRole(written);
  if (named === 'Stopped') return role.stopped;
  const promotable = topmost(resource).clone?.promotable === true;
  if (named === undefined || !promotable) {
    warnOnce(cluster, { code: 'target-role-not-valid', fields: { resource: resource.id, role: written } });
    return undefined;
  }
  return named === 'Unpromoted' ? role.unpromoted : undefined;
}

/** The value, unless it is `default`, which says nothing. */
function given(meta: Meta, name: string): string | undefined {
  const value = meta.get(name);
  return value?.toLowerCase() === 'default' ? undefined : value;
}

export function isYes(meta: Meta, name: string): boolean {
  return parseBoolean(meta.get(name)) === true;
}

function migrationThreshold(meta: Meta): number {
  const written = given(meta, 'migration-threshold');
  if (written === undefined) return infinity;
  const threshold = scoreOf(written);
  return threshold < 0 ? 1 : threshold;
}

function multipleActive(written: string | undefined): Resource['multipleActive'] {
  const word = written?.toLowerCase();
  return word === 'stop_only' || word === 'block' || word === 'stop_unexpected' ? word : 'stop_start';
}

interface Kind {
  readonly id: string;
  readonly isFencingDevice: boolean;
  readonly isRemoteNode: boolean;
}

function requirements(
  cluster: Cluster,
  written: string | undefined,
  kind: Kind,
): Pick<Resource, 'requires' | 'requiresUnfencing'> {
  const word = written?.toLowerCase();
  const known = word === 'nothing' || word === 'quorum' || word === 'fencing' || word === 'unfencing';
  const wished = known ? word : standardRequires(cluster, kind);
  if (wished === 'fencing' && !cluster.options.fencingEnabled) {
    warnOnce(cluster, { code: 'requires-fencing-without-fencing', fields: { resource: kind.id } });
  }
  if (wished !== 'unfencing') return { requires: wished, requiresUnfencing: false };
  // A device cannot wait for itself.
  const possible = !kind.isFencingDevice && cluster.options.fencingEnabled;
  return { requires: possible ? 'fencing' : 'quorum', requiresUnfencing: possible };
}

function standardRequires({ options, unfencing }: Cluster, kind: Kind): Resource['requires'] | 'unfencing' {
  if (kind.isFencingDevice || kind.isRemoteNode) return 'quorum';
  if (unfencing) return 'unfencing';
  if (options.fencingEnabled) return 'fencing';
  return options.noQuorumPolicy === 'ignore' ? 'nothing' : 'quorum';
}

/** At least `minimum`, which is also what nonsense comes to; `standard` when nothing is said. */
export function wholeNumber(written: string | undefined, standard: number, minimum: number): number {
  if (written === undefined) return standard;
  const value = parseInteger(/^\s*[+-]?\d+/.exec(written)?.[0]);
  return value === undefined ? minimum : Math.max(value, minimum);
}
