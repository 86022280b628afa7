/** L7: a key is replaced on both nodes while the pair runs, in every order that the nodes accept; nobody notices. */
import { expect, it } from 'vitest';
import { allCheckers } from './checkers/all.ts';
import type { Checker } from './checkers/checker.ts';
import { changeKeys, signingWith, withKey, withOnly } from './world/keys.ts';
import type { Machine } from './world/machine.ts';
import { makeGroup, nodeNames, plainSetup } from './world/setup.ts';
import { World } from './world/world.ts';

const steps: Readonly<Record<string, (machine: Machine) => boolean>> = {
  add: (machine) => changeKeys(machine, withKey(machine.keys, 2)),
  sign: (machine) => changeKeys(machine, signingWith(machine.keys, 2)),
  drop: (machine) => changeKeys(machine, withOnly(machine.keys, 2)),
};

function pair(): { readonly world: World; readonly noticed: string[] } {
  const noticed: string[] = [];
  const watcher: Checker = {
    effect: (_world, { machine }, effect) => {
      if (effect.type === 'operation' && effect.operation.action !== 'status')
        noticed.push(`${machine.name} ${effect.operation.action}`);
      if (effect.type === 'log' && effect.level !== 'info' && effect.level !== 'debug')
        noticed.push(`${machine.name} ${effect.message.code}`);
    },
  };
  const setup = { ...plainSetup, groups: [makeGroup('vip', nodeNames[0], ['address', 'service'], 0)] };
  const world = new World({ seed: 1, setup, checkers: [...allCheckers(), watcher] });
  for (const machine of world.machines) machine.powerOn();
  world.runUntil(5_000_000);
  noticed.length = 0;
  return { world, noticed };
}

it.each([
  ['add 0', 'add 1', 'sign 0', 'sign 1', 'drop 0', 'drop 1'],
  ['add 1', 'add 0', 'sign 0', 'sign 1', 'drop 1', 'drop 0'],
  ['add 0', 'add 1', 'sign 1', 'drop 1', 'sign 0', 'drop 0'],
])('%s, %s, %s, %s, %s, %s', (...order) => {
  const { world, noticed } = pair();
  const taken: boolean[] = [];
  for (const word of order) {
    const [step = '', node = ''] = word.split(' ');
    taken.push(steps[step]!(world.machines[Number(node)]!));
    world.runUntil(world.nowUs + 1_000_000);
  }
  expect(world.violation).toBeUndefined();
  expect(noticed).toEqual([]);
  // The third order wants to drop a key that the other still signs with: refused, and nothing has happened.
  expect(taken).toEqual(order.map((word) => !(order[3] === 'drop 1' && word === 'drop 1')));
});

it('refuses a key that the other node does not have, and one that it signs with', () => {
  const { world, noticed } = pair();
  const [first] = world.machines;
  expect(changeKeys(first, signingWith(withKey(first.keys, 2), 2))).toBe(false);
  expect(changeKeys(first, withOnly(withKey(first.keys, 2), 2))).toBe(false);
  world.runUntil(world.nowUs + 2_000_000);
  expect(noticed).toEqual([]);
});
