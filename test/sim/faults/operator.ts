/** What people do while the pair runs: ask for groups, clean up, work by hand, edit the files. */
import type { StandbyScope } from '../../../src/core/events.ts';
import { Draw } from '../world/draw.ts';
import { changedFiles } from '../world/files.ts';
import type { Machine } from '../world/machine.ts';
import { nodeNames, type Setup } from '../world/setup.ts';
import type { World } from '../world/world.ts';
import { deadtimes, type FaultKind, toUs } from './fault.ts';

interface Command {
  readonly verb: 'standby' | 'takeover' | 'cleanup' | 'acknowledgeSplit';
  readonly nodes: readonly string[];
  readonly scope?: StandbyScope;
  /** Of all, by place; absent: all of them. */
  readonly group?: number;
  /** He goes where something waits for his word. */
  readonly whereNeeded?: boolean;
}

export const operator: FaultKind<Command> = {
  share: 2,
  draw: (draw) => {
    const scope = draw.pick(['all', 'local', 'foreign'] as const);
    const nodes = [draw.pick(nodeNames)];
    const which = draw.between(0, 9);
    const group = draw.between(0, 5);
    if (which < 4) return { verb: 'standby', nodes, scope };
    if (which < 5) return { verb: 'standby', nodes: draw.shuffled(nodeNames), scope };
    if (which < 7) return { verb: 'takeover', nodes, scope };
    if (which === 9) return { verb: 'acknowledgeSplit', nodes };
    return { verb: 'cleanup', nodes, whereNeeded: draw.chance(0.7), ...(draw.chance(0.5) ? { group } : {}) };
  },
  strike: (world, command) => {
    const there = command.nodes.map((node) => world.machines.find(({ name }) => name === node)!);
    if (command.verb !== 'cleanup' && there.every(({ daemon }) => daemon === undefined)) return 'missed';
    for (const machine of there) carryOut(world, machine, command);
    return undefined;
  },
};

function carryOut(world: World, machine: Machine, { verb, scope = 'all', group, whereNeeded }: Command): void {
  if (verb === 'standby' || verb === 'takeover') machine.daemon?.command({ verb, scope });
  else if (verb === 'acknowledgeSplit') machine.daemon?.command({ verb });
  else {
    const waits = ({ daemon }: Machine) => daemon?.engine.node.groups.some(({ stuckAtPeer }) => stuckAtPeer) === true;
    const where = whereNeeded === true ? (world.machines.find(waits) ?? machine) : machine;
    const { groups } = world.files;
    cleanUp(world, where, group === undefined ? undefined : groups[group % groups.length]!.key);
  }
}

/** An operator who says that a group is off has seen to it: wherever its stop had failed, it is stopped by hand. */
export function cleanUp(world: World, machine: Machine, group: string | undefined): void {
  for (const { key } of [...world.setup.groups, ...world.files.groups])
    if (group === undefined || group === key) world.stopByHand(key);
  machine.agents.repair(group);
  machine.other.agents.repair(group);
  machine.daemon?.command(group === undefined ? { verb: 'cleanup' } : { verb: 'cleanup', group });
}

/** A group is taken out of management or given back. */
export const workByHand: FaultKind<{
  readonly node: string;
  readonly verb: 'manage' | 'unmanage';
  readonly group: number;
}> = {
  share: 1,
  applies: ({ monitoring }) => monitoring.intervalMs > 0,
  draw: (draw) => ({
    node: draw.pick(nodeNames),
    verb: draw.chance(0.6) ? 'unmanage' : 'manage',
    group: draw.between(0, 5),
  }),
  strike: ({ machines, setup }, { node, verb, group: place }) => {
    const { daemon } = machines.find(({ name }) => name === node)!;
    if (daemon === undefined) return 'missed';
    const group = setup.groups[place % setup.groups.length]!.key;
    daemon.command(verb === 'unmanage' ? { verb, group, at: 'now' } : { verb, group });
    return undefined;
  },
};

interface Edit {
  /** What changes is drawn from it, of the files as they are then. */
  readonly change: number;
  /** Instead: what stands in the files afterwards. */
  readonly files?: Partial<Setup>;
  readonly first: string;
  /** The files of the other node are written so much later; meanwhile they differ. */
  readonly secondMs: number;
}

export const reload: FaultKind<Edit> = {
  share: 1,
  draw: (draw, pair) => ({
    change: draw.uint32(),
    first: draw.pick(nodeNames),
    secondMs: draw.chance(0.3) ? 0 : deadtimes(draw, pair, 0.01, 20),
  }),
  strike: (world, { change, files, first, secondMs }) => {
    const written =
      files === undefined ? changedFiles(world.files, new Draw(change, 'files')) : { ...world.files, ...files };
    world.files = written;
    world.longestDeadtimeMs = Math.max(world.longestDeadtimeMs, written.deadtimeMs);
    world.count('configuration changed');
    const machine = world.machines.find(({ name }) => name === first)!;
    machine.write(written);
    // Who is overtaken by a later change never sees this one.
    world.plan(toUs(secondMs), () => machine.other.write(world.files), 0);
    return undefined;
  },
};
