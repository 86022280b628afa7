/** What happens to services, to their scripts, and to the disk that records are written to. */
import type { Draw } from '../world/draw.ts';
import type { Machine } from '../world/machine.ts';
import { nodeNames } from '../world/setup.ts';
import type { World } from '../world/world.ts';
import { deadtimes, drawNodes, type FaultKind, type Pair, roundMs } from './fault.ts';
import { type OnNodes, onNodes } from './nodes.ts';

interface Unreliable extends OnNodes {
  readonly probability: number;
}

export const startFailure = unreliable(0.02, 1, ({ agents }, probability) => {
  agents.faults.startFails = probability;
});
export const stopFailure = unreliable(0.02, 1, ({ agents }, probability) => {
  agents.faults.stopFails = probability;
});
export const slowAgents = unreliable(0.02, 1, ({ agents }, probability) => {
  agents.faults.slow = probability;
});
/** Status scripts that say something else than what is. */
export const lyingStatus: FaultKind<Unreliable> = {
  ...unreliable(0.02, 0.6, ({ agents }, probability) => {
    agents.faults.wrongStatus = probability;
  }),
  applies: ({ monitoring }) => monitoring.intervalMs > 0,
};

export const failingDisk = unreliable(0.05, 1, ({ disk }, probability) => {
  disk.faults.fails = probability;
});

export const slowDisk: FaultKind<OnNodes & { readonly factor: number }> = {
  share: 1,
  draw: (draw, pair) => ({
    nodes: drawNodes(draw, pair),
    factor: roundMs(draw.logUniform(2, 500)),
    forMs: deadtimes(draw, pair, 1, 20),
  }),
  strike: (world, { nodes, factor }) =>
    onNodes(world, nodes, ({ disk }) => {
      disk.faults.slowness = factor;
      return () => {
        disk.faults.slowness = 1;
      };
    }),
};

/** A service ends by itself. `which` of those that run there. */
export const death: FaultKind<{ readonly node: string; readonly which: number }> = {
  share: 2,
  applies: ({ monitoring }) => monitoring.intervalMs > 0,
  draw: (draw) => ({ node: draw.pick(nodeNames), which: draw.between(0, 11) }),
  strike: (world, { node, which }) => {
    const machine = world.machines.find(({ name }) => name === node)!;
    const mortal = whatMayDie(world, machine);
    if (mortal.length === 0) return 'missed';
    const { group, index } = mortal[which % mortal.length]!;
    world.count('service died by itself');
    const known = machine.daemon?.engine.node.groups.find(({ configuration }) => configuration.key === group);
    if (known?.unmanaged !== undefined) world.count('died while unmanaged');
    machine.agents.die(machine, group, index);
    return undefined;
  },
};

/** Not while a start of it is under way: that would be a failed start, which is another fault. */
function whatMayDie({ truth }: World, { index, host }: Machine) {
  return [...truth.all(index)].filter(
    ({ written, isAddress }) =>
      host?.isAt(written) !== true &&
      // What dies before its status has said "running" once cannot be told from a status that never says it.
      (isAddress || host?.inventory.get(written)?.statusSeenRunning === true),
  );
}

function unreliable(low: number, high: number, set: (machine: Machine, probability: number) => void) {
  return {
    share: 1,
    draw: (draw: Draw, pair: Pair): Unreliable => ({
      nodes: drawNodes(draw, { ...pair, together: 0.4 }),
      probability: draw.logUniform(low, high),
      forMs: deadtimes(draw, pair, 1, 30),
    }),
    strike: (world: World, { nodes, probability }: Unreliable) =>
      onNodes(world, nodes, (machine) => {
        set(machine, probability);
        return () => set(machine, 0);
      }),
  };
}
