/** What happens to fence devices, and the people who say that a node is off. */
import { type FenceBehaviour, fenceBehaviours } from '../world/fence-devices.ts';
import { nodeNames, type Setup } from '../world/setup.ts';
import { deadtimes, type FaultKind } from './fault.ts';
import { allPaths, episode } from './wire.ts';

const hasFencing = ({ fencing }: Setup): boolean => fencing !== undefined;

/** Broken altogether, or not to be reached by one of the nodes; now and then together with the wires (a shared switch). */
export const fenceUnreachable: FaultKind<{
  readonly devices: readonly string[];
  readonly paths: readonly string[];
  readonly forMs: number;
}> = {
  share: 2,
  applies: hasFencing,
  draw: (draw, pair) => {
    const from = draw.pick(['', 'node1/', 'node2/']);
    const names = Array.from({ length: pair.setup.fencing?.devices ?? 0 }, (_, index) => `${from}fence${index}`);
    return {
      devices: draw.chance(0.7) ? names : [draw.pick(names)],
      paths: draw.chance(0.4) ? allPaths(pair.setup) : [],
      forMs: deadtimes(draw, pair, 1, 40),
    };
  },
  strike: (world, { devices, paths }) => {
    for (const device of devices) world.fences.unreachable.add(device);
    const mendPaths = paths.length === 0 ? undefined : episode(world, paths, { cut: true }, { cut: false });
    return () => {
      for (const device of devices) world.fences.unreachable.delete(device);
      if (mendPaths !== undefined && mendPaths !== 'missed') mendPaths();
    };
  },
};

export const fenceMisbehaves: FaultKind<{
  readonly behaviour: FenceBehaviour;
  readonly often: number;
  readonly forMs: number;
}> = {
  share: 3,
  applies: hasFencing,
  draw: (draw, pair) => ({
    behaviour: draw.pick(fenceBehaviours),
    often: draw.logUniform(0.1, 1),
    forMs: deadtimes(draw, pair, 3, 60),
  }),
  strike: ({ fences }, { behaviour, often }) => {
    const mine = { is: behaviour, often };
    fences.behaviour = mine;
    return () => {
      if (fences.behaviour === mine) fences.behaviour = undefined;
    };
  },
};

/** He goes and looks, and switches off what still runs; now and then he is mistaken. */
export const operatorConfirms: FaultKind<{ readonly to: string; readonly mistaken: boolean }> = {
  share: 1,
  draw: (draw) => ({ to: draw.pick(nodeNames), mistaken: draw.chance(0.3) }),
  strike: (world, { to, mistaken }) => {
    const { daemon, other } = world.machines.find(({ name }) => name === to)!;
    if (daemon === undefined) return 'missed';
    if (!mistaken) other.crash();
    if (other.powered) world.count('operator was mistaken');
    // A node that hears the other believes nobody.
    if (daemon.engine.node.peer.presence !== 'up') world.fences.believedOff(other);
    daemon.command({ verb: 'confirmOff', node: other.name });
    return () => other.powerOn();
  },
};
