/** Faults of the world around the two nodes that came after the others: each class draws for itself, from streams of its own. */
import { Draw } from './world/draw.ts';
import type { Machine } from './world/machine.ts';
import type { World } from './world/world.ts';

export const worldFaultClasses = ['plugPulled', 'bitRot'] as const;
export type WorldFaultClass = (typeof worldFaultClasses)[number];

export interface WorldSwarm {
  readonly classes: ReadonlySet<WorldFaultClass>;
  readonly meanMs: number;
}

export function drawWorldFaults(seed: number): WorldSwarm {
  const draw = new Draw(seed, 'faults of the world');
  return { classes: new Set(worldFaultClasses.filter(() => draw.chance(0.3))), meanMs: draw.logUniform(2000, 15_000) };
}

interface Context {
  readonly world: World;
  readonly draw: Draw;
  over: boolean;
}

/** Returns what ends them. */
export function beginWorldFaults(world: World, swarm: WorldSwarm): () => void {
  const draw = new Draw(world.seed, 'faults of the world as they come');
  const context: Context = { world, draw, over: false };
  for (const name of swarm.classes) nowAndThen(context, faults[name].act, swarm.meanMs * faults[name].rarity);
  return () => {
    context.over = true;
    for (const machine of world.machines) machine.disk.noPlugPulled();
  };
}

function nowAndThen(context: Context, act: (context: Context) => void, meanMs: number): void {
  const { world, draw } = context;
  world.plan(Math.round(draw.exponential(meanMs) * 1000), () => {
    if (context.over) return;
    world.faults++;
    act(context);
    nowAndThen(context, act, meanMs);
  });
}

const faults: Readonly<Record<WorldFaultClass, { readonly rarity: number; readonly act: (context: Context) => void }>> =
  {
    plugPulled: { rarity: 2, act: pullPlug },
    bitRot: { rarity: 2, act: ({ world, draw }) => draw.pick(world.machines).disk.spoil() },
  };

/** Between two steps of a write that is still to come; to have one, the daemon is sometimes started anew. */
function pullPlug(context: Context): void {
  const { draw, world } = context;
  const machine: Machine = draw.pick(world.machines);
  if (!machine.powered || machine.disk.plugIsToBePulled) return;
  machine.disk.pullPlugAfter(draw.between(1, 12), () => {
    machine.crash();
    world.plan(duration(context, 0.3, 20), () => {
      if (!context.over) machine.powerOn();
    });
  });
  if (!draw.chance(0.5)) return;
  machine.killDaemon();
  world.plan(duration(context, 0.02, 2), () => {
    if (!context.over) machine.runUnlessFrozen(() => machine.startDaemon());
  });
}

/** In deadtimes: what matters is on which side of one it falls. */
function duration({ world, draw }: Context, low: number, high: number): number {
  return Math.round(draw.logUniform(low, high) * world.setup.deadtimeMs * 1000);
}
