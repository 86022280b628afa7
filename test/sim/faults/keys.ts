/** Keys that are changed while the pair runs, in the right order and in others, and a clock on the wall that jumps. */

import { changeKeys, signingWith, withKey, withOnly, writeKeys } from '../world/keys.ts';
import type { Machine } from '../world/machine.ts';
import { nodeNames } from '../world/setup.ts';
import type { World } from '../world/world.ts';
import { deadtimes, type FaultKind, toUs } from './fault.ts';

type Step = 'add' | 'sign' | 'drop';

/**
 * A new key in three rounds over both nodes: added, signed with, and the old one dropped. A step that is refused, or whose
 * node is down, is tried again; out of order, it is refused as long as the other node speaks.
 */
export const keyRotation: FaultKind<{
  readonly first: string;
  readonly inOrder: boolean;
  readonly everyMs: number;
  readonly forMs: number;
}> = {
  share: 1,
  draw: (draw, pair) => ({
    first: draw.pick(nodeNames),
    inOrder: draw.chance(0.7),
    everyMs: deadtimes(draw, pair, 0.3, 5),
    forMs: deadtimes(draw, pair, 30, 100),
  }),
  strike: (world, { first, inOrder, everyMs }) => {
    if (world.keyRotation !== undefined) return 'missed';
    const index = Math.max(...world.machines.map(({ keys }) => keys.sendIndex)) + 1;
    const there = world.machines.find(({ name }) => name === first)!;
    const steps = (['add', 'sign', 'drop'] as const).flatMap((step) =>
      [there, there.other].map((machine) => ({ step, machine })),
    );
    const rotation = { index, steps: inOrder ? steps : [steps[2]!, steps[4]!, ...steps] };
    world.keyRotation = rotation;
    const go = (): void => {
      if (world.keyRotation !== rotation) return;
      const [next] = rotation.steps;
      if (next === undefined) {
        world.keyRotation = undefined;
        return world.count('key rotated');
      }
      // What is out of order is tried once.
      if (take(next.machine, next.step, index) || rotation.steps.length > steps.length) rotation.steps.shift();
      world.plan(toUs(everyMs), go, 0);
    };
    go();
    return () => endRotation(world);
  },
};

function take(machine: Machine, step: Step, index: number): boolean {
  const { keys } = machine;
  if (step === 'add') return changeKeys(machine, withKey(keys, index));
  const known = keys.keys.some((key) => key.index === index);
  if (step === 'sign') return changeKeys(machine, signingWith(known ? keys : withKey(keys, index), index));
  return changeKeys(machine, withOnly(known ? keys : withKey(keys, index), index));
}

/** He gives both nodes both keys, and lets them sign with the old one. */
function endRotation(world: World): void {
  const rotation = world.keyRotation;
  if (rotation === undefined) return;
  world.keyRotation = undefined;
  const [first, second] = world.machines;
  const indexes = [...first.keys.keys, ...second.keys.keys].map(({ index }) => index);
  const all = indexes.reduce((keys, index) => withKey(keys, index), first.keys);
  for (const machine of world.machines) writeKeys(machine, signingWith(all, Math.min(...indexes)));
}

/** By up to a hundred years, either way. Nothing but what is shown may depend on it (S22). */
export const wallJump: FaultKind<{ readonly node: string; readonly wallSeconds: number }> = {
  share: 1,
  draw: (draw) => ({ node: draw.pick(nodeNames), wallSeconds: draw.between(1, 4_000_000_000) }),
  strike: (world, { node, wallSeconds }) => {
    const { daemon } = world.machines.find(({ name }) => name === node)!;
    if (daemon === undefined || !daemon.runs) return 'missed';
    const effects: string[] = [];
    const stopWatching = world.watchEffects((effect) => effects.push(effect.type));
    daemon.feed({ to: 'transport', event: { type: 'environment', wallSeconds, loadAverage: '9.99 9.99 9.99 9/9 9' } });
    stopWatching();
    if (effects.length > 0)
      world.violate('S22', `${node}: the wall clock jumps, and the node does ${effects.join(' ')}`);
    return undefined;
  },
};
