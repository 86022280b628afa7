/** What a kind of fault is: data for the plan, and two hands, one that does it and one that undoes it. */
import type { Host } from '../../lab/host.ts';
import type { PlannedFault, PlannedKind } from '../plan.ts';
import type { World } from '../world.ts';

export type Undo = () => Promise<void> | void;

export interface FaultKind extends PlannedKind {
  readonly class: 'link' | 'process' | 'power' | 'disk' | 'limits' | 'agent' | 'operator' | 'fence';
  /**
   * An unprotected pair may run a group twice because of it: it cuts the nodes off from each other, or keeps a node or
   * its guardian from letting go in time. `services`: the guardian promises that addresses are gone in time, and no more
   * (`check` warns of it). A double owner without any of these is a mistake of the product.
   */
  readonly mayDouble?: true | 'services';
  /** Why this machine cannot show it; absent where it can. */
  readonly unavailable?: (world: World) => string | undefined;
  /** Does it and answers how to undo it. Throws `NotApplicable` where there is nothing to do it to. */
  readonly begin: (world: World, fault: PlannedFault) => Promise<Undo>;
}

/** The node is off, or has no daemon: the fault cannot happen now. */
export class NotApplicable extends Error {}

export function runningHost(world: World, name: string): Host {
  const host = world.lab.host(name);
  if (!host.running) throw new NotApplicable(`${name} is off`);
  return host;
}

/** Processes of the node's daemon and of its agent host, as the lab sees them. */
export function daemonOf(world: World, fault: PlannedFault): number {
  const host = runningHost(world, fault.node);
  const daemon = world.supervisors.get(fault.node)?.daemonPid;
  if (daemon === undefined || !host.processes().some(({ pid }) => pid === daemon)) {
    throw new NotApplicable(`${fault.node} has no daemon`);
  }
  return daemon;
}

export function agentHostOf(world: World, fault: PlannedFault): number {
  const host = runningHost(world, fault.node);
  const found = host.processes().find(({ argv }) => argv.some((word) => word.endsWith('agent-host.js')));
  if (found === undefined) throw new NotApplicable(`${fault.node} has no agent host`);
  return found.pid;
}
