import { describe, expect, it } from 'vitest';
import { largeNewBytesPerSecond } from '../../../src/core/transport/admission.ts';
import type { Hashes } from '../../../src/core/transport/mac.ts';
import { step, type TransportOptions, transportView } from '../../../src/core/transport/machine.ts';
import { messageOf, textOf } from '../../../src/core/transport/message.ts';
import { sealPacket } from '../../../src/core/transport/packet.ts';
import { nodeZlib } from '../../../src/io/zlib.ts';
import { linkA, messageIn, ms, nodeEvents, Pair, started } from './harness.ts';
import { hashes, keys } from './support.ts';

/** Right shape, wrong MAC: the costliest garbage. */
function garbage(bytes = 300): Uint8Array {
  return new TextEncoder().encode(`###\n${'x'.repeat(bytes)}%%%\n66:1 ${'a'.repeat(64)},`);
}

function counted() {
  let calls = 0;
  const counting: Hashes = {
    ...hashes,
    hmac: (...args) => {
      calls++;
      return hashes.hmac(...args);
    },
  };
  return { counting, calls: () => calls };
}

describe('a flood of garbage', () => {
  it('from one source costs a bounded number of hashes a second', () => {
    const { counting, calls } = counted();
    const state = started('node2', { hashes: counting });
    const before = calls();
    const packet = { type: 'datagram', link: linkA, bytes: garbage(), source: '10.9.9.9:1000' } as const;
    for (let number = 0; number < 20_000; number++) step(state, { ...packet, nowUs: ms(1000) + number });
    expect(calls() - before).toBeLessThanOrEqual(510);
    expect(transportView(state).counters['rate-limited']).toBeGreaterThan(19_000);
  });

  it('of sealed packets under ever new salts costs as much time: a quarter of as many', () => {
    let opened = 0;
    const open: Hashes['open'] = () => {
      opened++;
      return undefined;
    };
    const authentication = keys('aes256gcm', 'a key that nobody can guess');
    const state = started('node2', { authentication, hashes: { ...hashes, open } });
    const sealed = sealPacket(messageOf('status'), authentication, hashes, 'netstring', {
      salt: new Uint8Array(16),
      counter: 1,
    });
    const bytes = sealed.ok ? sealed.value : new Uint8Array(0);
    for (let number = 0; number < 20_000; number++)
      step(state, { type: 'datagram', nowUs: ms(1000) + number, link: linkA, bytes, source: '10.9.9.9:1000' });
    expect(opened).toBeGreaterThan(100);
    // A quarter of the source's budget, and as much of the one for what nobody can check.
    expect(opened).toBeLessThanOrEqual(2 * 130);
  });

  it('from ever new sources, large or small, is bounded too, and so is what is remembered', () => {
    const { counting, calls } = counted();
    const state = started('node2', { hashes: counting });
    const before = calls();
    for (let number = 0; number < 60_000; number++) {
      step(state, { type: 'datagram', nowUs: ms(1000), link: linkA, bytes: garbage(4000), source: `10.9.${number}:1` });
    }
    expect(calls() - before).toBeLessThanOrEqual(500);
    expect(state.accounts.admission.sources.size).toBeLessThanOrEqual(64);
  });

  it('under the address of the peer never hides the peer', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(500));
    const { state } = pair.members.node2;
    const flood = garbage();
    for (let round = 0; round < 20; round++) {
      for (let number = 0; number < 1000; number++) {
        step(state, { type: 'datagram', nowUs: pair.nowUs, link: linkA, bytes: flood, source: 'node1:694' });
      }
      pair.run(ms(50));
    }
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    expect(pair.heard('node2', 'lateHeartbeat')).toEqual([]);
    const { 'bad-mac': opened, 'rate-limited': limited } = transportView(state).counters;
    expect(opened).toBeLessThanOrEqual(1_100);
    expect(limited).toBe(20_000 - opened!);
  });

  it('from ever new sources does not make the peer a stranger', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(500));
    const { state } = pair.members.node2;
    for (let number = 0; number < 200; number++) {
      step(state, { type: 'datagram', nowUs: pair.nowUs, link: linkA, bytes: garbage(), source: `10.9.0.${number}:1` });
    }
    expect(state.accounts.admission.sources.get('node1:694')?.trustedUs).toBeDefined();
  });

  it('of large packets under the address of the peer is limited, without hiding the peer', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(500));
    const { state } = pair.members.node2;
    const flood = garbage(60_000);
    for (let number = 0; number < 5000; number++) {
      step(state, { type: 'datagram', nowUs: pair.nowUs, link: linkA, bytes: flood, source: 'node1:694' });
    }
    pair.run(ms(1000));
    expect(transportView(state).counters['rate-limited']).toBeGreaterThan(4_000);
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
  });

  it('does not hide a peer that comes up in the middle of it, under its address', () => {
    const state = started('node2');
    for (let number = 0; number < 6000; number++) {
      step(state, { type: 'datagram', nowUs: ms(1000), link: linkA, bytes: garbage(), source: 'node1:694' });
    }
    const pair = new Pair().start('node1');
    const status = pair.recorded[0]!.bytes;
    const effects = step(state, { type: 'datagram', nowUs: ms(1000), link: linkA, bytes: status, source: 'node1:694' });
    expect(effects.map(({ type }) => type)).toContain('persistPeerGeneration');
    expect(
      nodeEvents(step(state, { type: 'peerGenerationPersisted', nowUs: ms(1001), requestId: 1 }))[0],
    ).toMatchObject({ type: 'peerHeard' });
  });
});

describe('a flood of packets that are genuine, and have been here before', () => {
  const flooded = (pair: Pair, packets: readonly { readonly bytes: Uint8Array }[], source: string): number => {
    const { state } = pair.members.node2;
    for (let round = 0; round < 20; round++) {
      for (let number = 0; number < 1000; number++) {
        const { bytes } = packets[number % packets.length]!;
        step(state, { type: 'datagram', nowUs: pair.nowUs, link: linkA, bytes, source });
      }
      pair.run(ms(50));
    }
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    expect(pair.heard('node2', 'lateHeartbeat')).toEqual([]);
    return transportView(state).counters['rate-limited'] ?? 0;
  };
  const sealing = { authentication: keys('aes256gcm', 'a key that nobody can guess') };

  it.each([
    ['signed', 'the address of the peer', 'node1:694', {}],
    ['signed', 'an address of its own', '10.9.9.9:1', {}],
    ['classic', 'the address of the peer', 'node1:694', { messageFormat: 'classic' }],
    ['classic', 'an address of its own', '10.9.9.9:1', { messageFormat: 'classic' }],
    ['sealed', 'the address of the peer', 'node1:694', sealing],
    ['sealed', 'an address of its own', '10.9.9.9:1', sealing],
  ] as const)('%s, from %s, is not opened beyond the budget and hides nobody', (_form, _from, source, options) => {
    const pair = new Pair(options).start('node1', 'node2').run(ms(500));
    const packets = pair.recorded.filter(({ from }) => from === 'node1');
    expect(flooded(pair, packets, source)).toBeGreaterThan(18_000);
  });

  it("and this node's own, reflected, as well", () => {
    const pair = new Pair().start('node1', 'node2').run(ms(500));
    const packets = pair.recorded.filter(({ from }) => from === 'node2');
    expect(flooded(pair, packets, 'node2:694')).toBeGreaterThan(18_000);
  });

  it('is over when it is over: a message that was missing is taken when it comes', () => {
    const pair = new Pair().start('node1', 'node2').run(ms(500));
    const { state } = pair.members.node2;
    const packets = pair.recorded.filter(({ from }) => from === 'node1');
    expect(flooded(pair, packets, 'node1:694')).toBeGreaterThan(18_000);
    const peer = state.peer!;
    const sequence = peer.window.last;
    peer.window.missing.set(sequence, { nextRequestUs: pair.nowUs + ms(10_000), requests: 0 });
    const missed = pair.recorded.find(
      ({ from, bytes }) => from === 'node1' && textOf(messageIn(bytes), 'seq') === sequence.toString(16),
    )!;
    step(state, { type: 'datagram', nowUs: pair.nowUs, link: linkA, bytes: missed.bytes, source: 'node1:694' });
    expect(peer.window.missing.has(sequence)).toBe(false);
  });
});

describe('a peer whose keepalives are large', () => {
  const sealing = { authentication: keys('aes256gcm', 'a key that nobody can guess') };
  const classic = { messageFormat: 'classic' } as const;
  const compressed = {
    zlib: nodeZlib,
    compression: { algorithm: 'zlib', thresholdBytes: 1024, wholeMessage: true },
    capabilities: ['zlib'],
  } as const;
  /** Does not become small by compression. */
  const groups = (bytes: number) =>
    Array.from({ length: bytes / 4 }, (_, at) => ((at * 2_654_435_761) % 65_536).toString(16).padStart(4, '0')).join(
      '',
    );

  function advertising(bytes: number, options: Partial<TransportOptions>, ...names: ('node1' | 'node2')[]): Pair {
    const pair = new Pair(options).start(...names);
    advertise(pair, bytes);
    return pair;
  }

  function advertise(pair: Pair, bytes: number): void {
    const fields = [{ name: 'pbhold', value: groups(bytes) }];
    pair.give('node1', {
      type: 'advertise',
      nowUs: pair.nowUs,
      status: 'up',
      deadtimeMs: 300,
      fields,
      immediately: true,
    });
  }

  /** Two thousand packets a second for two seconds. */
  function flood(pair: Pair, bytes: Uint8Array): void {
    const { state } = pair.members.node2;
    for (let round = 0; round < 40; round++) {
      for (let number = 0; number < 100; number++) {
        step(state, { type: 'datagram', nowUs: pair.nowUs, link: linkA, bytes, source: 'node1:694' });
      }
      pair.run(ms(50));
    }
  }

  it.each([
    ['netstrings', 2_200, {}],
    ['netstrings', 56_000, {}],
    ['sealed', 2_200, sealing],
    ['sealed', 56_000, sealing],
    ['classic', 200, classic],
    ['classic', 5_000, classic],
    ['compressed', 8_000, compressed],
  ])('is heard beside a flood of small forged packets under its address: %s, %i bytes', (_form, bytes, options) => {
    const pair = advertising(bytes, options, 'node1', 'node2').run(ms(500));
    flood(pair, garbage());
    expect(pair.recorded.findLast(({ from }) => from === 'node1')!.bytes.length).toBeGreaterThan(bytes / 2);
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    expect(pair.heard('node2', 'lateHeartbeat')).toEqual([]);
    expect(transportView(pair.members.node2.state).counters['rate-limited']).toBeGreaterThan(2_000);
  });

  it('is heard beside a flood of its own packets, repeated', () => {
    const pair = advertising(2_200, {}, 'node1', 'node2').run(ms(500));
    const last = pair.recorded.findLast(({ from }) => from === 'node1')!;
    flood(pair, last.bytes);
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
    expect(transportView(pair.members.node2.state).counters['rate-limited']).toBeGreaterThan(2_000);
  });

  it('is heard when it comes up in the middle of a flood', () => {
    const pair = advertising(2_200, {}, 'node2');
    const { state } = pair.members.node2;
    for (let number = 0; number < 6000; number++) {
      step(state, { type: 'datagram', nowUs: pair.nowUs, link: linkA, bytes: garbage(), source: 'node1:694' });
    }
    pair.run(ms(300));
    pair.start('node1');
    advertise(pair, 2_200);
    flood(pair, new TextEncoder().encode('###\n10:(0)src=who,%%%\n'));
    expect(pair.heard('node2', 'peerHeard')).toHaveLength(1);
    expect(pair.heard('node2', 'peerSilent')).toEqual([]);
  });

  it.each([2_200, 56_000])('costs a bounded number of bytes a second when it is forged as news: %i bytes', (bytes) => {
    let hashed = 0;
    const counting: Hashes = {
      ...hashes,
      hmac: (method, secret, input) => {
        hashed += input.length;
        return hashes.hmac(method, secret, input);
      },
    };
    const pair = advertising(bytes, { hashes: counting }, 'node1', 'node2').run(ms(500));
    const { state } = pair.members.node2;
    let forged: Uint8Array = new Uint8Array(0);
    pair.network = (delivery) => {
      if (delivery.from === 'node1') forged = delivery.bytes.slice();
      return [];
    };
    pair.run(ms(100));
    // One digit of its MAC.
    forged[forged.length - 3] = forged[forged.length - 3] === 0x30 ? 0x31 : 0x30;
    const before = hashed;
    for (let number = 0; number < 20_000; number++) {
      step(state, { type: 'datagram', nowUs: pair.nowUs, link: linkA, bytes: forged, source: 'node1:694' });
    }
    const ofTheSource = 500 * 2_048;
    expect(hashed - before).toBeLessThanOrEqual(largeNewBytesPerSecond + ofTheSource);
    expect(hashed - before).toBeGreaterThan(largeNewBytesPerSecond - forged.length);
  });
});
