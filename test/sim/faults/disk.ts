/** Power that goes in the middle of a write, and bits that rot. Slow and failing disks: agents.ts. */
import { nodeNames } from '../world/setup.ts';
import { deadtimes, type FaultKind, toUs } from './fault.ts';

interface PlugPulled {
  readonly node: string;
  /** The power goes before the step of a write that comes after so many more. */
  readonly steps: number;
  readonly offMs: number;
  /** To have a write, the daemon is killed, and started anew so much later. */
  readonly restartMs?: number;
}

export const plugPulled: FaultKind<PlugPulled> = {
  share: 1,
  draw: (draw, pair) => ({
    node: draw.pick(nodeNames),
    steps: draw.between(1, 12),
    offMs: deadtimes(draw, pair, 0.3, 20),
    ...(draw.chance(0.5) ? { restartMs: deadtimes(draw, pair, 0.02, 2) } : {}),
  }),
  strike: (world, { node, steps, offMs, restartMs }) => {
    const machine = world.machines.find(({ name }) => name === node)!;
    if (!machine.powered || machine.disk.plugIsToBePulled) return 'missed';
    machine.disk.pullPlugAfter(steps, () => {
      machine.crash();
      world.plan(toUs(offMs), () => machine.powerOn(), 0);
    });
    if (restartMs !== undefined) {
      machine.killDaemon();
      world.plan(toUs(restartMs), () => machine.runUnlessFrozen(() => machine.startDaemon()), 0);
    }
    return () => machine.disk.noPlugPulled();
  },
};

export const bitRot: FaultKind<{ readonly node: string }> = {
  share: 1,
  draw: (draw) => ({ node: draw.pick(nodeNames) }),
  strike: (world, { node }) => {
    const { disk } = world.machines.find(({ name }) => name === node)!;
    return disk.spoil() ? undefined : 'missed';
  },
};
