import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, randomBetween } from '../../../src/core/random.ts';
import { createTransport, step, transportView } from '../../../src/core/transport/machine.ts';
import { messageOf } from '../../../src/core/transport/message.ts';
import { nodeName } from '../../../src/core/types.ts';
import {
  arrive,
  type Delivery,
  digestOf,
  linkA,
  linkB,
  ms,
  nodeEvents,
  optionsFor,
  Pair,
  recordedPair,
  started,
  uuids,
} from './harness.ts';

const pair = recordedPair();
const fromNode1 = pair.recorded.filter(({ from }) => from === 'node1');

describe('what was recorded', () => {
  it('has no effect when it is sent again to the node that took it', () => {
    const { state } = pair.members.node2;
    pair.run(ms(30));
    const digest = digestOf(state);
    const heard = pair.heard('node2', 'message').length;
    const nowUs = state.nowUs;
    for (const delivery of fromNode1) {
      const effects = arrive(state, { ...delivery, link: linkA }, nowUs).filter(({ type }) => type !== 'log');
      expect(effects.filter(({ type }) => type !== 'transmit')).toEqual([]);
    }
    expect(digestOf(state)).toBe(digest);
    expect(pair.heard('node2', 'message')).toHaveLength(heard);
  });

  it('has no effect on the next life of that node, which remembers the generation and answers to another one', () => {
    const persistedPeers = [{ node: nodeName('node1'), uuid: uuids.node1, generation: 100 }];
    const state = started('node2', { generation: 101, links: [linkA, linkB], persistedPeers }, pair.nowUs);
    for (const delivery of fromNode1) {
      // All that a recording can do is to make a node that has not heard its peer wait a little longer.
      const moved = nodeEvents(arrive(state, delivery, pair.nowUs)).filter(({ type }) => type !== 'peerDoesNotHearUs');
      expect(moved).toEqual([]);
    }
    expect(state.peer).toMatchObject({ heard: 'never', accepted: false, generation: 100, pending: undefined });
    expect(transportView(state).links.every(({ up }) => !up)).toBe(true);
    const { counters } = transportView(state);
    expect((counters['stale-incarnation'] ?? 0) + (counters.unconfirmed ?? 0)).toBe(fromNode1.length);
  });

  it('of an older generation than the persisted one has no effect, whoever sends it', () => {
    const persistedPeers = [{ node: nodeName('node1'), uuid: uuids.node1, generation: 101 }];
    const state = started('node2', { links: [linkA, linkB], persistedPeers }, pair.nowUs);
    const digest = digestOf(state);
    for (const delivery of fromNode1) {
      expect(arrive(state, delivery, pair.nowUs).filter(({ type }) => type !== 'log')).toEqual([]);
    }
    expect(digestOf(state)).toBe(digest);
    expect(transportView(state).counters['stale-generation']).toBe(fromNode1.length);
  });

  it('keeps no link up', () => {
    const lonely = new Pair({ links: [linkA, linkB] });
    lonely.start('node1', 'node2').run(ms(500));
    const recorded = lonely.recorded.filter(({ from }) => from === 'node1');
    lonely.network = ({ link }) => (link === linkA ? [] : [100]);
    for (let round = 0; round < 10; round++) {
      lonely.run(ms(50));
      for (const delivery of recorded) lonely.arrive('node2', delivery);
    }
    expect(transportView(lonely.members.node2.state).links.map(({ up }) => up)).toEqual([false, true]);
  });

  it('is acted on once in any order and with any number of copies', () => {
    // A receiver in its first life, with the generation that the sender has accepted: all of these are fresh to it.
    const talking = new Pair().start('node1', 'node2').run(ms(50));
    for (let number = 1; number <= 12; number++) {
      talking.send('node1', messageOf('resource', { n: String(number) }));
      talking.run(ms(100));
    }
    const packets = talking.recorded
      .filter(({ from }) => from === 'node1')
      .slice(1)
      .map(({ bytes }) => bytes);
    let mostDelivered = 0;
    const order = fc.array(fc.nat({ max: packets.length - 1 }), { minLength: 20, maxLength: 120 });
    fc.assert(
      fc.property(order, (indices) => {
        const receiver = started('node2');
        const delivered: string[] = [];
        for (const index of indices) {
          const effects = arrive(receiver, { bytes: packets[index]!, link: linkA }, ms(1000));
          const persist = effects.find(({ type }) => type === 'persistPeerGeneration');
          const more =
            persist === undefined
              ? []
              : step(receiver, { type: 'peerGenerationPersisted', nowUs: ms(1000), requestId: 1 });
          for (const event of nodeEvents([...effects, ...more])) {
            if (event.type === 'message')
              delivered.push(String(event.message.fields.find(({ name }) => name === 'seq')!.value));
          }
        }
        expect(new Set(delivered).size).toBe(delivered.length);
        mostDelivered = Math.max(mostDelivered, delivered.length);
      }),
      { numRuns: 300 },
    );
    expect(mostDelivered).toBeGreaterThan(10);
  });
});

describe('two transports with loss', () => {
  it('deliver every message exactly once when one of two links loses 30 %', () =>
    exactlyOnce([linkA, linkB], (link) => (link === linkA ? 30 : 0)));
  it('deliver every message exactly once when the only link loses 30 %', () => exactlyOnce([linkA], () => 30));
  it('deliver every message exactly once when both links lose 30 %', () => exactlyOnce([linkA, linkB], () => 30));

  function exactlyOnce(
    links: Pair['recorded'][number]['link'][],
    lossPercent: (link: Delivery['link']) => number,
  ): void {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createRandom(seed);
        const dice = (sides: number) => randomBetween(random, 0, sides - 1);
        const lossy = new Pair({
          links,
          timing: { keepaliveMs: 100, deadtimeMs: 5000, warntimeMs: 2500, initdeadMs: 9000, deadpingMs: 5000 },
        });
        lossy.start('node1', 'node2').run(ms(50));
        lossy.network = ({ link }) => (dice(100) < lossPercent(link) ? [] : [100 + dice(5) * 200]);
        const expected: string[] = [];
        for (let number = 0; number < 100; number++) {
          expected.push(String(number));
          lossy.send('node1', messageOf('resource', { n: String(number) }));
          if (number % 2 === 0) lossy.run(ms(20));
        }
        lossy.run(ms(3000));
        const got = lossy.delivered('node2', 'resource', 'n');
        expect(got.toSorted((left, right) => Number(left) - Number(right))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  }
});

it('a transport that was not started hears nothing', () => {
  const state = createTransport(optionsFor('node2'));
  expect(arrive(state, fromNode1[0]!, ms(1))).toEqual([]);
});
