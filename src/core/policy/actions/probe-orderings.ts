/**
 * Orderings that probes bring along. While a probe has not ended, nobody knows whether the resource has to be stopped there; so
 * what waits for its stop waits for its probe, and what would be restarted with it starts only after its probe.
 */
import { parseBoolean } from '../../cib/values.ts';
import {
  type Action,
  type Cluster,
  type OrderedBy,
  type Ordering,
  primitivesOf,
  type Resource,
  topmost,
} from '../working-set.ts';
import { compatibleInstance } from './instances.ts';
import { linkActions } from './links.ts';
import { actionsOf } from './new-action.ts';
import { has, order } from './order-flags.ts';

export function orderProbes(cluster: Cluster): void {
  for (const top of cluster.resources) {
    for (const resource of primitivesOf(top)) orderAfterProbes(resource);
  }
  for (const ordering of cluster.orderings) orderProbesBeforeStops(ordering);
}

/** "Stop A, then X" implies "probe A, then X". */
function orderProbesBeforeStops(ordering: Ordering): void {
  const { firstResource, thenResource, thenTask, thenAction, flags } = ordering;
  if (flags === order.none || firstResource === undefined || firstResource === thenResource) return;
  if ((ordering.firstAction?.task ?? ordering.firstTask) !== 'stop') return;
  const then = thenAction?.task ?? thenTask;
  // A probe waits for the unfencing of its node, so that cannot wait for the probe.
  if (then === undefined || then === 'stonith') return;
  if (then === 'stop' && thenResource !== undefined && firstResource.container === thenResource.id) return;
  const probes = actionsOf(firstResource, 'monitor');
  if (probes.length === 0) return;
  const thens =
    thenAction !== undefined ? [thenAction] : thenResource === undefined ? [] : actionsOf(thenResource, then);
  const kept =
    flags === order.requiredSameNode || flags === order.sameNodeOrTarget
      ? flags
      : order.ordered | (flags & (order.firstNotMigrating | order.sameNode));
  for (const probe of probes) for (const each of thens) linkActions(probe, each, kept);
}

function orderAfterProbes(resource: Resource): void {
  for (const probe of actionsOf(resource, 'monitor')) {
    const links = [...probe.after];
    for (const link of links) {
      holdInstances(probe, link);
      orderRestarts(probe, link.action, new Set());
    }
  }
}

/** A probe that cannot run keeps the inactive instances of its clone from starting, though not those that are active. */
function holdInstances(probe: Action, { action: start, flags }: OrderedBy): void {
  const clone = start.resource;
  if (clone === undefined || clone.kind !== 'clone' || probe.runnable || has(flags, order.firstMustRun)) return;
  if (topmost(probe.resource!) !== clone || start.task !== 'start') return;
  for (const { action: then } of [...start.after]) {
    const { resource } = then;
    if (resource === undefined || resource.activeOn.length > 0 || then.task !== 'start') continue;
    if (topmost(resource) === clone) linkActions(probe, then, order.ordered | order.firstMustRun);
  }
}

/** Follows what a start of the probed resource would force to restart, and orders those starts after the probe. */
function orderRestarts(probe: Action, after: Action, seen: Set<Action>): void {
  if (seen.has(after)) return;
  seen.add(after);
  const { resource } = after;
  if (resource?.kind === 'primitive' && resource !== probe.resource) orderComingBack(probe, after, resource);
  const isClone = resource?.kind === 'clone';
  const interleave = isClone && parseBoolean(resource.meta.get('interleave')) === true;
  const partner = interleave ? compatibleInstance(probe.resource!, resource, false) : undefined;
  for (const { action: next, flags } of [...after.after]) {
    if (!has(flags, order.requireThen)) {
      const isInside =
        resource !== undefined &&
        resource.kind !== 'primitive' &&
        probe.resource?.parent !== resource &&
        next.resource !== undefined &&
        next.resource.kind !== 'clone' &&
        next.resource.parent === resource;
      if (!isInside || (interleave && partner !== next.resource)) continue;
    }
    orderRestarts(probe, next, seen);
  }
}

function orderComingBack(probe: Action, after: Action, resource: Resource): void {
  const task = after.task === 'stop' ? 'start' : after.task === 'demote' ? 'promote' : undefined;
  if (task === undefined) return;
  for (const then of actionsOf(resource, task)) if (!then.pseudo) linkActions(probe, then, order.ordered);
}
