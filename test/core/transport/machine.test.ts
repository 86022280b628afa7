import { describe, expect, it } from 'vitest';
import { createTransport, step, transportDeadline, transportView } from '../../../src/core/transport/machine.ts';
import { bytesOf, messageOf, textOf } from '../../../src/core/transport/message.ts';
import { nodeName } from '../../../src/core/types.ts';
import {
  linkA,
  linkB,
  messageIn,
  ms,
  nodeEvents,
  optionsFor,
  Pair,
  sentMessages,
  started,
  typesOf,
} from './harness.ts';
import { keys } from './support.ts';

describe('keepalives', () => {
  it('begin at start and carry Heartbeat’s fields in Heartbeat’s order, ours before the sender', () => {
    const state = createTransport(optionsFor('node1'));
    expect(transportDeadline(state)).toBeUndefined();
    const effects = step(state, { type: 'start', nowUs: ms(1000) });
    expect(effects.map((effect) => effect.type)).toEqual(['transmit', 'keepaliveSent']);
    const [status] = sentMessages(effects);
    expect(status!.fields.map(({ name }) => name)).toEqual(
      't st dt protocol pbver pbcaps pbto pbsees pbkeys src srcuuid seq hg ts ld ttl'.split(' '),
    );
    const said = Object.fromEntries(status!.fields.map(({ name, value }) => [name, value]));
    expect(said).toMatchObject({
      t: 'status',
      st: 'init',
      dt: '12c',
      protocol: '1',
      src: 'node1',
      seq: '1',
      hg: '64',
      ttl: '3',
    });
    expect(said).toMatchObject({
      pbver: '1',
      pbcaps: 'holdings,configuration',
      pbto: '0',
      pbsees: 'init',
      ts: '6b49d200',
    });
  });

  it('say what was advertised, and say it at once when asked to', () => {
    const state = started('node1');
    const fields = [
      { name: 'pbhold', value: 'all' },
      { name: 'seq', value: 'ffff' },
      { name: 'dt', value: '1' },
    ];
    const advertised = { type: 'advertise', nowUs: ms(1010), status: 'active', deadtimeMs: 2000, fields } as const;
    expect(step(state, { ...advertised, immediately: false })).toEqual([]);
    const [status, ...more] = sentMessages(step(state, { ...advertised, immediately: true }));
    expect(more).toEqual([]);
    expect(['st', 'dt', 'pbhold', 'seq'].map((name) => textOf(status!, name))).toEqual(['active', '7d0', 'all', '2']);
    expect(status!.fields.filter(({ name }) => name === 'seq' || name === 'dt')).toHaveLength(2);
  });

  it('keep to the grid after a late timer, and are sent once, not in a burst', () => {
    const state = started('node1');
    expect(transportDeadline(state)).toBe(ms(1100));
    step(state, { type: 'timer', nowUs: ms(1101) });
    expect(transportDeadline(state)).toBe(ms(1200));
    expect(sentMessages(step(state, { type: 'timer', nowUs: ms(1399) }))).toHaveLength(1);
    expect(transportDeadline(state)).toBe(ms(1400));
    expect(sentMessages(step(state, { type: 'timer', nowUs: ms(1399) }))).toHaveLength(0);
  });

  it('leave without the extra fields when those would not fit', () => {
    const state = started('node1');
    const fields = [{ name: 'pbhold', value: 'x'.repeat(61_000) }];
    const effects = step(state, {
      type: 'advertise',
      nowUs: ms(1010),
      status: 'up',
      deadtimeMs: 300,
      fields,
      immediately: true,
    });
    const [status] = sentMessages(effects);
    expect(textOf(status!, 'st')).toBe('up');
    expect(textOf(status!, 'pbhold')).toBeUndefined();
    expect(textOf(status!, 'seq')).toBe('2');
    expect(effects.some((effect) => effect.type === 'log' && effect.message.code === 'message-not-sent')).toBe(true);
  });

  it('are signed with the new key from the moment the keys change', () => {
    const state = started('node1');
    const authentication = keys('sha512', 'another', 3);
    step(state, { type: 'keysChanged', authentication });
    const [effect] = step(state, { type: 'timer', nowUs: ms(1100) });
    expect(effect?.type === 'transmit' && textOf(messageIn(effect.bytes, authentication), 't')).toBe('status');
  });

  it('take time and load from the environment', () => {
    const state = started('node1');
    step(state, { type: 'environment', wallSeconds: 255, loadAverage: '9.99 1 1 1/1 1' });
    const [status] = sentMessages(step(state, { type: 'timer', nowUs: ms(1100) }));
    expect([textOf(status!, 'ts'), textOf(status!, 'ld')]).toEqual(['ff', '9.99 1 1 1/1 1']);
  });
});

describe('messages of the node', () => {
  it('leave on every link, numbered and addressed', () => {
    const pair = new Pair({ links: [linkA, linkB] }).start('node1', 'node2').run(ms(50));
    const dest = nodeName('node2');
    const message = messageOf('ip-request-resp', { ipaddr: '10.0.0.9', ok: 'OK', st: 'dead' });
    const effects = pair.give('node1', { type: 'send', nowUs: pair.nowUs, message, dest });
    expect(effects.map((effect) => effect.type === 'transmit' && effect.link)).toEqual([linkA, linkB]);
    const [sent] = sentMessages(effects);
    expect(sent!.fields.map(({ name }) => name)).toEqual(
      't dest ipaddr ok st pbver pbcaps pbto pbsees destuuid src srcuuid seq hg ts ld ttl'.split(' '),
    );
    expect(Buffer.from(bytesOf(sent!, 'destuuid')!).toString('hex')).toBe('22'.repeat(16));
    expect([textOf(sent!, 'pbto'), textOf(sent!, 'pbsees')]).toEqual(['64', 'up']);
  });

  it('cannot pretend to be keepalives or transport messages, nor bring their own stamp', () => {
    const state = started('node1');
    for (const type of ['status', 'NS_ackmsg'])
      expect(sentMessages(step(state, { type: 'send', nowUs: ms(1001), message: messageOf(type) }))).toEqual([]);
    const [sent] = sentMessages(
      step(state, {
        type: 'send',
        nowUs: ms(1001),
        message: messageOf('starting', { src: 'node9', seq: '1', auth: 'x' }),
      }),
    );
    expect(sent!.fields.filter(({ name }) => ['src', 'seq', 'auth'].includes(name)).map(({ value }) => value)).toEqual([
      'node1',
      '2',
    ]);
    expect(transportView(state).counters['not-sent']).toBe(2);
  });

  it('do not reach a node that they are not addressed to', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(50));
    const message = messageOf('ip-request-resp', { n: '1' });
    pair.give('node1', { type: 'send', nowUs: pair.nowUs, message, dest: nodeName('node1') });
    pair.give('node1', {
      type: 'send',
      nowUs: pair.nowUs,
      message: messageOf('ip-request-resp', { n: '2' }),
      dest: nodeName('node2'),
    });
    pair.run(ms(10));
    expect(pair.delivered('node2', 'ip-request-resp', 'n')).toEqual(['2']);
  });
});

describe('two nodes', () => {
  it('hear each other within a few milliseconds of the second start', () => {
    const pair = new Pair().start('node1').run(ms(1050)).start('node2').run(ms(20));
    const [first] = pair.heard('node1', 'peerHeard');
    expect(first!.event).toMatchObject({ node: 'node2', generation: 100, uuid: '22'.repeat(16), returning: false });
    expect(pair.heard('node2', 'peerHeard')).toHaveLength(1);
    expect(first!.atUs - ms(2050)).toBeLessThan(ms(5));
    expect(transportView(pair.members.node2.state)).toMatchObject({
      peer: { node: 'node1', heard: 'up', product: 'pairbeat', status: 'init', deadtimeMs: 300, missingMessages: 0 },
      links: [{ link: linkA, up: true }],
    });
  });

  it('hand every status to the node, after saying that the peer is heard', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(1010));
    const types = typesOf(pair.members.node1.effects);
    expect(types.slice(0, 3)).toEqual(['peerHeard', 'linkState', 'message status']);
    expect(pair.delivered('node1', 'status', 'seq').length).toBeGreaterThanOrEqual(10);
    expect(pair.delivered('node1', 'status', 'pbsees').at(-1)).toBe('up');
  });

  it('deliver a packet that arrives over two links once, and keep both links up', () => {
    const pair = new Pair({ links: [linkA, linkB] });
    pair.network = ({ link }) => [link === linkA ? 100 : 900];
    pair.start('node1', 'node2').run(ms(20));
    pair.send('node1', messageOf('resource', { n: '1' }));
    pair.run(ms(1000));
    expect(pair.delivered('node2', 'resource', 'n')).toEqual(['1']);
    expect(transportView(pair.members.node2.state).links.map(({ up }) => up)).toEqual([true, true]);
    const { counters } = transportView(pair.members.node2.state);
    expect(counters.duplicate).toBeGreaterThan(10);
    expect(counters.replay).toBeUndefined();
  });

  it('warn of a late heartbeat with the interval', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(550));
    pair.network = () => [];
    pair.run(ms(200));
    pair.network = () => [100];
    pair.run(ms(100));
    expect(pair.heard('node2', 'lateHeartbeat').map(({ event }) => event)).toMatchObject([
      { node: 'node1', intervalMs: 300 },
    ]);
  });

  it('give the same effects for the same seed and events', () => {
    const trace = () => {
      const pair = new Pair({ links: [linkA, linkB] });
      let turn = 0;
      pair.network = () => (turn++ % 3 === 0 ? [] : [100 + (turn % 7) * 300]);
      pair.start('node1', 'node2').run(ms(3000));
      return pair.recorded.map(({ nowUs, bytes }) => `${nowUs} ${Buffer.from(bytes).toString('latin1')}`);
    };
    expect(trace()).toEqual(trace());
  });
});

describe('a node without a peer', () => {
  it('keeps beating and believes nobody', () => {
    const { peer: _peer, ...alone } = optionsFor('node1');
    const state = createTransport(alone);
    step(state, { type: 'start', nowUs: 0 });
    const other = started('node2');
    const [effect] = step(other, { type: 'timer', nowUs: ms(1100) });
    const bytes = effect?.type === 'transmit' ? effect.bytes : new Uint8Array();
    expect(nodeEvents(step(state, { type: 'datagram', nowUs: ms(20), link: linkA, bytes, source: 'x' }))).toEqual([]);
    expect(transportView(state).counters['unknown-node']).toBe(1);
    expect(sentMessages(step(state, { type: 'timer', nowUs: ms(100) }))).toHaveLength(1);
  });
});
