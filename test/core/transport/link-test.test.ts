/** Probes beside a running pair: what they find out about each link, and that they do no harm. */
import { describe, expect, it } from 'vitest';
import { linkTestView, type TestedLink } from '../../../src/core/transport/link-test.ts';
import { textOf } from '../../../src/core/transport/message.ts';
import { linkId } from '../../../src/core/types.ts';
import { type Delivery, linkA, linkB, messageIn, ms, Pair, typesOf } from './harness.ts';

const changes = { links: [linkA, linkB], capabilities: ['probe'] };

function tested(
  network: (delivery: Delivery) => readonly number[],
  options: object = {},
): {
  pair: Pair;
  links: Record<string, TestedLink>;
} {
  const pair = new Pair({ ...changes, ...options });
  pair.start('node1', 'node2').run(ms(500));
  pair.network = network;
  pair.give('node1', { type: 'linkTest', nowUs: pair.nowUs, durationMs: 5000 });
  pair.run(ms(6500));
  const view = linkTestView(pair.members.node1.state)!;
  return { pair, links: Object.fromEntries(view.links.map((link) => [link.link, link])) };
}

describe('a test of the links', () => {
  it('finds sound links sound, with the time that a message and its answer take', () => {
    const { links } = tested(() => [700]);
    for (const link of [linkA, linkB]) {
      expect(links[link]).toMatchObject({ sent: 50, reached: 50, answered: 50, late: 0 });
      expect(links[link]?.roundTripsUs).toEqual({ least: 1400, median: 1400, most: 1400 });
      expect(links[link]?.heard).toBe(links[link]?.expected);
      expect(links[link]?.expected).toBeGreaterThan(40);
    }
  });

  it('a link on which nothing passes', () => {
    const { links } = tested(({ link }) => (link === linkB ? [] : [100]));
    expect(links[linkB]).toMatchObject({ sent: 50, reached: 0, answered: 0 });
    // At most what was on its way when the link broke.
    expect(links[linkB]!.heard).toBeLessThanOrEqual(1);
    expect(links[linkA]).toMatchObject({ reached: 50, answered: 50 });
  });

  it.each([
    ['out', 'node1', { arrives: false, heard: true }],
    ['back', 'node2', { arrives: true, heard: false }],
  ] as const)('a link that loses everything on its way %s', (_direction, from, { arrives, heard }) => {
    const { links } = tested((delivery) => (delivery.link === linkB && delivery.from === from ? [] : [100]));
    expect(links[linkB]).toMatchObject({ sent: 50, answered: 0 });
    expect(links[linkB]!.reached! > 45).toBe(arrives);
    expect((links[linkB]?.heard ?? 0) > 40).toBe(heard);
  });

  it('losses and delays are told apart by direction', () => {
    let number = 0;
    const { links } = tested(({ link, from }) => {
      if (link === linkB && from === 'node1') return number++ % 5 === 0 ? [] : [100];
      return link === linkA && from === 'node2' ? [ms(150)] : [100];
    });
    expect(links[linkB]!.reached).toBeGreaterThan(30);
    expect(links[linkB]!.reached).toBeLessThan(45);
    expect(links[linkB]!.answered).toBe(links[linkB]!.reached);
    expect(links[linkA]).toMatchObject({ answered: 50, late: 50 });
  });

  it('does not disturb the pair, and sends each probe over one link only', () => {
    const { pair } = tested(() => [100]);
    const probes = pair.recorded.filter(({ bytes }) => textOf(messageIn(bytes), 't') === 'NS_pbprobe');
    expect(probes).toHaveLength(100);
    for (const { link, bytes } of probes) expect(textOf(messageIn(bytes), 'link')).toBe(link);
    for (const name of ['node1', 'node2'] as const)
      expect(typesOf(pair.members[name].effects).filter((type) => type !== 'message status')).toEqual(
        expect.not.arrayContaining(['peerSilent', 'lateHeartbeat']),
      );
  });

  it('sends nothing to a peer that does not answer probes, and still counts what is heard', () => {
    const { links, pair } = tested(() => [100], { capabilities: [] });
    expect(links[linkA]).toMatchObject({ sent: 0, answered: 0 });
    expect(links[linkA]!.heard).toBeGreaterThan(40);
    expect(pair.recorded.some(({ bytes }) => textOf(messageIn(bytes), 't') === 'NS_pbprobe')).toBe(false);
  });

  it('leaves a serial line room for the keepalives', () => {
    const tty = linkId('serial/dev/ttyS0');
    const { links } = tested(() => [100], { links: [linkA, tty], serialLinks: [tty] });
    expect(links[linkA]?.sent).toBe(50);
    expect(links[tty]?.sent).toBe(25);
  });

  it('a recorded probe is not answered again', () => {
    const { pair } = tested(() => [100]);
    const probe = pair.recorded.find(({ bytes }) => textOf(messageIn(bytes), 't') === 'NS_pbprobe')!;
    const before = pair.recorded.length;
    for (let count = 0; count < 100; count++) pair.arrive('node2', probe);
    const answers = pair.recorded.slice(before).filter(({ bytes }) => textOf(messageIn(bytes), 't') === 'NS_pbecho');
    expect(answers).toEqual([]);
  });
});
