/** The release before and this one in one cluster: no group moves for an upgrade (L7), and each way back is open. */
import { expect, it } from 'vitest';
import { allCheckers } from './checkers/all.ts';
import type { Checker } from './checkers/checker.ts';
import { faultKinds } from './faults/kinds.ts';
import { makeGroup, nodeNames, plainSetup } from './world/setup.ts';
import { World } from './world/world.ts';

const groups = [
  makeGroup('vip', nodeNames[0], ['address', 'service'], 0),
  makeGroup('web', nodeNames[1], ['service'], 1),
];

it.each([
  ['in place, from the release before', true, 'previous', 'present'],
  ['in place, back to the release before', true, 'present', 'previous'],
] as const)('%s: nothing is started or stopped', (_how, inPlace, from, to) => {
  const touched: string[] = [];
  const watcher: Checker = {
    effect: (_world, { machine }, effect) => {
      if (effect.type === 'operation' && (effect.operation.action === 'start' || effect.operation.action === 'stop'))
        touched.push(`${machine.name} ${effect.operation.action} ${effect.operation.group}`);
    },
  };
  const setup = { ...plainSetup, groups, versions: [from, from] as const };
  const world = new World({ seed: 1, setup, checkers: [...allCheckers(), watcher] });
  for (const machine of world.machines) machine.powerOn();
  world.runUntil(5_000_000);
  expect(touched).toHaveLength(3);
  touched.length = 0;
  for (const [index, node] of nodeNames.entries())
    world.plan(2_000_000 * index, () => faultKinds.upgrade.strike(world, { node, to, inPlace, offMs: 50 }));
  world.runUntil(12_000_000);
  expect(world.violation).toBeUndefined();
  expect(world.machines.map(({ version, daemon }) => `${version} ${daemon?.engine.node.peer.presence}`)).toEqual([
    `${to} up`,
    `${to} up`,
  ]);
  expect(touched).toEqual([]);
});

it('speaks with the release before while it is as it is', () => {
  const setup = { ...plainSetup, groups, versions: ['previous', 'present'] as const };
  const world = new World({ seed: 1, setup, checkers: allCheckers() });
  for (const machine of world.machines) machine.powerOn();
  world.runUntil(5_000_000);
  world.machines[0].crash();
  world.runUntil(8_000_000);
  world.machines[0].powerOn();
  world.runUntil(15_000_000);
  expect(world.violation).toBeUndefined();
  expect(world.truth.ofGroup(0, 'vip').length + world.truth.ofGroup(1, 'vip').length).toBe(2);
});
