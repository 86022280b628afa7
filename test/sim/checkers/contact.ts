/** Do the two nodes hear each other, by what their engines know? */
import { stageOf } from '../../../src/core/node-state.ts';
import type { World } from '../world/world.ts';

/** Both processes run, and each has heard the other knowing its present incarnation. */
export function hearEachOther(world: World): boolean {
  return world.machines.every(({ daemon, other }) => {
    if (daemon === undefined || !daemon.runs) return false;
    const { node, transport } = daemon.engine;
    const peer = other.daemon?.engine.node;
    return (
      transport.peer?.heard === 'up' &&
      node.peer.presence === 'up' &&
      node.peer.fresh &&
      node.peer.deafSinceUs === undefined &&
      node.peer.generation === peer?.generation
    );
  });
}

/** One of them at least hears the other as it is now: that is enough to end what both run. */
export function someoneHears(world: World): boolean {
  return world.machines.some(({ daemon, other }) => {
    if (daemon === undefined || !daemon.runs || !other.daemon?.runs) return false;
    const { node, transport } = daemon.engine;
    return (
      transport.peer?.heard === 'up' &&
      node.peer.presence === 'up' &&
      node.peer.generation === other.daemon.engine.node.generation
    );
  });
}

/** Besides, both take part. */
export function agree(world: World): boolean {
  return (
    hearEachOther(world) &&
    world.machines.every(({ daemon }) => daemon !== undefined && stageOf(daemon.engine.node) === 'member')
  );
}
