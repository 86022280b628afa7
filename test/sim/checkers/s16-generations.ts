/** S16: an older incarnation of the peer is never believed after a newer one, also across restarts. */
import type { Checker } from './checker.ts';

export function createGenerations(): Checker {
  const highest = [0, 0];
  return {
    stepped(world, { machine, engine }) {
      const { peer } = engine.transport;
      if (peer === undefined || peer.heard === 'never') return;
      const node = machine.index;
      if (machine.disk.takeForgotPeer()) {
        world.count('older peer generation after bit rot');
        highest[node] = 0;
      }
      if (peer.generation < highest[node]!)
        world.violate(
          'S16',
          `${machine.name}: believes generation ${peer.generation} of the peer after ${highest[node]}`,
        );
      highest[node] = Math.max(highest[node]!, peer.generation);
      const real = machine.other.disk.generation;
      if (peer.generation > real)
        world.violate(
          'S16',
          `${machine.name}: believes generation ${peer.generation} of a peer that has only reached ${real}`,
        );
    },
  };
}
