/**
 * A fast keyed stand-in for HMAC: it finds every flipped bit that the simulator makes, and costs a tenth. The real one
 * can be chosen (`--real-mac`); both give the same run, because nothing but "verifies or not" depends on it.
 */
import type { Hashes } from '../../../src/core/transport/mac.ts';

export const standInHashes: Hashes = {
  hmac(_method, secret, bytes) {
    let low = 0x811c9dc5;
    let high = secret.length;
    for (let index = 0; index < secret.length; index++) low = Math.imul(low ^ secret.charCodeAt(index), 0x01000193);
    const words = bytes.length - 3;
    let index = 0;
    // A word at a time: what differs in one of them makes another `low`, whatever follows.
    for (; index < words; index += 4) {
      const word = bytes[index]! | (bytes[index + 1]! << 8) | (bytes[index + 2]! << 16) | (bytes[index + 3]! << 24);
      low = Math.imul(low ^ word, 0x01000193);
      high = (high + (low >>> 7)) | 0;
    }
    for (; index < bytes.length; index++) {
      low = Math.imul(low ^ bytes[index]!, 0x01000193);
      high = (high + (low >>> 7)) | 0;
    }
    const half = eightDigits(low) + eightDigits(high);
    return half + half;
  },
  derive: (_secret, info, bytes) => Uint8Array.from({ length: bytes }, (_, index) => info[index % info.length]!),
  /** Nothing is hidden: the tag alone is what a flipped bit runs into. */
  seal: (_method, key, nonce, plain, clear) => new Uint8Array([...plain, ...tagOf(key, nonce, plain, clear)]),
  open(_method, key, nonce, sealed, clear) {
    const plain = sealed.slice(0, Math.max(0, sealed.length - 16));
    const tag = tagOf(key, nonce, plain, clear);
    return tag.every((byte, index) => byte === sealed[plain.length + index]) ? plain : undefined;
  },
};

function eightDigits(word: number): string {
  return pairs[word >>> 24]! + pairs[(word >>> 16) & 0xff]! + pairs[(word >>> 8) & 0xff]! + pairs[word & 0xff]!;
}

const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function tagOf(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.flatMap((part) => [...part]));
  return new TextEncoder().encode(standInHashes.hmac('sha256', '', all).slice(0, 16));
}
