/** The system's cryptography against the published vectors: RFC 5869, RFC 8439, and the GCM specification's case 16. */
import { describe, expect, it } from 'vitest';
import { nodeHashes } from '../../src/io/hashes.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array | undefined) => value && Buffer.from(value).toString('hex');

const vectors = {
  aes256gcm: {
    key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
    nonce: 'cafebabefacedbaddecaf888',
    clear: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plain:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    sealed:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
      '76fc6ece0f4e1768cddf8853bb2d551b',
  },
  chacha20poly1305: {
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    nonce: '070000004041424344454647',
    clear: '50515253c0c1c2c3c4c5c6c7',
    plain: Buffer.from(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    ).toString('hex'),
    sealed:
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b' +
      '1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
      '3ff4def08e4b7a9de576d26586cec64b6116' +
      '1ae10b594f09e26a7e902ecbd0600691',
  },
} as const;

describe.each(Object.entries(vectors))('%s', (name, vector) => {
  const method = name as keyof typeof vectors;
  const [key, nonce, clear] = [bytes(vector.key), bytes(vector.nonce), bytes(vector.clear)];

  it('seals as its specification says', () => {
    expect(hex(nodeHashes.seal(method, key, nonce, bytes(vector.plain), clear))).toBe(vector.sealed);
    expect(hex(nodeHashes.open(method, key, nonce, bytes(vector.sealed), clear))).toBe(vector.plain);
  });

  it('opens nothing of which one bit was changed, nor what is too short for a tag', () => {
    for (let at = 0; at < vector.sealed.length / 2; at++) {
      const changed = bytes(vector.sealed);
      changed[at]! ^= 1 << (at % 8);
      expect(nodeHashes.open(method, key, nonce, changed, clear)).toBeUndefined();
    }
    const other = bytes(vector.clear);
    other[0]! ^= 1;
    expect(nodeHashes.open(method, key, nonce, bytes(vector.sealed), other)).toBeUndefined();
    for (const length of [0, 1, 15, 16])
      expect(nodeHashes.open(method, key, nonce, bytes(vector.sealed).subarray(0, length), clear)).toBeUndefined();
  });
});

it('derives keys as RFC 5869 does (test case 3)', () => {
  const expected = '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8';
  const secret = '\u000b'.repeat(22);
  expect(hex(nodeHashes.derive(secret, new Uint8Array(0), 42))).toBe(expected);
  // And says the same when it is asked again, also after many other questions.
  for (let number = 0; number < 200; number++) nodeHashes.derive(secret, Uint8Array.of(number), 42);
  expect(hex(nodeHashes.derive(secret, new Uint8Array(0), 42))).toBe(expected);
});
