/** Lets the drawn faults happen to a world until they are told to end, and then undoes every lasting one. */
import type { FaultClass, Swarm } from './swarm.ts';
import { changedFiles } from './world/files.ts';
import type { Machine } from './world/machine.ts';
import type { World } from './world/world.ts';

export interface Faults {
  /** Nothing fails from here on: everything is mended, everybody runs. */
  heal(): void;
}

type Fault = (context: Context) => void;

interface Context {
  readonly world: World;
  readonly swarm: Swarm;
  over: boolean;
}

export function beginFaults(world: World, swarm: Swarm): Faults {
  const context: Context = { world, swarm, over: false };
  for (const name of swarm.classes) {
    if (name === 'replay') world.network.recording = true;
    schedule(context, faults[name], meanOf(name, swarm.meanMs));
  }
  return { heal: () => heal(context) };
}

/** What ends a life is rarer than what a wire does. */
function meanOf(name: FaultClass, meanMs: number): number {
  if (name === 'replay') return meanMs / 20;
  if (name === 'operator') return meanMs / 2;
  return name === 'freeze' || name === 'daemonStop' || name === 'cut' ? meanMs : 2 * meanMs;
}

function schedule(context: Context, fault: Fault, meanMs: number): void {
  const { world } = context;
  world.plan(Math.round(world.faultDraw.exponential(meanMs) * 1000), () => {
    if (context.over) return;
    world.faults++;
    fault(context);
    schedule(context, fault, meanMs);
  });
}

const faults: Readonly<Record<FaultClass, Fault>> = {
  loss: (context) =>
    pathEpisode(
      context,
      (path, world) => {
        path.loss = world.faultDraw.logUniform(0.005, 0.6);
      },
      (path) => {
        path.loss = 0;
      },
    ),
  duplicates: (context) =>
    pathEpisode(
      context,
      (path, world) => {
        path.duplicate = world.faultDraw.logUniform(0.01, 0.5);
      },
      (path) => {
        path.duplicate = 0;
      },
    ),
  reordering: (context) =>
    pathEpisode(context, delay, (path) => {
      path.reorder = 0;
    }),
  damage: (context) =>
    pathEpisode(
      context,
      (path, world) => {
        path.corrupt = world.faultDraw.logUniform(0.005, 0.3);
      },
      (path) => {
        path.corrupt = 0;
      },
    ),
  replay: ({ world }) => world.network.replay(world.faultDraw.between(0, 1)),
  cut: (context) => cut(context, () => true),
  oneWay: (context) => {
    const direction = context.world.faultDraw.between(0, 1);
    cut(context, (from) => from === direction);
  },
  oneLink: (context) => {
    const link = context.world.faultDraw.between(0, context.world.setup.links.length - 1);
    cut(context, (_, at) => at === link);
  },
  outsideCut: (context) => {
    const { world } = context;
    if (world.setup.pingNodes.length === 0) return;
    const chosen = world.machines.filter(() => world.faultDraw.chance(0.6));
    for (const { index } of chosen) world.network.outsideCut[index] = true;
    world.trace(undefined, 'fault', () => `cut from the ping nodes: ${chosen.map(({ name }) => name).join(' ')}`);
    world.plan(duration(context, 0.3, 20), () => {
      for (const { index } of chosen) world.network.outsideCut[index] = false;
    });
  },
  powerLoss: (context) =>
    onMachines(context, (machine) => {
      context.world.count('power lost');
      machine.crash();
      later(context, machine, duration(context, 0.3, 40), () => machine.powerOn());
    }),
  daemonKill: (context) =>
    onMachines(context, (machine) => {
      if (machine.daemon === undefined) return;
      context.world.count('daemon killed');
      machine.killDaemon();
      later(context, machine, duration(context, 0.02, 20), () => machine.startDaemon());
    }),
  hostKill: (context) =>
    onMachines(context, (machine) => {
      context.world.count('agent host killed');
      machine.killHost(context.world.faultDraw.between(1000, 100_000));
    }),
  bothKill: (context) =>
    onMachines(context, (machine) => {
      if (machine.daemon === undefined) return;
      machine.killDaemon();
      machine.killHost(0);
      later(context, machine, duration(context, 0.02, 20), () => machine.startDaemon());
    }),
  freeze: (context) =>
    onMachines(context, (machine) => {
      context.world.count('machine frozen');
      machine.freeze();
      later(context, machine, duration(context, 0.05, 10), () => machine.thaw());
    }),
  daemonStop: (context) =>
    onMachines(context, (machine) => {
      const { daemon } = machine;
      if (daemon === undefined) return;
      context.world.count('daemon stopped');
      daemon.stop();
      later(context, machine, duration(context, 0.05, 10), () => daemon.continue());
    }),
  startFailure: (context) =>
    agentEpisode(context, (machine, probability) => {
      machine.agents.faults.startFails = probability;
    }),
  stopFailure: (context) =>
    agentEpisode(context, (machine, probability) => {
      machine.agents.faults.stopFails = probability;
    }),
  slowAgents: (context) =>
    agentEpisode(context, (machine, probability) => {
      machine.agents.faults.slow = probability;
    }),
  slowDisk: (context) =>
    onMachines(context, (machine) => {
      machine.disk.faults.slowness = context.world.faultDraw.logUniform(2, 500);
      later(context, machine, duration(context, 1, 20), () => {
        machine.disk.faults.slowness = 1;
      });
    }),
  failingDisk: (context) =>
    onMachines(context, (machine) => {
      machine.disk.faults.fails = context.world.faultDraw.logUniform(0.05, 1);
      later(context, machine, duration(context, 1, 20), () => {
        machine.disk.faults.fails = 0;
      });
    }),
  operator: (context) => operate(context),
  reload: (context) => changeConfiguration(context),
  gracefulStop: (context) =>
    onMachines(context, (machine) => {
      machine.daemon?.requestStop();
      later(context, machine, duration(context, 0.5, 20), () => machine.startDaemon());
    }),
};

function operate({ world }: Context): void {
  const draw = world.faultDraw;
  const machine = draw.pick(world.machines);
  const scope = draw.pick(['all', 'local', 'foreign'] as const);
  const which = draw.between(0, 9);
  if (which < 4) machine.daemon?.command({ verb: 'standby', scope });
  else if (which < 5)
    for (const { daemon } of draw.shuffled(world.machines)) daemon?.command({ verb: 'standby', scope });
  else if (which < 7) machine.daemon?.command({ verb: 'takeover', scope });
  else if (which < 9) operatorCleansUp(world, machine);
  else machine.daemon?.command({ verb: 'acknowledgeSplit' });
}

/** The files of one node, and a while later those of the other: meanwhile they differ. */
function changeConfiguration(context: Context): void {
  const { world } = context;
  const { filesDraw } = world;
  world.files = changedFiles(world.files, filesDraw);
  world.longestDeadtimeMs = Math.max(world.longestDeadtimeMs, world.files.deadtimeMs);
  world.count('configuration changed');
  const [first, second] = filesDraw.shuffled(world.machines);
  const { files } = world;
  first!.write(files);
  const laterUs = filesDraw.chance(0.3) ? 0 : Math.round(filesDraw.logUniform(0.01, 20) * files.deadtimeMs * 1000);
  // Who is overtaken by a later change never sees this one.
  world.plan(laterUs, () => second!.write(world.files === files ? files : world.files));
}

/** More often where something waits for his word than elsewhere. */
function operatorCleansUp(world: World, machine: Machine): void {
  const draw = world.faultDraw;
  const waiting = world.machines.filter(({ daemon }) => daemon?.engine.node.groups.some((group) => group.stuckAtPeer));
  const where = waiting.length > 0 && draw.chance(0.7) ? draw.pick(waiting) : machine;
  cleanUp(world, where, draw.chance(0.5) ? draw.pick(world.files.groups).key : undefined);
}

/** An operator who says that a group is off has seen to it: wherever its stop had failed, it is stopped by hand. */
export function cleanUp(world: World, machine: Machine, group: string | undefined): void {
  for (const { key } of [...world.setup.groups, ...world.files.groups])
    if (group === undefined || group === key) world.stopByHand(key);
  machine.agents.repair(group);
  machine.other.agents.repair(group);
  machine.daemon?.command(group === undefined ? { verb: 'cleanup' } : { verb: 'cleanup', group });
}

function onMachines(context: Context, act: (machine: Machine) => void): void {
  const { world, swarm } = context;
  if (world.faultDraw.chance(swarm.together)) {
    world.count('both nodes at once');
    for (const machine of world.faultDraw.shuffled(world.machines)) act(machine);
  } else act(world.faultDraw.pick(world.machines));
}

/** In deadtimes: what matters is on which side of one it falls. */
function duration({ world }: Context, low: number, high: number): number {
  return Math.round(world.faultDraw.logUniform(low, high) * world.setup.deadtimeMs * 1000);
}

function later(context: Context, _machine: Machine, inUs: number, undo: () => void): void {
  context.world.plan(inUs, () => {
    if (!context.over) undo();
  });
}

type Path = World['network']['paths'][0][number];

function pathEpisode(context: Context, begin: (path: Path, world: World) => void, end: (path: Path) => void): void {
  const { world } = context;
  const chosen = world.network.paths.flat().filter(() => world.faultDraw.chance(0.6));
  for (const path of chosen) begin(path, world);
  world.plan(duration(context, 1, 30), () => {
    for (const path of chosen) end(path);
  });
}

function delay(path: Path, world: World): void {
  path.reorder = world.faultDraw.logUniform(0.02, 0.5);
  path.reorderUs = Math.round(world.faultDraw.logUniform(0.01, 3) * world.setup.deadtimeMs * 1000);
  world.longestDelayUs = Math.max(world.longestDelayUs, path.reorderUs);
}

function cut(context: Context, chosen: (from: number, link: number) => boolean): void {
  const { world } = context;
  const paths = world.network.paths.flatMap((direction, from) => direction.filter((_, link) => chosen(from, link)));
  world.trace(undefined, 'fault', () => `cut ${paths.length} of ${world.network.paths.flat().length} paths`);
  for (const path of paths) path.cut = true;
  world.plan(duration(context, 0.3, 20), () => {
    world.trace(undefined, 'fault', () => 'cut ends');
    for (const path of paths) path.cut = false;
  });
}

function agentEpisode(context: Context, set: (machine: Machine, probability: number) => void): void {
  const { world } = context;
  const chosen = world.machines.filter(() => world.faultDraw.chance(0.7));
  for (const machine of chosen) set(machine, world.faultDraw.logUniform(0.02, 1));
  world.plan(duration(context, 1, 30), () => {
    for (const machine of chosen) set(machine, 0);
  });
}

function heal(context: Context): void {
  const { world } = context;
  context.over = true;
  world.trace(undefined, 'fault', () => 'everything is mended');
  world.network.recording = false;
  world.network.heal();
  for (const machine of world.machines) {
    Object.assign(machine.agents.faults, { startFails: 0, stopFails: 0, slow: 0 });
    Object.assign(machine.disk.faults, { slowness: 1, fails: 0 });
    machine.agents.repair();
    machine.powerOn();
    machine.thaw();
    machine.daemon?.continue();
    if (machine.files !== world.files) machine.write(world.files);
    machine.startDaemon();
  }
}
