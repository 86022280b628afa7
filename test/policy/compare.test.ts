import { expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { compare } from './compare.ts';

const answer: Answer = {
  nodesBefore: {},
  nodes: { one: 'online+standby+unclean' },
  actions: [
    { action: 'start', resource: 'db', instance: 'db:0', from: null, to: 'one', reason: 'because' },
    { action: 'stop', resource: 'ip', from: 'one', to: null },
  ],
  current: { resources: {}, flags: {} },
  revised: { resources: { db: { one: 'Unpromoted', two: 'Promoted' }, ip: {} }, flags: {} },
  transition: [{ op: 'start', resource: 'db', node: 'one' }, { pseudo: 'all_stopped' }],
};

test('order, reasons, instance numbers and flags do not count', () => {
  const other: Answer = {
    ...answer,
    nodes: { one: 'online+unclean+standby' },
    actions: [
      answer.actions[1],
      { action: 'start', resource: 'db', instance: 'db:7', from: null, to: 'one' },
    ] as Answer['actions'],
    revised: { resources: { ip: {}, db: { two: 'Promoted', one: 'Unpromoted' } }, flags: { ip: ['failed'] } },
    transition: [...answer.transition].reverse(),
  };
  expect(compare(answer, other)).toEqual({
    agrees: true,
    agreesStrictly: true,
    differences: [],
    transitionDifferences: [],
  });
});

test('a role, a blocked action, a node that is elsewhere: each is one difference with its two sides', () => {
  const other: Answer = {
    ...answer,
    nodes: { one: 'online' },
    actions: [
      answer.actions[0],
      { action: 'stop', resource: 'ip', from: 'one', to: null, blocked: true },
    ] as Answer['actions'],
    revised: { resources: { db: { one: 'Promoted', two: 'Promoted' }, ip: {} }, flags: {} },
  };
  const found = compare(answer, other);
  expect(found.agrees).toBe(false);
  expect(found.differences).toEqual([
    '- action stop ip one->(none)',
    '+ action stop ip one->(none) blocked',
    '+ after db: Promoted on one, Promoted on two',
    '- after db: Promoted on two, Unpromoted on one',
    '+ node one: online',
    '- node one: online+standby+unclean',
  ]);
});

test('the strict measure asks for the operations of the transition, as often as they are there', () => {
  const twice = { ...answer, transition: [...answer.transition, ...answer.transition] };
  const found = compare(answer, twice);
  expect([found.agrees, found.agreesStrictly]).toEqual([true, false]);
  expect(found.transitionDifferences).toEqual(['+ transition pseudo all_stopped', '+ transition start db on one']);
});
