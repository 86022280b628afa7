/** Sealed packets: frozen bytes that another implementation made, what a stranger sees of them, nonces that never repeat. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Authentication } from '../../../src/core/config/configuration.ts';
import { transportView } from '../../../src/core/transport/machine.ts';
import { messageOf } from '../../../src/core/transport/message.ts';
import { openPacket, sealPacket } from '../../../src/core/transport/packet.ts';
import { testAuthentication } from '../../../src/core/transport/self-test.ts';
import { ms, Pair } from './harness.ts';
import { hashes, keys } from './support.ts';

const methods = ['aes256gcm', 'chacha20poly1305'] as const;
const secret = 'a key that nobody can guess';
const nonce = { salt: Uint8Array.from({ length: 16 }, (_, index) => index), counter: 258 };
const message = messageOf('status', { st: 'up' });

/** Made by Python's `cryptography` from the description in docs/wire-protocol.md. */
const frozen = {
  aes256gcm:
    '4040400a37363a0107000102030405060708090a0b0c0d0e0f0000000000000102af74beeb26abb687fb3c207b7ceb4cc3f69d315529bcda4cd59bce387504dd9d8d8e4b8e2c179664e60ee89fd83c1c4f0cd52c',
  chacha20poly1305:
    '4040400a37363a0107000102030405060708090a0b0c0d0e0f00000000000001026af15f47e068060e1e789549736bcd4b1f1bcf4cec110913500d060f017ea693bd0530d9a97e522b31daf3df772556e2bb2f2c',
};

const packetOf = (method: (typeof methods)[number]) => new Uint8Array(Buffer.from(frozen[method], 'hex'));
const codeOf = (bytes: Uint8Array, authentication: Authentication) => {
  const opened = openPacket(bytes, authentication, hashes);
  return opened.ok ? 'opened' : opened.problem.code;
};

describe.each(methods)('%s', (method) => {
  const authentication = keys(method, secret, 7);

  it('makes and opens the frozen packet', () => {
    const sealed = sealPacket(message, authentication, hashes, 'netstring-with-auth', nonce);
    expect(sealed.ok && Buffer.from(sealed.value).toString('hex')).toBe(frozen[method]);
    const opened = openPacket(packetOf(method), authentication, hashes);
    expect(opened).toMatchObject({ ok: true, value: { keyIndex: 7, format: 'sealed', message } });
  });

  it('names the reason why it does not open', () => {
    const bytes = packetOf(method);
    const other = methods.find((name) => name !== method)!;
    expect(codeOf(bytes, keys(method, 'another key that nobody can guess', 7))).toBe('bad-mac');
    expect(codeOf(bytes, keys(other, secret, 7))).toBe('bad-mac');
    expect(codeOf(bytes, keys('sha256', secret, 7))).toBe('bad-mac');
    expect(codeOf(bytes, keys(method, secret, 1))).toBe('unknown-key');
    expect(codeOf(bytes.subarray(0, -1), authentication)).toBe('truncated');
    expect(codeOf(new Uint8Array([...bytes, 0]), authentication)).toBe('malformed');
  });

  it('does not believe a signature under the number of a key that seals', () => {
    const signed = sealPacket(message, keys('sha256', secret, 7), hashes, 'netstring');
    expect(signed.ok && codeOf(signed.value, authentication)).toBe('bad-mac');
    const classic = sealPacket(message, keys('sha256', secret, 7), hashes, 'classic');
    expect(classic.ok && codeOf(classic.value, authentication)).toBe('bad-mac');
  });

  it('opens no packet of which one byte was changed, cut off or added', () => {
    const original = [...packetOf(method)];
    const change = fc.record({
      kind: fc.constantFrom('flip', 'cut', 'insert'),
      at: fc.nat(original.length - 1),
      value: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ kind, at, value }) => {
        const [before, old, after] = [original.slice(0, at), original[at]!, original.slice(at + 1)];
        const changed =
          kind === 'flip'
            ? [...before, old ^ value, ...after]
            : kind === 'cut'
              ? before
              : [...before, value, old, ...after];
        expect(codeOf(new Uint8Array(changed), authentication)).not.toBe('opened');
      }),
      { numRuns: 3000 },
    );
  });

  it('joins a pair, and shows a stranger no name, no field and no number twice', () => {
    const pair = new Pair({ authentication }).start('node1', 'node2').run(ms(300));
    let turn = 0;
    pair.network = () => (turn++ % 4 === 0 ? [] : [100]);
    for (let number = 0; number < 20; number++) {
      pair.send('node1', messageOf('resource', { n: String(number) }));
      pair.run(ms(60));
    }
    pair.give('node1', { type: 'rejoin', nowUs: pair.nowUs, generation: 101 });
    pair.network = () => [100];
    pair.run(ms(600));
    expect(
      pair
        .delivered('node2', 'resource', 'n')
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual([...Array(20).keys()]);
    expect(pair.heard('node2', 'peerHeard').length).toBeGreaterThan(1);
    expect(transportView(pair.members.node1.state).counters.retransmitted).toBeGreaterThan(0);
    const packets = pair.recorded.map(({ bytes }) => Buffer.from(bytes));
    for (const bytes of packets)
      for (const word of ['node1', 'status', 'srcuuid', 'pbver']) expect(bytes.includes(word)).toBe(false);
    const seen = packets.map((bytes) =>
      bytes
        .subarray(bytes.indexOf(':') + 1)
        .subarray(0, 26)
        .toString('hex'),
    );
    expect(new Set(seen).size).toBe(packets.length);
  });

  it('is proved by the self-test, which notices what is broken', () => {
    expect(testAuthentication(authentication, hashes)).toEqual({ ok: true, value: undefined });
    const reasonWith = (change: Partial<typeof hashes>) => {
      const tested = testAuthentication(authentication, { ...hashes, ...change });
      return tested.ok ? 'passed' : tested.problem.fields['reason'];
    };
    const careless: typeof hashes.open = (...args) =>
      hashes.open(...args) ?? new TextEncoder().encode('###\n6:(0)t=a,%%%\n');
    expect(reasonWith({ open: careless })).toBe('wrong-key-accepted');
    expect(reasonWith({ open: () => undefined })).toBe('right-key-rejected');
    expect(reasonWith({ derive: (_secret, _info, bytes) => new Uint8Array(bytes) })).toBe('wrong-result');
  });
});

it('the self-test passes for every signing method, and notices a hash that ignores its key', () => {
  for (const method of ['md5', 'sha1', 'sha256', 'sha512'] as const) {
    expect(testAuthentication(keys(method), hashes).ok).toBe(true);
    const hmac: typeof hashes.hmac = (name, _secret, bytes) => hashes.hmac(name, secret, bytes);
    const tested = testAuthentication(keys(method), { ...hashes, hmac });
    expect(!tested.ok && tested.problem.fields['reason']).toBe('wrong-key-accepted');
  }
  expect(testAuthentication(keys('crc', ''), hashes)).toEqual({ ok: true, value: undefined });
});

it('salts differ between incarnations, restarts and machines set back to a snapshot', () => {
  const salts = [
    { entropy: 'a', generation: 100 },
    { entropy: 'b', generation: 100 },
    { entropy: 'a', generation: 101 },
  ].map(({ entropy, generation }) => {
    const pair = new Pair({ authentication: keys('aes256gcm', secret), entropy, generation }).start('node1');
    return Buffer.from(pair.members.node1.state.sealing.salt).toString('hex');
  });
  expect(new Set(salts).size).toBe(3);
});
