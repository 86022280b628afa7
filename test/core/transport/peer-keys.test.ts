/** Each node says which keys it accepts, so that everybody can tell what a change of keys would do. */
import { describe, expect, it } from 'vitest';
import type { Authentication, AuthenticationKey } from '../../../src/core/config/configuration.ts';
import { judgeKeyChange } from '../../../src/core/transport/key-change.ts';
import { decodeKeyStatement } from '../../../src/core/transport/key-statement.ts';
import { step, transportView } from '../../../src/core/transport/machine.ts';
import { type Message, textOf } from '../../../src/core/transport/message.ts';
import { openPacket, sealPacket } from '../../../src/core/transport/packet.ts';
import { linkA, messageIn, ms, Pair, started, uuids } from './harness.ts';
import { hashes } from './support.ts';

const old: AuthenticationKey = { index: 1, method: 'sha1', secret: 'the old one, long enough' };
const next: AuthenticationKey = { index: 2, method: 'aes256gcm', secret: 'the new one, long enough' };
const fake: AuthenticationKey = { ...next, secret: 'mistyped' };
const file = (sendIndex: number, ...list: AuthenticationKey[]): Authentication => ({
  sendIndex,
  keys: list,
  weaknesses: [],
});

function pairWith(node1: Authentication, node2: Authentication): Pair {
  const pair = new Pair({ authentication: file(1, old) });
  pair.give('node1', { type: 'keysChanged', authentication: node1 });
  pair.give('node2', { type: 'keysChanged', authentication: node2 });
  return pair.start('node1', 'node2').run(ms(500));
}

const keysSeenBy = (pair: Pair, name: 'node1' | 'node2') => transportView(pair.members[name].state).peer?.keys;

describe('pbkeys', () => {
  it('says what the peer signs with and accepts, and whether it is the same key', () => {
    const pair = pairWith(file(1, old, next), file(1, old, fake, { ...old, index: 3 }));
    expect(keysSeenBy(pair, 'node1')).toEqual({
      signsWith: 1,
      accepts: [
        { index: 1, method: 'sha1', agreement: 'same' },
        { index: 2, method: 'aes256gcm', agreement: 'other' },
        { index: 3, method: 'sha1', agreement: 'unknown' },
      ],
    });
    pair.give('node2', { type: 'keysChanged', authentication: file(2, old, next) });
    pair.run(ms(200));
    expect(keysSeenBy(pair, 'node1')).toEqual({
      signsWith: 2,
      accepts: [
        { index: 1, method: 'sha1', agreement: 'same' },
        { index: 2, method: 'aes256gcm', agreement: 'same' },
      ],
    });
  });

  it('compares methods as well: the same word under another method is another key', () => {
    const pair = pairWith(file(1, old, next), file(1, old, { ...next, method: 'sha256' }));
    expect(keysSeenBy(pair, 'node1')?.accepts?.[1]).toEqual({ index: 2, method: 'sha256', agreement: 'other' });
  });

  it('stays right when either node becomes a new incarnation', () => {
    const pair = pairWith(file(1, old, next), file(1, old, next));
    const before = pair.members.node2.state.peer?.keys?.text;
    for (const name of ['node1', 'node2'] as const) {
      pair.give(name, { type: 'rejoin', nowUs: pair.nowUs, generation: 200 });
      pair.run(ms(500));
    }
    expect(keysSeenBy(pair, 'node2')?.accepts?.map(({ agreement }) => agreement)).toEqual(['same', 'same']);
    // The same secrets, and not one fingerprint in common.
    const after = pair.members.node2.state.peer?.keys?.text ?? '';
    const prints = (text = '') =>
      text
        .split(' ')
        .slice(1)
        .map((word) => word.split(':')[2]);
    expect(prints(after)).toHaveLength(2);
    for (const print of prints(after)) expect(prints(before)).not.toContain(print);
  });

  it('carries no secret, and costs no hash while nothing changes', () => {
    let calls = 0;
    const counting = {
      ...hashes,
      hmac: (...args: Parameters<typeof hashes.hmac>) => {
        calls++;
        return hashes.hmac(...args);
      },
    };
    const state = started('node1', {
      authentication: file(1, { ...old, method: 'crc' as const }, next),
      hashes: counting,
    });
    const beat = (atMs: number) => step(state, { type: 'timer', nowUs: ms(atMs) });
    beat(1100);
    const before = calls;
    for (let atMs = 1200; atMs <= 2000; atMs += 100) beat(atMs);
    expect(calls).toBe(before);
    expect(state.keysSaid?.text).toMatch(/^1 1:crc:[0-9a-f]{12} 2:aes256gcm:[0-9a-f]{12}$/);
  });

  it.each([
    '',
    '1',
    'x 1:sha1:0123456789ab',
    '1 1:sha1',
    '1 1:sha1:0123',
    '1 111:sha1:0123456789ab',
    '1  1:sha1:0123456789ab',
  ])('takes no nonsense: %j', (text) => expect(decodeKeyStatement(text)).toBeUndefined());

  it('takes no more keys than there are numbers', () => {
    const many = (count: number) => `1 ${Array.from({ length: count }, () => '1:sha1:0123456789ab').join(' ')}`;
    expect(decodeKeyStatement(many(16))?.accepts).toHaveLength(16);
    expect(decodeKeyStatement(many(17))).toBeUndefined();
  });
});

describe('a change of authkeys', () => {
  const verdict = (pair: Pair, authentication: Authentication) => {
    const judged = judgeKeyChange(pair.members.node1.state, authentication);
    return judged.ok ? 'fine' : judged.problem.code;
  };

  it('is refused where it would cut the pair, and only there', () => {
    const before = pairWith(file(1, old), file(1, old));
    expect(verdict(before, file(1, old, next))).toBe('fine');
    expect(verdict(before, file(2, old, next))).toBe('keys-peer-lacks');
    expect(verdict(before, file(2, next))).toBe('keys-drop-peers-key');
    expect(verdict(before, file(1, { ...old, secret: 'another' }))).toBe('keys-drop-peers-key');
    expect(verdict(before, file(1, { ...old, method: 'sha256' }))).toBe('keys-drop-peers-key');

    const both = pairWith(file(1, old, next), file(1, old, next));
    expect(verdict(both, file(2, old, next))).toBe('fine');
    expect(verdict(both, file(2, old, fake))).toBe('keys-peer-differs');
    expect(verdict(both, file(2, next))).toBe('keys-drop-peers-key');
    expect(verdict(both, file(1, old))).toBe('fine');

    const signing = pairWith(file(2, old, next), file(2, old, next));
    expect(verdict(signing, file(2, next))).toBe('fine');
    expect(verdict(signing, file(1, old))).toBe('keys-drop-peers-key');

    const dropped = pairWith(file(2, old, next), file(2, next));
    expect(verdict(dropped, file(1, old, next))).toBe('keys-peer-lacks');
    expect(verdict(dropped, file(2, next))).toBe('fine');
  });

  it('is judged by the last word of a peer that has fallen silent, and not at all before the first', () => {
    const pair = pairWith(file(1, old), file(1, old));
    pair.network = () => [];
    pair.run(ms(1000));
    expect(verdict(pair, file(2, old, next))).toBe('keys-peer-lacks');
    const lonely = new Pair({ authentication: file(1, old) }).start('node1').run(ms(500));
    expect(verdict(lonely, file(2, next))).toBe('fine');
  });
});

describe('a real Heartbeat as peer', () => {
  /** What it sends says nothing of Pairbeat. */
  function heartbeatSays(sequence: number, key: AuthenticationKey): Uint8Array {
    const message: Message = {
      fields: [
        ...Object.entries({ t: 'status', st: 'active', dt: '7530', protocol: '1', src: 'node1' }).map(
          ([name, value]) => ({
            name,
            value,
          }),
        ),
        { name: 'srcuuid', value: new Uint8Array(Buffer.from(uuids.node1, 'hex')) },
        ...Object.entries({ seq: sequence.toString(16), hg: '64', ts: '5f5e1000', ttl: '3' }).map(([name, value]) => ({
          name,
          value,
        })),
      ],
    };
    const sealed = sealPacket(message, file(key.index, key), hashes, 'netstring-with-auth');
    if (!sealed.ok) throw new Error(sealed.problem.code);
    return sealed.value;
  }

  function joined(authentication: Authentication, peersKey: AuthenticationKey) {
    const state = started('node2', { authentication, messageFormat: 'classic' });
    const hear = (sequence: number, key = peersKey) =>
      step(state, {
        type: 'datagram',
        nowUs: ms(1000 + sequence),
        link: linkA,
        bytes: heartbeatSays(sequence, key),
        source: 'a',
      });
    hear(1);
    const { requestId } = state.peer!.pending!;
    const effects = step(state, { type: 'peerGenerationPersisted', nowUs: ms(1002), requestId });
    return { state, hear, effects };
  }

  const second: AuthenticationKey = { index: 2, method: 'md5', secret: 'the second one, long enough' };
  const formatsOf = (effects: ReturnType<typeof step>, authentication: Authentication) =>
    effects.flatMap((effect) => {
      if (effect.type !== 'transmit') return [];
      const opened = openPacket(effect.bytes, authentication, hashes);
      return opened.ok ? [`${opened.value.format} ${opened.value.keyIndex}`] : [opened.problem.code];
    });

  it('is spoken to in the classic form while it signs with another key, from the first answer on', () => {
    const authentication = file(2, old, second);
    const { state, hear, effects } = joined(authentication, old);
    expect(formatsOf(effects, authentication)).toEqual(['classic 2']);
    hear(2, second);
    const later = step(state, { type: 'timer', nowUs: ms(1200) });
    expect(formatsOf(later, authentication)).toEqual(['netstring 2']);
    expect(
      textOf(
        messageIn((later.find(({ type }) => type === 'transmit') as { bytes: Uint8Array }).bytes, authentication),
        'auth',
      ),
    ).toMatch(/^2 /);
  });

  it('is never asked to read what it cannot, and does not say what it accepts', () => {
    const { state } = joined(file(1, old, second), old);
    expect(transportView(state).peer?.keys).toEqual({ signsWith: 1 });
    const codeOf = (authentication: Authentication) => {
      const judged = judgeKeyChange(state, authentication);
      return judged.ok ? 'fine' : judged.problem.code;
    };
    expect(codeOf(file(2, old, next))).toBe('keys-heartbeat-cannot');
    expect(codeOf(file(2, old, { ...second, method: 'sha256' }))).toBe('keys-heartbeat-cannot');
    expect(codeOf(file(2, old, second))).toBe('keys-peer-does-not-say');
    expect(codeOf(file(2, second))).toBe('keys-drop-peers-key');
    expect(codeOf(file(1, old))).toBe('fine');
  });

  it.each([
    [next, ['peer-cannot-read-us']],
    [{ ...second, method: 'sha512' as const }, ['peer-cannot-read-us']],
    [second, []],
  ])('is told of when it cannot read us: %j', (key, codes) => {
    const { effects } = joined(file(key.index, old, key), old);
    const errors = effects.flatMap((effect) =>
      effect.type === 'log' && effect.level === 'error' ? [effect.message.code] : [],
    );
    expect(errors).toEqual(codes);
  });

  it('a Pairbeat peer that signs with another key is not', () => {
    const pair = pairWith(file(2, old, second), file(1, old, second));
    const last = pair.recorded.filter(({ from }) => from === 'node1').at(-1)!;
    const opened = openPacket(last.bytes, file(2, old, second), hashes);
    expect(opened).toMatchObject({ ok: true, value: { format: 'netstring', keyIndex: 2 } });
  });
});
