/** L7: keys are changed on a running pair without losing a message; what no common key signs has no effect. */
import { describe, expect, it } from 'vitest';
import type {
  Authentication,
  AuthenticationKey,
  AuthenticationMethod,
} from '../../../src/core/config/configuration.ts';
import { judgeKeyChange } from '../../../src/core/transport/key-change.ts';
import { transportView } from '../../../src/core/transport/machine.ts';
import { messageOf } from '../../../src/core/transport/message.ts';
import { ms, Pair } from './harness.ts';

const old: AuthenticationKey = { index: 1, method: 'sha1', secret: 'the old one' };
const next: AuthenticationKey = { index: 2, method: 'sha512', secret: 'the new one' };
const file = (sendIndex: number, ...keys: AuthenticationKey[]): Authentication => ({ sendIndex, keys, weaknesses: [] });

type Name = 'node1' | 'node2';

/** `judged`: whether each step would have been let through. */
function rotated(steps: readonly (readonly [Name, Authentication])[]): Pair & { readonly judged: readonly boolean[] } {
  const pair = new Pair({ authentication: file(1, old) }).start('node1', 'node2').run(ms(500));
  const judged: boolean[] = [];
  steps.forEach(([name, authentication], index) => {
    judged.push(judgeKeyChange(pair.members[name].state, authentication).ok);
    pair.give(name, { type: 'keysChanged', authentication });
    for (const sender of ['node1', 'node2'] as const) pair.send(sender, messageOf('resource', { n: String(index) }));
    pair.run(ms(700));
  });
  return Object.assign(pair, { judged });
}

const orders: readonly (readonly [Name, Name])[] = [
  ['node1', 'node2'],
  ['node2', 'node1'],
];

const everyOrder = orders.flatMap((add) => orders.flatMap((sign) => orders.map((drop) => ({ add, sign, drop }))));
const methods: readonly AuthenticationMethod[] = ['sha512', 'aes256gcm', 'chacha20poly1305'];

describe('a change of keys', () => {
  it.each(methods.flatMap((method) => everyOrder.map((order) => ({ method, ...order }))))(
    'to $method loses nothing: $add add the key, $sign sign with it, $drop drop the old one',
    ({ method, add, sign, drop }) => {
      const later = { ...next, method };
      const steps = [
        ...add.map((name) => [name, file(1, old, later)] as const),
        ...sign.map((name) => [name, file(2, old, later)] as const),
        ...drop.map((name) => [name, file(2, later)] as const),
      ];
      const pair = rotated(steps);
      expect(pair.judged).toEqual(steps.map(() => true));
      for (const name of ['node1', 'node2'] as const) {
        expect(pair.delivered(name, 'resource', 'n')).toEqual(['0', '1', '2', '3', '4', '5']);
        expect(pair.heard(name, 'peerSilent')).toEqual([]);
        const { counters } = transportView(pair.members[name].state);
        expect([counters['unknown-key'], counters['bad-mac']]).toEqual([undefined, undefined]);
      }
    },
  );

  it('in the wrong order is counted, and undone by putting the key back', () => {
    const pair = rotated([['node1', file(2, next)]]);
    expect(pair.judged).toEqual([false]);
    expect(transportView(pair.members.node2.state).counters['unknown-key']).toBeGreaterThan(5);
    expect(pair.heard('node2', 'peerSilent')).toHaveLength(1);
    pair.give('node1', { type: 'keysChanged', authentication: file(1, old, next) });
    pair.run(ms(500));
    expect(pair.heard('node2', 'peerHeard').at(-1)!.event).toMatchObject({ returning: true });
  });

  it('signs a repeated message with the new key', () => {
    const pair = new Pair({ authentication: file(1, old) }).start('node1', 'node2').run(ms(520));
    for (const name of ['node1', 'node2'] as const)
      pair.give(name, { type: 'keysChanged', authentication: file(1, old, next) });
    pair.network = () => [];
    pair.send('node1', messageOf('resource', { n: 'lost' }));
    pair.network = () => [100];
    for (const name of ['node1', 'node2'] as const)
      pair.give(name, { type: 'keysChanged', authentication: file(2, next) });
    pair.run(ms(300));
    expect(pair.delivered('node2', 'resource', 'n')).toEqual(['lost']);
  });
});
