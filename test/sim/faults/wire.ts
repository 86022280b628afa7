/** What happens to the wires, and who plays with them. A path is one direction of one link: `node1>node2#0`. */
import type { Draw } from '../world/draw.ts';
import type { PathFaults } from '../world/network.ts';
import { nodeNames, type Setup } from '../world/setup.ts';
import type { World } from '../world/world.ts';
import { deadtimes, drawNodes, type FaultKind, type Mend, type Pair, toUs } from './fault.ts';

interface OnPaths {
  readonly paths: readonly string[];
  readonly forMs: number;
}

interface WithProbability extends OnPaths {
  readonly probability: number;
}

interface Delay extends WithProbability {
  readonly delayMs: number;
}

export const loss = noise('loss', 0.005, 0.6);
export const duplicates = noise('duplicate', 0.01, 0.5);
export const damage = noise('corrupt', 0.005, 0.3);

export const reordering: FaultKind<Delay> = {
  share: 1,
  draw: (draw, pair) => ({
    paths: somePaths(draw, pair),
    probability: draw.logUniform(0.02, 0.5),
    delayMs: deadtimes(draw, pair, 0.01, 3),
    forMs: deadtimes(draw, pair, 1, 30),
  }),
  strike: (world, { paths, probability, delayMs }) => {
    const reorderUs = toUs(delayMs);
    world.longestDelayUs = Math.max(world.longestDelayUs, reorderUs);
    return episode(world, paths, { reorder: probability, reorderUs }, { reorder: 0 });
  },
};

export const cut = cutOf((_draw, { setup }) => allPaths(setup));
export const oneWay = cutOf((draw, { setup }) => {
  const from = draw.pick(nodeNames);
  return allPaths(setup).filter((path) => path.startsWith(from));
});
export const oneLink = cutOf((draw, { setup }) => {
  const link = draw.between(0, setup.links.length - 1);
  return allPaths(setup).filter((path) => path.endsWith(`#${link}`));
});

/** Somebody has recorded what went over the wires, and plays some of it back, packet by packet. */
export const replay: FaultKind<{ readonly from: string; readonly packets: number; readonly everyMs: number }> = {
  share: 2,
  draw: (draw, pair) => ({
    from: draw.pick(nodeNames),
    packets: Math.round(draw.logUniform(1, 60)),
    everyMs: deadtimes(draw, pair, 0.02, 1),
  }),
  strike: (world, { from, packets, everyMs }) => {
    let left = packets;
    const play = (): void => {
      if (left === 0) return;
      world.network.replay(nodeIndex(from));
      if (--left > 0) world.plan(toUs(everyMs), play, 0);
    };
    play();
    return () => {
      left = 0;
    };
  },
};

/** Away from the ping nodes, and still able to hear each other. */
export const outsideCut: FaultKind<{ readonly nodes: readonly string[]; readonly forMs: number }> = {
  share: 1,
  applies: ({ pingNodes }) => pingNodes.length > 0,
  draw: (draw, pair) => ({
    nodes: drawNodes(draw, { ...pair, together: 0.4 }),
    forMs: deadtimes(draw, pair, 0.3, 20),
  }),
  strike: ({ network }, { nodes }) => {
    for (const node of nodes) network.outsideCut[nodeIndex(node)] = true;
    return () => {
      for (const node of nodes) network.outsideCut[nodeIndex(node)] = false;
    };
  },
};

function noise(what: 'loss' | 'duplicate' | 'corrupt', low: number, high: number): FaultKind<WithProbability> {
  return {
    share: 1,
    draw: (draw, pair) => ({
      paths: somePaths(draw, pair),
      probability: draw.logUniform(low, high),
      forMs: deadtimes(draw, pair, 1, 30),
    }),
    strike: (world, { paths, probability }) => episode(world, paths, { [what]: probability }, { [what]: 0 }),
  };
}

function cutOf(paths: (draw: Draw, pair: Pair) => string[]): FaultKind<OnPaths> {
  return {
    share: 2,
    draw: (draw, pair) => ({ paths: paths(draw, pair), forMs: deadtimes(draw, pair, 0.3, 20) }),
    strike: (world, drawn) => episode(world, drawn.paths, { cut: true }, { cut: false }),
  };
}

export function episode(
  world: World,
  paths: readonly string[],
  begin: Partial<PathFaults>,
  end: Partial<PathFaults>,
): Mend | 'missed' {
  const chosen = paths.flatMap((path) => pathOf(world, path) ?? []);
  if (chosen.length === 0) return 'missed';
  for (const path of chosen) Object.assign(path, begin);
  return () => {
    for (const path of chosen) Object.assign(path, end);
  };
}

export function allPaths({ links }: Setup): string[] {
  return nodeNames.flatMap((from) => links.map((_, link) => `${from}>${nodeNames.find((to) => to !== from)}#${link}`));
}

/** At least one of them. */
export function somePaths(draw: Draw, { setup }: Pair): string[] {
  const all = allPaths(setup);
  const some = all.filter(() => draw.chance(0.6));
  return some.length > 0 ? some : [draw.pick(all)];
}

export function pathOf({ network }: World, path: string): PathFaults | undefined {
  const [nodes = '', link = ''] = path.split('#');
  return network.paths[nodeIndex(nodes.split('>')[0]!)]?.[Number(link)];
}

export function nodeIndex(name: string): number {
  return (nodeNames as readonly string[]).indexOf(name);
}
