/**
 * S20: what a node says of itself is so. `PROTECTED` only while a fence device stands behind it and the peer is heard; a
 * group that it calls stopped does not run here, one that it calls running was started here and has not been let go of.
 */
import { letterOf } from '../../../src/core/node-state.ts';
import { protectionOf } from '../../../src/core/protection.ts';
import { cores } from '../world/versions.ts';
import type { Checker } from './checker.ts';

/** Every so many steps. */
const every = 50;

export function createTruth(): Checker {
  let steps = 0;
  return {
    stepped(world, daemon) {
      if (++steps % every !== 0 || world.violation !== undefined) return;
      const { machine, engine } = daemon;
      const { node } = engine;
      if (daemon.core === cores.present && protectionOf(node).state === 'PROTECTED') {
        const why = node.options.fencing === undefined ? 'without fence devices' : 'without hearing its peer';
        if (node.options.fencing === undefined || node.peer.presence !== 'up')
          world.violate('S20', `${machine.name}: says PROTECTED ${why}`);
      }
      if (machine.host?.alive !== true || machine.host.acted) return;
      for (const group of node.groups) {
        const { key } = group.configuration;
        if (letterOf(group) !== '-' || group.inFlight !== undefined) continue;
        const held = [...machine.host.inventory.values()].filter((entry) => entry.group === key);
        const running = held.find(
          ({ state, resource }) => state === 'running' && machine.host?.isAt(resource.written) !== true,
        );
        if (running !== undefined)
          world.violate('S20', `${machine.name}: calls ${key} stopped, and its host runs ${running.resource.written}`);
      }
    },
  };
}
