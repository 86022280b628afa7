/**
 * One simulated round: some seconds of two nodes with commits on either, while power fails, processes die, disks fill up, fail, are
 * slow and rot, and the network is cut; then everything is mended, and the nodes must come to rest, equal, with nothing lost.
 */
import { nobody, type Standing } from '../../src/core/cib/store/entry.ts';
import { currentDigest } from '../../src/core/cib/store/state.ts';
import type { Draw } from '../sim/world/draw.ts';
import type { Objection } from './checker.ts';
import { failures } from './disk.ts';
import type { StoreNode } from './node.ts';
import { World } from './world.ts';

export interface RoundResult {
  readonly seed: number;
  readonly objections: readonly Objection[];
  readonly counts: ReadonlyMap<string, number>;
}

const secondUs = 1_000_000;
/** Longer than the longest wait for an answer and the slowest retry. */
const restUs = 90 * secondUs;

export function runRound(seed: number, tell?: (line: string) => void): RoundResult {
  const world = new World(seed);
  world.tell = tell;
  const { draw } = world;
  startBoth(world);
  const lengthUs = draw.between(3, 20) * secondUs;
  planCommits(world, lengthUs);
  planFaults(world, lengthUs);
  world.runUntil(lengthUs);
  mend(world);
  world.runUntil(lengthUs + restUs);
  if (world.checker.objections.length === 0) world.checker.ended();
  return { seed, objections: world.checker.objections, counts: world.counts };
}

export function startBoth(world: World): void {
  for (const node of world.nodes) world.plan(world.draw.between(0, 300_000), () => node.start());
}

/** A commit on that node now, if its process runs. */
export function commitOn(world: World, node: StoreNode, token: string, draw: Draw, isStale = false): void {
  const { state } = node;
  if (state === undefined) return;
  const { current } = state;
  const document = documentFor(token, draw, current === undefined ? 0 : current.entry.version.epoch);
  const parent = isStale ? 'f'.repeat(64) : currentDigest(state);
  const candidate = { document, parent, who: 'root', when: '2026-11-25 19:00:00', tool: 'crm -- configure' };
  const id = world.checker.asks(node, token, parent);
  node.handle({ type: 'commit', id, candidate });
}

function documentFor(token: string, draw: Draw, epoch: number): string {
  const size = draw.chance(0.02) ? draw.between(500, 3000) : draw.between(0, 12);
  const pairs = Array.from(
    { length: size },
    (_, number) => `      <nvpair id="p-${number}" name="attribute-${number}" value="${draw.uint32()}"/>\n`,
  );
  const adminEpoch = draw.chance(0.02) ? ` admin_epoch="${draw.between(0, 3)}"` : '';
  return `<cib${adminEpoch} epoch="${epoch}" validate-with="pacemaker-3.9">\n  <configuration id="${token}">\n${pairs.join('')}  </configuration>\n  <status/>\n</cib>\n`;
}

function planCommits(world: World, lengthUs: number): void {
  const { draw } = world;
  const count = draw.chance(0.02) ? draw.between(80, 160) : draw.between(3, 30);
  for (let number = 0; number < count; number++) {
    const node = draw.pick(world.nodes);
    world.plan(draw.between(500_000, lengthUs), () =>
      commitOn(world, node, `token-${node.name}-${number}`, draw, draw.chance(0.05)),
    );
  }
}

type Fault = (world: World, node: StoreNode, draw: Draw) => void;

const faults: Readonly<Record<string, Fault>> = {
  'power lost': (world, node, draw) => {
    node.losePower();
    world.plan(draw.between(100_000, 4 * secondUs), () => node.powerOn());
  },
  'power lost on both': (world, _, draw) => {
    for (const node of world.nodes) {
      node.losePower();
      world.plan(draw.between(100_000, 4 * secondUs), () => node.powerOn());
    }
  },
  killed: (world, node, draw) => {
    node.kill();
    world.plan(draw.between(10_000, 2 * secondUs), () => node.start());
  },
  'cut at a step': (_, node, draw) => {
    node.cut = { steps: draw.between(1, 20), how: draw.chance(0.6) ? 'power' : 'kill' };
  },
  'killed at a step, then power lost': (world, node, draw) => {
    node.cut = { steps: draw.between(1, 20), how: 'kill' };
    world.plan(draw.between(secondUs, 3 * secondUs), () => {
      node.losePower();
      world.plan(draw.between(50_000, secondUs), () => node.powerOn());
    });
  },
  'network cut': (world, _, draw) => cutNetwork(world, draw),
  'network cut (2)': (world, _, draw) => cutNetwork(world, draw),
  'network bad': (world, _, draw) => {
    Object.assign(world.network, { loss: draw.between(1, 40) / 100, duplicates: 0.1, delayUs: [50, 60_000] });
    world.plan(draw.between(200_000, 6 * secondUs), () =>
      Object.assign(world.network, { loss: 0, duplicates: 0, delayUs: [50, 2000] }),
    );
  },
  'disk fails now and then': (world, node, draw) => {
    node.disk.fails = draw.between(5, 60) / 100;
    world.plan(draw.between(200_000, 5 * secondUs), () => {
      node.disk.fails = 0;
    });
  },
  'disk fails in one way': (_, node, draw) => node.failNext(draw.pick(failures), draw.between(1, 4)),
  'disk slow': (world, node, draw) => {
    node.disk.slowness = draw.logUniform(3, 300);
    world.plan(draw.between(200_000, 5 * secondUs), () => {
      node.disk.slowness = 1;
    });
  },
  rot: (world, node) => {
    if (!node.rot()) world.count('nothing to rot');
  },
  'another coordinator': (world) => {
    world.leader = 1 - world.leader;
    for (const node of world.nodes)
      if (node.seesPeer) node.handle({ type: 'peer', isMember: true, leads: world.nodes[world.leader] === node });
  },
};

/** While the nodes do not see each other something may speak for one of them. */
function cutNetwork(world: World, draw: Draw): void {
  world.network.isUp = false;
  world.membershipChanged();
  const favoured = draw.pick(world.nodes);
  const plan = (node: StoreNode, standing: Standing): void =>
    world.plan(draw.between(0, 600_000), () => {
      if (!world.network.isUp) stand(node, standing);
    });
  plan(favoured, { fenced: draw.chance(0.3), quorum: draw.chance(0.4), held: draw.between(0, 4) });
  plan(world.peerOf(favoured), { fenced: false, quorum: draw.chance(0.1), held: draw.between(0, 2) });
  world.plan(draw.between(300_000, 5 * secondUs), () => heal(world));
}

function heal(world: World): void {
  world.network.isUp = true;
  for (const node of world.nodes) stand(node, nobody);
  world.membershipChanged();
}

function stand(node: StoreNode, standing: Standing): void {
  node.standing = standing;
  node.handle({ type: 'standing', standing });
}

function planFaults(world: World, lengthUs: number): void {
  const { draw } = world;
  const names = Object.keys(faults);
  const chosen = Array.from({ length: draw.between(0, 12) }, () => draw.pick(names));
  for (const name of chosen) {
    const node = draw.pick(world.nodes);
    world.plan(draw.between(400_000, lengthUs), () => {
      world.count(`fault ${name}`);
      world.trace(node, () => `fault: ${name}`);
      faults[name]!(world, node, draw);
    });
  }
}

export function mend(world: World): void {
  Object.assign(world.network, { isUp: true, loss: 0, duplicates: 0, delayUs: [50, 2000] });
  for (const node of world.nodes) {
    Object.assign(node.disk, { fails: 0, slowness: 1, failNext: undefined });
    node.cut = undefined;
    if (node.isPowered) node.start();
    else node.powerOn();
  }
  heal(world);
}
