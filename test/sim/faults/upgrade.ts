/** A node goes from one release to the other and perhaps back, while its peer stays as it is or follows. */
import { nodeNames, type Setup } from '../world/setup.ts';
import type { Version } from '../world/versions.ts';
import { deadtimes, type FaultKind, toUs } from './fault.ts';

/** `inPlace`: the daemon alone is replaced, under the eyes of its host; otherwise the node stops, and starts again. */
export const upgrade: FaultKind<{
  readonly node: string;
  readonly to: Version;
  readonly inPlace: boolean;
  readonly offMs: number;
}> = {
  share: 1,
  // The release before refuses a configuration with fence devices.
  applies: ({ fencing }: Setup) => fencing === undefined,
  draw: (draw, pair) => {
    const inPlace = draw.chance(0.5);
    return {
      node: draw.pick(nodeNames),
      to: draw.pick(['present', 'previous'] as const),
      inPlace,
      offMs: inPlace ? deadtimes(draw, pair, 0.02, 0.5) : deadtimes(draw, pair, 0.5, 10),
    };
  },
  strike: (world, { node, to, inPlace, offMs }) => {
    const machine = world.machines.find(({ name }) => name === node)!;
    const { daemon } = machine;
    if (daemon === undefined || machine.version === to) return 'missed';
    world.count(to === 'previous' ? 'went back to the previous release' : 'upgraded to the present release');
    machine.version = to;
    if (inPlace) machine.killDaemon();
    else daemon.requestStop();
    const start = (): void => {
      // A node that cannot stop something stays as it is until it can.
      if (machine.daemon === daemon) world.plan(toUs(offMs), start, 0);
      else machine.runUnlessFrozen(() => machine.startDaemon());
    };
    world.plan(toUs(offMs), start, 0);
    return undefined;
  },
};
