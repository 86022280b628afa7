/** What happens to machines and to the processes on them. */
import type { Machine } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import { deadtimes, drawNodes, type FaultKind, type Mend, roundMs, toUs } from './fault.ts';

export interface OnNodes {
  readonly nodes: readonly string[];
  readonly forMs: number;
}

/** `order` decides what is taken first when it goes on: timers or queues, and which of the queues. */
interface Pause extends OnNodes {
  readonly order: number | readonly number[];
}

export const powerLoss = lasting(0.3, 40, (machine) => {
  if (!machine.powered) return 'missed';
  machine.world.count('power lost');
  machine.crash();
  return () => machine.powerOn();
});

export const daemonKill = lasting(0.02, 20, (machine) => {
  if (machine.daemon === undefined) return 'missed';
  machine.world.count('daemon killed');
  machine.killDaemon();
  return () => machine.startDaemon();
});

export const bothKill = lasting(0.02, 20, (machine) => {
  if (machine.daemon === undefined) return 'missed';
  machine.killDaemon();
  machine.killHost(0);
  return () => machine.startDaemon();
});

/** The daemon starts another one so much later. */
export const hostKill: FaultKind<{ readonly nodes: readonly string[]; readonly restartMs: number }> = {
  share: 1,
  draw: (draw, pair) => ({ nodes: drawNodes(draw, pair), restartMs: roundMs(draw.between(1000, 100_000) / 1000) }),
  strike: (world, { nodes, restartMs }) =>
    onNodes(world, nodes, (machine) => {
      if (machine.host?.alive !== true) return 'missed';
      world.count('agent host killed');
      machine.killHost(toUs(restartMs));
      return undefined;
    }),
};

/** The whole machine: a virtual machine that is suspended, say. */
export const freeze = pause((machine) => {
  if (!machine.powered || machine.frozen) return 'missed';
  machine.world.count('machine frozen');
  machine.freeze();
  return () => machine.thaw();
});

/** SIGSTOP. */
export const daemonStop = pause((machine) => {
  const { daemon } = machine;
  if (daemon === undefined || daemon.stopped) return 'missed';
  machine.world.count('daemon stopped');
  daemon.stop();
  return () => daemon.continue();
});

/** Its clock runs too fast, or too slow: as ordinary clocks do, or as the one of a bad virtual machine. */
export const clockDrift: FaultKind<OnNodes & { readonly ppm: number }> = {
  share: 1,
  draw: (draw, pair) => ({
    nodes: drawNodes(draw, pair),
    ppm: Math.round(draw.logUniform(50, 20_000)) * draw.pick([-1, 1]),
    forMs: deadtimes(draw, pair, 3, 60),
  }),
  strike: (world, { nodes, ppm }) =>
    onNodes(world, nodes, (machine) => {
      machine.drift(ppm);
      world.count(ppm > 0 ? 'clock too fast' : 'clock too slow');
      return () => machine.drift(0);
    }),
};

export const gracefulStop = lasting(0.5, 20, (machine) => {
  if (machine.daemon === undefined) return 'missed';
  machine.daemon.requestStop();
  return () => machine.startDaemon();
});

export type Act = (machine: Machine) => Mend | 'missed' | undefined;

/** For so many deadtimes. */
function lasting(low: number, high: number, act: Act): FaultKind<OnNodes> {
  return {
    share: 1,
    draw: (draw, pair) => ({ nodes: drawNodes(draw, pair), forMs: deadtimes(draw, pair, low, high) }),
    strike: (world, { nodes }) => onNodes(world, nodes, act),
  };
}

function pause(act: Act): FaultKind<Pause> {
  return {
    share: 2,
    draw: (draw, pair) => ({
      nodes: drawNodes(draw, pair),
      forMs: deadtimes(draw, pair, 0.05, 10),
      order: draw.uint32(),
    }),
    strike: (world, { nodes, order }) =>
      onNodes(world, nodes, (machine) => {
        const sinceUs = world.nowUs;
        const isOwner = [...world.truth.all(machine.index)].length > 0;
        const mend = act(machine);
        if (mend === 'missed' || mend === undefined) return mend;
        machine.drawAfterPause(order);
        return () => {
          const isLong = world.nowUs - sinceUs > machine.files.deadtimeMs * 1000;
          if (!isLong) world.count('pause shorter than the deadtime');
          else if (isOwner) world.count('pause longer than the deadtime while owner');
          mend();
        };
      }),
  };
}

/** Missed if it hits none of them. */
export function onNodes(world: World, nodes: readonly string[], act: Act): Mend | 'missed' {
  const mends: Mend[] = [];
  let hit = 0;
  for (const node of nodes) {
    const machine = world.machines.find(({ name }) => name === node);
    const mend = machine === undefined ? 'missed' : act(machine);
    if (mend === 'missed') continue;
    hit++;
    if (mend !== undefined) mends.push(mend);
  }
  if (hit === 0) return 'missed';
  if (hit > 1) world.count('both nodes at once');
  return () => {
    for (const mend of mends) mend();
  };
}
