/**
 * What has to be done to a running group so that it consists of other resources. Stops go from the right, starts from the
 * left, and only what must be is touched:
 *
 * - what is added is started in its place, what is taken out is stopped;
 * - a service that comes or goes has its reasons to stand where it stands: the services to the right of it are stopped
 *   before and started after it. An address comes and goes by itself, and is never restarted for a neighbour's sake;
 * - another order alone stops nothing. It counts from the next stop or start on.
 */
import type { ResourceConfiguration } from '../config/configuration.ts';
import { isAddress } from './addresses.ts';
import { sameResource } from './change.ts';
import type { GroupChange } from './group-machine.ts';

export interface ChangePlan extends Omit<GroupChange, 'size'> {
  /** The list while the change lasts: what comes and what goes; the indexes of the change count in it. */
  readonly merged: readonly ResourceConfiguration[];
}

/** `undefined`: nothing is to be stopped or started. */
export function planChange(
  present: readonly ResourceConfiguration[],
  wanted: readonly ResourceConfiguration[],
): ChangePlan | undefined {
  const goes = (resource: ResourceConfiguration): boolean => !has(wanted, resource);
  const comes = (resource: ResourceConfiguration): boolean => !has(present, resource);
  if (!present.some(goes) && !wanted.some(comes)) return undefined;
  const merged = mergeLists(present, wanted);
  const unsettled = merged.findIndex((resource) => !isAddress(resource) && (goes(resource) || comes(resource)));
  const restarts = (at: number): boolean => unsettled >= 0 && at > unsettled && !isAddress(merged[at]!);
  const indexes = merged.map((_, at) => at);
  return {
    merged,
    stops: indexes.filter((at) => goes(merged[at]!) || (!comes(merged[at]!) && restarts(at))).reverse(),
    starts: indexes.filter((at) => comes(merged[at]!) || (!goes(merged[at]!) && restarts(at))),
    optional: indexes.filter((at) => comes(merged[at]!)),
  };
}

/** The wanted order; what goes stays behind the neighbour that it had. What both have is what runs already. */
function mergeLists(
  present: readonly ResourceConfiguration[],
  wanted: readonly ResourceConfiguration[],
): ResourceConfiguration[] {
  const merged = wanted.map((resource) => present.find((other) => sameResource(other, resource)) ?? resource);
  for (const [at, resource] of present.entries()) {
    if (has(wanted, resource)) continue;
    const neighbour = at === 0 ? -1 : merged.indexOf(present[at - 1]!);
    merged.splice(neighbour + 1, 0, resource);
  }
  return merged;
}

const has = (list: readonly ResourceConfiguration[], resource: ResourceConfiguration): boolean =>
  list.some((other) => sameResource(other, resource));
