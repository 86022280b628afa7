/** Nodes whose files differ find out in which lines; a peer that answers nonsense is not worth more than a few messages. */
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/core/configuration-difference.ts';
import type { NodeEffect } from '../../src/core/effects.ts';
import { messageOf, textOf } from '../../src/core/transport/message.ts';
import { LoneNode, ms } from './lone-node.ts';
import { TwoNodes } from './two-nodes.ts';

const ours = { configurationDigest: 'aaaaaaaaaaaaaaaa0000', configurationMeaning: ['keepalive 1s', 'deadtime 10s'] };
const theirs = { configurationDigest: 'bbbbbbbbbbbbbbbb1111', configurationMeaning: ['keepalive 1s', 'deadtime 30s'] };
const able = { pbdig: 'bbbbbbbbbbbbbbbb', pbcaps: 'groups,configuration' };

function sent(effects: readonly NodeEffect[], type: string) {
  return effects.flatMap((effect) =>
    effect.type === 'send' && textOf(effect.message, 't') === type ? [effect.message] : [],
  );
}

const alarmsOf = ({ state }: LoneNode) => [...state.alarms.keys()];
const codesIn = (effects: readonly NodeEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'log' ? [effect.message.code] : []));

describe('two nodes whose files differ', () => {
  const differing = (node2 = theirs) => {
    const pair = new TwoNodes({ ...ours }).boot('node1');
    pair.members.node2.engine.node.options = { ...pair.members.node2.engine.node.options, ...node2 };
    return pair.boot('node2').run(1000);
  };
  const differenceAt = (pair: TwoNodes, name: 'node1' | 'node2') => pair.members[name].engine.node.exchange.difference;

  it('both learn which lines only one has, and log it once', () => {
    const pair = differing().run(5000);
    expect(differenceAt(pair, 'node1')).toEqual({ onlyHere: ['deadtime 10s'], onlyThere: ['deadtime 30s'] });
    expect(differenceAt(pair, 'node2')).toEqual({ onlyHere: ['deadtime 30s'], onlyThere: ['deadtime 10s'] });
    for (const name of ['node1', 'node2'] as const) {
      const codes = pair.members[name].log.filter((code) => code.includes('configuration-difference'));
      expect(codes).toHaveLength(1);
    }
  });

  it('a file of many parts comes across whole, whatever is lost', () => {
    const lines = Array.from({ length: 300 }, (_, number) => `group node1 IPaddr::10.0.${number}.1 söme-sérvice`);
    const pair = differing({ ...theirs, configurationMeaning: lines }).run(8000);
    expect(differenceAt(pair, 'node1')?.onlyThere).toEqual(lines);
  });

  it('it ends when they agree again, and what differs next is told anew', () => {
    const pair = differing();
    const { node } = pair.members.node2.engine;
    node.options = { ...node.options, ...ours };
    pair.run(1000);
    for (const name of ['node1', 'node2'] as const) {
      expect(differenceAt(pair, name)).toBeUndefined();
      expect([...pair.members[name].engine.node.alarms.keys()]).not.toContain('configuration-differs');
      expect(pair.members[name].log.join()).toContain('configuration-agrees');
    }
    node.options = { ...node.options, configurationDigest: 'c'.repeat(20), configurationMeaning: ['keepalive 2s'] };
    pair.run(1000);
    expect(differenceAt(pair, 'node1')?.onlyThere).toEqual(['keepalive 2s']);
  });
});

describe('a peer that differs', () => {
  const asked = (node: LoneNode) => sent(node.effects, 'pbask');
  const reply = (node: LoneNode, fields: Record<string, string>) => node.message(messageOf('pbmeaning', fields));

  it('is asked only if it says that it answers: a real Heartbeat or an older version never is', () => {
    const node = LoneNode.settled(ours);
    for (const fields of [{ pbdig: able.pbdig }, { ...able, pbcaps: 'groups' }]) node.says({}, { fields });
    expect(asked(node)).toEqual([]);
    expect(alarmsOf(node)).toContain('configuration-differs');
  });

  it('that does not answer is asked ten times, then once a minute', () => {
    const node = LoneNode.settled(ours);
    const asksWithin = (seconds: number) => {
      node.forget();
      for (let tenths = 0; tenths < seconds * 10; tenths++) {
        node.nowUs += ms(100);
        node.says({}, { fields: able });
      }
      return asked(node).length;
    };
    expect(asksWithin(20)).toBe(11);
    expect(asksWithin(120)).toBe(2);
  });

  it('that answers nonsense changes nothing and gets no further questions', () => {
    const node = LoneNode.settled(ours).says({}, { fields: able });
    const digest = able.pbdig;
    expect(asked(node)).toHaveLength(1);
    const good = { digest, part: '1', parts: '1', sum: '0', lines: 'keepalive 9s' };
    for (const wrong of [
      good,
      { ...good, digest: 'dddddddddddddddd' },
      { ...good, part: '2' },
      { ...good, part: '0' },
      { ...good, parts: '129' },
      { ...good, parts: '0' },
      { ...good, part: 'x' },
      { ...good, lines: 'x'.repeat(1025) },
    ]) {
      node.forget();
      reply(node, wrong);
      expect(node.effects.filter(({ type }) => type === 'send')).toEqual([]);
      expect(node.state.exchange.difference).toBeUndefined();
    }
    expect(codesIn(node.effects)).toEqual([]);
  });

  it('cannot make this node remember more than one configuration, nor ask without end', () => {
    const node = LoneNode.settled(ours).says({}, { fields: able });
    node.forget();
    for (let part = 1; part <= 1000; part++)
      reply(node, {
        digest: able.pbdig,
        part: String(((part - 1) % 128) + 1),
        parts: '128',
        sum: '0',
        lines: 'x'.repeat(1024),
      });
    expect(asked(node).length).toBeLessThanOrEqual(127);
    expect(node.state.exchange.received.length).toBeLessThanOrEqual(128);
  });

  it('is answered with the lines of here, at most 32 times a second, and only about the digest of now', () => {
    const node = LoneNode.settled(ours);
    const question = (fields: Record<string, string>) => node.message(messageOf('pbask', fields));
    node.forget();
    for (const wrong of [
      { digest: able.pbdig, part: '1' },
      { digest: 'aaaaaaaaaaaaaaaa', part: '2' },
      { part: '1' },
      { digest: 'aaaaaaaaaaaaaaaa', part: '-1' },
    ])
      question(wrong as Record<string, string>);
    expect(sent(node.effects, 'pbmeaning')).toEqual([]);
    for (let number = 0; number < 100; number++) question({ digest: 'aaaaaaaaaaaaaaaa', part: '1' });
    const answers = sent(node.effects, 'pbmeaning');
    expect(answers).toHaveLength(32);
    expect(textOf(answers[0]!, 'lines')).toBe('keepalive 1s\ndeadtime 10s');
    node.nowUs += ms(1000);
    question({ digest: 'aaaaaaaaaaaaaaaa', part: '1' });
    expect(sent(node.effects, 'pbmeaning')).toHaveLength(33);
  });

  it('is not told to hooks, whatever it says', () => {
    const node = LoneNode.settled(ours).says({}, { fields: able });
    node.message(messageOf('pbask', { digest: 'aaaaaaaaaaaaaaaa', part: '1' }));
    const told = node.effects.flatMap((effect) => (effect.type === 'clusterEvent' ? [effect.event.fields['t']] : []));
    expect(told.filter((type) => type?.startsWith('pb'))).toEqual([]);
  });
});

describe('the difference of two texts', () => {
  it.each([
    [['a', 'b'], ['a', 'c'], ['b'], ['c']],
    [['a', 'a'], ['a'], ['a'], []],
    [[], ['a'], [], ['a']],
    [
      ['a', 'b', 'c'],
      ['a', 'c', 'b'],
      ['b', 'c'],
      ['c', 'b'],
    ],
    [['a'], ['a'], [], []],
  ])('%j and %j', (here, there, onlyHere, onlyThere) => {
    expect(differenceOf(here, there)).toEqual({ onlyHere, onlyThere });
  });
});
