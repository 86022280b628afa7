import { describe, expect, it } from 'vitest';
import type { TransportEffect } from '../../../src/core/effects.ts';
import {
  createTransport,
  step,
  type TransportState,
  transportDeadline,
  transportView,
} from '../../../src/core/transport/machine.ts';
import { type Message, messageOf, textOf } from '../../../src/core/transport/message.ts';
import { openPacket } from '../../../src/core/transport/packet.ts';
import { sendControl } from '../../../src/core/transport/send.ts';
import { createSequenceWindow, takeSequence } from '../../../src/core/transport/sequence-window.ts';
import { agreeOnDeadtime, linkA, messageIn, ms, nodeEvents, optionsFor, Pair, sentMessages } from './harness.ts';
import { hashes, keys, readCaptures } from './support.ts';

const captures = new Map(readCaptures().map((capture) => [capture.name, capture]));

describe('the sequence window', () => {
  const take = (window: ReturnType<typeof createSequenceWindow>, sequence: number) =>
    takeSequence(window, sequence, () => 0);

  it('takes each number once, late ones only when they were missed', () => {
    const window = createSequenceWindow(5);
    expect([6, 6, 9, 7, 7, 5, 4, 8, 8, 10].map((sequence) => take(window, sequence))).toEqual([
      'next',
      'duplicate',
      'ahead',
      'filled',
      'duplicate',
      'duplicate',
      'duplicate',
      'filled',
      'duplicate',
      'next',
    ]);
  });

  it('gives up all missing ones when there are more than 250', () => {
    const window = createSequenceWindow(0);
    expect(take(window, 251)).toBe('ahead');
    expect(window.missing.size).toBe(250);
    expect(take(window, 253)).toBe('lost-track');
    expect(window.missing.size).toBe(0);
    expect(take(window, 100)).toBe('duplicate');
    expect(take(window, 2 ** 47)).toBe('lost-track');
  });
});

/** node2 hears `lost` too late: only the next packet shows that something is missing. */
function pairWithLoss(): Pair {
  const pair = new Pair().start('node1', 'node2').run(ms(520));
  pair.network = () => [];
  for (const n of ['1', '2', '3']) pair.send('node1', messageOf('resource', { n }));
  pair.network = () => [100];
  pair.send('node1', messageOf('resource', { n: '4' }));
  return pair;
}

function requests(pair: Pair): { atUs: number; message: Message }[] {
  return pair.recorded
    .filter(({ from }) => from === 'node2')
    .map(({ bytes, nowUs }) => ({ atUs: nowUs, message: messageIn(bytes) }))
    .filter(({ message }) => textOf(message, 't') === 'NS_rexmit');
}

describe('retransmission between Pairbeat nodes', () => {
  it('asks after 5 to 10 ms, for neighbours together where they are due together, and is answered at once', () => {
    const pair = pairWithLoss();
    const lostUs = pair.nowUs;
    pair.run(ms(15));
    expect(pair.delivered('node2', 'resource', 'n').toSorted()).toEqual(['1', '2', '3', '4']);
    for (const { atUs } of requests(pair)) {
      expect(atUs - lostUs).toBeGreaterThanOrEqual(ms(5));
      expect(atUs - lostUs).toBeLessThanOrEqual(ms(10) + 100);
    }
    expect(transportView(pair.members.node1.state).counters.retransmitted).toBe(3);
  });

  it('repeats the request each 50 ms, and ends after a while', () => {
    const pair = pairWithLoss();
    pair.run(200);
    pair.network = ({ from, bytes }) =>
      from === 'node2' && textOf(messageIn(bytes), 't') === 'NS_rexmit' ? [] : [100];
    pair.run(ms(2500));
    const forFirst = requests(pair).filter(
      ({ message }) => textOf(message, 'firstseq') === textOf(requests(pair)[0]!.message, 'firstseq'),
    );
    expect(forFirst.length).toBe(40);
    expect(forFirst[1]!.atUs - forFirst[0]!.atUs).toBe(ms(50));
    expect(transportView(pair.members.node2.state).counters['given-up']).toBe(3);
    expect(transportView(pair.members.node2.state).peer).toMatchObject({ missingMessages: 0, heard: 'up' });
  });

  it('does not ask when another copy arrives in time', () => {
    const pair = pairWithLoss();
    for (const delivery of pair.recorded.slice(-4, -1)) pair.at(ms(3), () => pair.arrive('node2', delivery));
    pair.run(ms(20));
    expect(pair.delivered('node2', 'resource', 'n').toSorted()).toEqual(['1', '2', '3', '4']);
    expect(requests(pair)).toEqual([]);
  });

  it('repeats the identical message with its number', () => {
    const pair = pairWithLoss();
    const original = pair.recorded.at(-4)!;
    const before = pair.recorded.length;
    pair.run(ms(15));
    const repeated = pair.recorded
      .slice(before)
      .filter(({ from }) => from === 'node1')
      .map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    expect(repeated).toContain(Buffer.from(original.bytes).toString('hex'));
  });

  it('forgets a message of which the owner says that it has it no more', () => {
    const pair = pairWithLoss();
    pair.run(200);
    const missing = [...pair.members.node2.state.peer!.window.missing.keys()];
    expect(missing).toHaveLength(3);
    const [first] = missing;
    // Written as the peer would write it: signed with the common key.
    const donor = pair.members.node1.state;
    const nak = controlFrom(donor, 'NS_nak_rexmit', { firstseq: first!.toString(16) });
    step(pair.members.node2.state, {
      type: 'datagram',
      nowUs: pair.nowUs,
      link: linkA,
      bytes: nak,
      source: 'node1:694',
    });
    expect(pair.members.node2.state.peer!.window.missing.has(first!)).toBe(false);
  });
});

/** Lets a transport sign a control message that it has no reason to send. */
function controlFrom(state: TransportState, type: string, fields: Record<string, string>): Uint8Array {
  const effects: TransportEffect[] = [];
  const list = Object.entries(fields).map(([name, value]) => ({ name, value }));
  sendControl({ state, nowUs: state.nowUs, effects }, type, state.options.peer!, list);
  const [first] = effects;
  return first?.type === 'transmit' ? first.bytes : new Uint8Array();
}

describe('messages of the transport itself', () => {
  it('change no membership, however old', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(500));
    const acknowledgement = controlFrom(pair.members.node1.state, 'NS_ackmsg', { ackseq: '2' });
    const { state } = pair.members.node2;
    pair.network = () => [];
    for (let round = 0; round < 20; round++) {
      pair.run(ms(50));
      expect(nodeEvents(pair.arrive('node2', { from: 'node1', link: linkA, bytes: acknowledgement }))).toEqual([]);
    }
    expect(pair.heard('node2', 'peerSilent')).toHaveLength(1);
    expect(transportView(state).links[0]!.up).toBe(false);
  });

  it('cannot make a node repeat more than 50 messages, nor one message twice within 25 ms, nor an acknowledged one', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(50));
    pair.network = () => [];
    for (let number = 0; number < 300; number++) pair.send('node1', messageOf('resource', { n: String(number) }));
    const ask = (first: number, last: number) => {
      const bytes = controlFrom(pair.members.node2.state, 'NS_rexmit', {
        firstseq: String(first),
        lastseq: String(last),
      });
      return sentMessages(pair.arrive('node1', { from: 'node2', link: linkA, bytes })).map((message) =>
        Number.parseInt(textOf(message, 'seq')!, 16),
      );
    };
    expect(ask(100, 300)).toEqual(Array.from({ length: 50 }, (_, index) => 100 + index));
    expect(ask(100, 149)).toEqual([]);
    expect(ask(1, 99_999_999_999_999)).toHaveLength(50);
    expect(ask(400, 500)).toEqual([]);
    pair.run(ms(26));
    const acknowledgement = controlFrom(pair.members.node2.state, 'NS_ackmsg', { ackseq: (120).toString(16) });
    pair.arrive('node1', { from: 'node2', link: linkA, bytes: acknowledgement });
    expect(ask(100, 125)).toEqual([121, 122, 123, 124, 125]);
  });
});

describe('with a real Heartbeat as peer', () => {
  /** Our node1 in the place of the real one, on the packets that the real node2 sent. */
  function replayed(name: string, local: 'node1' | 'node2', changes: { skip?: (sequence: number) => boolean } = {}) {
    const { packets, method } = captures.get(name)!;
    const localUuid = { node1: 'f297ed9f51264083af25872a2f6461bc', node2: 'f85a096d1ab744959c777ddd71818284' }[local];
    const state = createTransport(
      optionsFor(local, {
        authentication: keys(method),
        localUuid,
        messageFormat: 'classic',
        timing: { keepaliveMs: 100, deadtimeMs: 60_000, warntimeMs: 50_000, initdeadMs: 60_000, deadpingMs: 60_000 },
      }),
    );
    const effects: { atMs: number; effect: TransportEffect }[] = [];
    const give = (event: Parameters<typeof step>[1], atMs: number) =>
      effects.push(...step(state, event).map((effect) => ({ atMs, effect })));
    give({ type: 'start', nowUs: ms(1000) }, 0);
    for (const { atMs, from, bytes } of packets) {
      if (!from.endsWith(local === 'node1' ? '.2' : '.1')) continue;
      const nowUs = ms(1000 + atMs);
      for (let due = transportDeadline(state); due !== undefined && due <= nowUs; due = transportDeadline(state))
        give({ type: 'timer', nowUs: due }, due / 1000 - 1000);
      const opened = openPacket(bytes, keys(method), hashes);
      const sequence = opened.ok ? Number.parseInt(textOf(opened.value.message, 'seq') ?? '0', 16) : 0;
      if (changes.skip?.(sequence)) continue;
      give({ type: 'datagram', nowUs, link: linkA, bytes, source: from }, atMs);
      const persist = effects.at(-1)?.effect;
      if (persist?.type === 'persistPeerGeneration')
        give({ type: 'peerGenerationPersisted', nowUs, requestId: persist.requestId }, atMs);
    }
    const sent = effects.flatMap(({ atMs, effect }) =>
      effect.type === 'transmit' ? [{ atMs, message: messageIn(effect.bytes, keys(method)) }] : [],
    );
    return { state, sent, events: nodeEvents(effects.map(({ effect }) => effect)) };
  }

  it('hears its statuses and messages, acknowledges one in ten, and signs as it expects', () => {
    const { state, sent, events } = replayed('01-standby-all', 'node1');
    expect(transportView(state).peer).toMatchObject({
      product: 'heartbeat',
      heard: 'up',
      status: 'active',
      deadtimeMs: 500,
    });
    const types = events.flatMap((event) => (event.type === 'message' ? [textOf(event.message, 't')] : []));
    expect(types.filter((type) => type === 'ask_resources')).toHaveLength(2);
    const acknowledgements = sent.filter(({ message }) => textOf(message, 't') === 'NS_ackmsg');
    expect(acknowledgements.length).toBeGreaterThanOrEqual(4);
    expect(acknowledgements[0]!.message.fields.map(({ name }) => name)).toEqual(
      't dest ackseq pbver pbcaps pbto pbsees destuuid src srcuuid hg ts ttl auth'.split(' '),
    );
  });

  it('follows a restart to the higher generation', () => {
    const { events } = replayed('06-rejoin', 'node2');
    expect(events.flatMap((event) => (event.type === 'peerHeard' ? [event.generation.toString(16)] : []))).toContain(
      '6b007c26',
    );
  });

  it('asks for what was lost after 50 to 250 ms, in decimal numbers, again after 250 ms', () => {
    const lost = 0x95;
    const { sent } = replayed('01-standby-all', 'node1', { skip: (sequence) => sequence === lost });
    const asked = sent.filter(({ message }) => textOf(message, 't') === 'NS_rexmit');
    expect(asked.length).toBeGreaterThan(3);
    const [first, second] = asked;
    const noticed = captures.get('01-standby-all')!.packets.find(({ from, bytes }) => {
      const opened = openPacket(bytes, keys('sha1'), hashes);
      return from.endsWith('.2') && opened.ok && textOf(opened.value.message, 'seq') === '96';
    });
    expect(first!.atMs - noticed!.atMs).toBeGreaterThanOrEqual(50);
    expect(first!.atMs - noticed!.atMs).toBeLessThanOrEqual(250);
    expect([
      textOf(first!.message, 'firstseq'),
      textOf(first!.message, 'lastseq'),
      textOf(first!.message, 'dest'),
    ]).toEqual(['149', '149', 'node2']);
    expect(second!.atMs - first!.atMs).toBeCloseTo(250, 3);
  });

  /** What is repeated of 299 messages of a type, each with its number in `n`, when the packets of a capture ask. */
  function repeatedOf(type: string): { sequence: number; n: number }[] {
    const { packets } = captures.get('17-loss')!;
    const state = createTransport(
      optionsFor('node1', {
        authentication: keys('sha1'),
        localUuid: 'f297ed9f51264083af25872a2f6461bc',
        generation: 0x6b007c43,
      }),
    );
    step(state, { type: 'start', nowUs: ms(1000) });
    step(state, {
      type: 'advertise',
      nowUs: ms(1000),
      status: 'active',
      deadtimeMs: 60_000,
      fields: [],
      immediately: false,
    });
    agreeOnDeadtime(state, 60_000);
    for (let number = 2; number <= 300; number++)
      step(state, { type: 'send', nowUs: ms(1000), message: messageOf(type, { n: String(number) }) });
    const repeated: { sequence: number; n: number }[] = [];
    const requestsOfPeer = packets.filter((packet) => packet.from.endsWith('.2'));
    // A second copy 239 ms later must not be answered again.
    const copies = requestsOfPeer.map((packet) => ({ ...packet, atMs: packet.atMs + 239 }));
    const all = [...requestsOfPeer, ...copies].sort((left, right) => left.atMs - right.atMs);
    for (const { atMs, from, bytes } of all) {
      const nowUs = ms(1000 + atMs);
      const effects = step(state, { type: 'datagram', nowUs, link: linkA, bytes, source: from });
      const persist = effects.find((effect) => effect.type === 'persistPeerGeneration');
      if (persist?.type === 'persistPeerGeneration')
        step(state, { type: 'peerGenerationPersisted', nowUs, requestId: persist.requestId });
      for (const effect of effects) {
        const message = effect.type === 'transmit' ? messageIn(effect.bytes, keys('sha1')) : undefined;
        if (message === undefined || textOf(message, 't') !== type) continue;
        repeated.push({ sequence: Number.parseInt(textOf(message, 'seq')!, 16), n: Number(textOf(message, 'n')) });
      }
    }
    return repeated;
  }

  it('answers its request with the stored message', () => {
    expect(repeatedOf('ask_resources')).toEqual([238, 244, 256].map((number) => ({ sequence: number, n: number })));
  });

  it('never repeats an old statement of what is held, which would be its last word: the number carries the newest', () => {
    expect(repeatedOf('resource')).toEqual([238, 244, 256].map((number) => ({ sequence: number, n: 300 })));
  });
});
