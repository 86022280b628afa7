/** Packets that are right in all but one thing: nothing of what they say may reach the node. */
import { describe, expect, it } from 'vitest';
import type { AuthenticationMethod } from '../../../src/core/config/configuration.ts';
import { transportView } from '../../../src/core/transport/machine.ts';
import { type Message, messageOf } from '../../../src/core/transport/message.ts';
import { sealPacket } from '../../../src/core/transport/packet.ts';
import { nodeName } from '../../../src/core/types.ts';
import { arrive, digestOf, linkA, messageIn, ms, nodeEvents, Pair, recordedPair, started, uuids } from './harness.ts';
import { hashes, keys } from './support.ts';

/** What node1 would say next, number and all; node2 has not heard it. */
function nextOfNode1(message: Message): { readonly pair: Pair; readonly said: Message; readonly bytes: Uint8Array } {
  const pair = new Pair().start('node1', 'node2').run(ms(500));
  pair.network = () => [];
  pair.send('node1', message);
  const { bytes } = pair.recorded.at(-1)!;
  return { pair, said: messageIn(bytes), bytes };
}

function signed(message: Message, method: AuthenticationMethod, secret?: string): Uint8Array {
  const sealed = sealPacket(message, keys(method, secret), hashes, 'netstring');
  if (!sealed.ok) throw new Error(sealed.problem.code);
  return sealed.value;
}

describe('a farewell', () => {
  it('is heard from the peer', () => {
    const { pair, bytes } = nextOfNode1(messageOf('shutdone'));
    const effects = arrive(pair.members.node2.state, { link: linkA, bytes }, pair.nowUs);
    expect(nodeEvents(effects)).toMatchObject([{ type: 'message' }]);
  });

  it('of somebody who does not know the key has no effect (S15)', () => {
    const { pair, said } = nextOfNode1(messageOf('shutdone'));
    const { state } = pair.members.node2;
    const before = digestOf(state);
    const effects = arrive(state, { link: linkA, bytes: signed(said, 'sha256', 'guessed') }, pair.nowUs);
    expect(nodeEvents(effects)).toEqual([]);
    expect(digestOf(state)).toBe(before);
    expect(transportView(state).counters['bad-mac']).toBe(1);
  });
});

it.each(['crc', 'md5', 'sha1', 'sha512'] as const)(
  'a packet under the right number and word, but signed by %s where the key says sha256, has no effect (S15)',
  (method) => {
    const { pair, said } = nextOfNode1(messageOf('resource', { n: '1' }));
    const { state } = pair.members.node2;
    const before = digestOf(state);
    const effects = arrive(state, { link: linkA, bytes: signed(said, method) }, pair.nowUs);
    expect(nodeEvents(effects)).toEqual([]);
    expect(digestOf(state)).toBe(before);
    expect(transportView(state).counters['bad-mac']).toBe(1);
  },
);

it('a peer that was installed anew and has another uuid is not replaced by a recording of what it was before (S16)', () => {
  const persistedPeers = [
    { node: nodeName('node1'), uuid: uuids.node1, generation: 100 },
    { node: nodeName('node1'), uuid: '33'.repeat(16), generation: 5 },
  ];
  const { recorded, nowUs } = recordedPair();
  const state = started('node2', { persistedPeers }, nowUs);
  const before = digestOf(state);
  const ofNode1 = recorded.filter(({ from }) => from === 'node1');
  for (const delivery of ofNode1) expect(nodeEvents(arrive(state, { ...delivery, link: linkA }, nowUs))).toEqual([]);
  expect(digestOf(state)).toBe(before);
  expect(transportView(state).counters['stale-generation']).toBe(ofNode1.length);
});
