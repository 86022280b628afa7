/** What monitoring is there for: services that die by themselves, status scripts that lie, operators who work by hand. */
import type { MonitoringOptions } from '../../src/core/haresources/watch.ts';
import { Draw } from './world/draw.ts';
import type { Machine } from './world/machine.ts';
import type { Setup } from './world/setup.ts';
import type { World } from './world/world.ts';

export interface MonitorSwarm {
  readonly options: MonitoringOptions;
  /** Which of the faults below happen; each is left out of some runs. */
  readonly dying: boolean;
  readonly lying: boolean;
  readonly byHand: boolean;
  readonly meanMs: number;
  /** Part of the services that know no status. */
  readonly mute: number;
}

/** A stream of its own: the rest of a run is the same with and without. `undefined`: this pair does not monitor. */
export function drawMonitoring(seed: number): MonitorSwarm | undefined {
  const draw = new Draw(seed, 'monitoring');
  if (draw.chance(0.4)) return undefined;
  return {
    options: {
      intervalMs: draw.between(200, 3000),
      intervalsMs: {},
      failuresMax: draw.between(1, 4),
      failureWindowMs: draw.between(2000, 8000),
    },
    dying: draw.chance(0.8),
    lying: draw.chance(0.4),
    byHand: draw.chance(0.5),
    meanMs: draw.logUniform(500, 10_000),
    mute: draw.chance(0.3) ? 0.5 : 0,
  };
}

/** Returns what ends them. */
export function beginMonitorFaults(world: World, swarm: MonitorSwarm): () => void {
  const draw = world.monitorDraw;
  let over = false;
  const nowAndThen = (act: (machine: Machine) => void, meanMs: number): void => {
    world.plan(Math.round(draw.exponential(meanMs) * 1000), () => {
      if (over) return;
      world.faults++;
      act(draw.pick(world.machines));
      nowAndThen(act, meanMs);
    });
  };
  for (const { key, resources } of world.setup.groups)
    for (const [index, { type }] of resources.entries())
      if (type !== 'IPaddr' && draw.chance(swarm.mute))
        for (const machine of world.machines) machine.agents.mute.add(`${key}#${index}`);
  if (swarm.dying) nowAndThen((machine) => die(world, machine), swarm.meanMs);
  if (swarm.byHand) nowAndThen((machine) => workByHand(world, machine), swarm.meanMs);
  if (swarm.lying) {
    nowAndThen((machine) => {
      machine.agents.faults.wrongStatus = draw.logUniform(0.02, 0.6);
      world.plan(draw.between(500, 8000) * 1000, () => {
        machine.agents.faults.wrongStatus = 0;
      });
    }, 2 * swarm.meanMs);
  }
  return () => {
    over = true;
    for (const machine of world.machines) {
      machine.agents.faults.wrongStatus = 0;
      for (const { key } of world.setup.groups) machine.daemon?.command({ verb: 'manage', group: key });
    }
  };
}

/** Not while a start of it is under way: that would be a failed start, which is another fault. */
function die(world: World, machine: Machine): void {
  const running = [...world.truth.all(machine.index)].filter(
    ({ written, isAddress }) =>
      machine.host?.isAt(written) !== true &&
      // What dies before its status has said "running" once cannot be told from a status that never says it.
      (isAddress || machine.host?.inventory.get(written)?.statusSeenRunning === true),
  );
  if (running.length === 0) return;
  const { group, index } = world.monitorDraw.pick(running);
  world.count('service died by itself');
  const known = machine.daemon?.engine.node.groups.find(({ configuration }) => configuration.key === group);
  if (known?.unmanaged !== undefined) world.count('died while unmanaged');
  machine.agents.die(machine, group, index);
}

function workByHand(world: World, machine: Machine): void {
  const group = world.monitorDraw.pick(world.setup.groups).key;
  const verb = world.monitorDraw.chance(0.6) ? 'unmanage' : 'manage';
  machine.daemon?.command(verb === 'unmanage' ? { verb, group, at: 'now' } : { verb, group });
}

export const withMonitoring = (setup: Setup, swarm: MonitorSwarm | undefined): Setup =>
  swarm === undefined ? setup : { ...setup, monitoring: swarm.options };
