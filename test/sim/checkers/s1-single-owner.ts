/**
 * S1: a resource never runs on both nodes. Without fencing, a takeover on silence cannot promise that, and does not:
 * double running is allowed as long as one of the two was started on `unprotected` evidence and the nodes have not
 * agreed about it since. Such overlaps are counted, and must end soon after the nodes hear each other.
 *
 * One promise holds even then: when only a daemon died, its guardian has let go before the peer starts.
 */
import { letterOf } from '../../../src/core/node-state.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { Daemon } from '../world/daemon.ts';
import type { Instance } from '../world/truth.ts';
import type { World } from '../world/world.ts';
import type { Checker } from './checker.ts';
import { agree, someoneHears } from './contact.ts';

export function createSingleOwner(): Checker {
  const overlapSinceUs = new Map<string, number>();
  let contactSinceUs: number | undefined;
  return {
    started(world, node, instance) {
      const other = world.truth.find(1 - node, instance.written);
      if (other === undefined) return;
      const name = instance.written;
      if (!instance.unprotected && !other.unprotected) {
        world.violate(
          'S1',
          `${name} runs on both nodes; here on ${instance.evidence}, there on ${other.evidence} since ${other.sinceUs}`,
        );
        return;
      }
      world.count(world.setup.fencing === undefined ? 'double running (unprotected)' : 'double running (false word)');
      overlapSinceUs.set(name, world.nowUs);
      guardianWasInTime(world, node, instance, other);
    },
    stopped(world, node, instance) {
      const name = instance.written;
      if (world.truth.find(1 - node, instance.written) !== undefined) overlapSinceUs.delete(name);
    },
    stepped(world, daemon) {
      clearTags(world);
      if (!someoneHears(world)) contactSinceUs = undefined;
      else contactSinceUs ??= world.nowUs;
      if (overlapSinceUs.size > 0 && contactSinceUs !== undefined)
        overlapsEnd(world, daemon, overlapSinceUs, contactSinceUs);
    },
  };
}

/** What both nodes agree upon is nobody's unproven claim any more. */
function clearTags(world: World): void {
  for (const machine of world.machines) {
    for (const instance of world.truth.all(machine.index)) {
      if (!instance.unprotected || !agree(world)) continue;
      if (world.truth.ofGroup(1 - machine.index, instance.group).length > 0) continue;
      const group = machine.daemon?.engine.node.groups.find(
        (candidate) => candidate.configuration.key === instance.group,
      );
      if (group !== undefined && letterOf(group) === 'r' && !group.marked) instance.unprotected = false;
    }
  }
}

function overlapsEnd(
  world: World,
  { machine }: Daemon,
  since: ReadonlyMap<string, number>,
  contactSinceUs: number,
): void {
  const { setup } = world;
  const stopsMs =
    2 *
    Math.max(...world.files.groups.map((group) => group.resources.length + 1)) *
    (setup.stopTimeoutMs + setup.startTimeoutMs);
  const boundUs = (2 * world.longestDeadtimeMs + 1000 + stopsMs) * usPerMs;
  for (const [name, sinceUs] of since) {
    if (world.nowUs - Math.max(sinceUs, contactSinceUs) < boundUs || isStuck(world, name)) continue;
    world.violate('S1', `${machine.name}: ${name} still runs on both nodes although one of them hears the other`);
  }
}

/** A stop that fails is reported as such and stays; nothing can end that but an operator. */
function isStuck(world: World, name: string): boolean {
  return world.machines.some(({ index, daemon, agents }) => {
    const key = world.truth.find(index, name)?.group;
    const group = daemon?.engine.node.groups.find((candidate) => candidate.configuration.key === key);
    return agents.faults.stopFails > 0 || (group !== undefined && letterOf(group) === 'f');
  });
}

/** The other node's daemon is dead, its guardian is well, and our last news of it was its last keepalive. */
function guardianWasInTime(world: World, node: number, instance: Instance, other: Instance): void {
  const there = world.machines[1 - node]!;
  const here = world.machines[node]!;
  if (there.daemon !== undefined || !there.powered || there.frozen || there.thawedUs > (there.lastBeatUs ?? 0)) return;
  if (
    there.host === undefined ||
    !there.host.alive ||
    there.lastBeatUs === undefined ||
    other.sinceUs > there.lastBeatUs
  )
    return;
  // Back from a silence that was only a cut, with its last breath: they are about to settle that.
  if (here.daemon?.engine.node.peer.presence === 'up') return;
  const peer = here.daemon?.engine.transport.peer;
  if (peer === undefined || here.clockOf(there.lastBeatUs) > peer.lastStatusUs || !other.isAddress) return;
  if (there.agents.faults.stopFails > 0 || there.agents.faults.slow > 0 || there.agents.broken.size > 0) return;
  if (there.host.inventory.get(other.written)?.state === 'stop-failed') return;
  world.violate(
    'S1',
    `guardian too late: ${instance.group}#${instance.index} was still there when the peer started it`,
  );
}
