/**
 * Sealed packets: encrypted and authenticated in one step, between Pairbeat nodes. In clear is only what a receiver
 * needs before it may look at anything: version, number of the key, and what makes the nonce.
 *
 *     @@@⏎
 *     <length>:<version 1><key number 1><salt 16><counter 8><ciphertext><tag 16>,
 *
 * One netstring after the mark, so that a stream can be cut into packets. A nonce must never repeat under one key. So
 * each incarnation of a node draws a salt, the keys are derived for that salt, and every packet that leaves takes the
 * next number, repetitions and unnumbered messages included.
 */
import { failure, type Result, success } from '../result.ts';
import { ByteBuilder, bytesFromHex, hasMark } from './bytes.ts';
import { wireLimits } from './limits.ts';
import type { Hashes, SealFunctions, SealingKey } from './mac.ts';

export const sealedStart = '@@@\n';

const sealedVersion = 1;
const saltBytes = 16;
const counterBytes = 8;
const clearBytes = 2 + saltBytes + counterBytes;
const tagBytes = 16;
const keyBytes = 32;
const nonceBytes = 12;
const comma = 0x2c;

export interface SealNonce {
  /** One for each incarnation of the sender. */
  readonly salt: Uint8Array;
  /** Never twice with one salt. */
  readonly counter: number;
}

export interface SealedPacket {
  readonly keyIndex: number;
  /** Authenticated, not encrypted: version, key number, salt, counter. */
  readonly clear: Uint8Array;
  /** Ciphertext and tag. */
  readonly sealed: Uint8Array;
}

/** Where a node is in its numbers. `counter` only grows; a new incarnation begins with a new salt. */
export interface Sealing {
  readonly salt: Uint8Array;
  counter: number;
}

/**
 * `entropy` comes from the system's random generator, once for each process. The rest keeps the salts of one process
 * apart, and those of a machine that was set back to a snapshot: its clocks have gone on.
 */
export function beginSealing(
  hashes: Hashes,
  entropy: string,
  incarnation: { readonly generation: number; readonly nowUs: number; readonly wallSeconds: number },
): Sealing {
  const { generation, nowUs, wallSeconds } = incarnation;
  const text = new ByteBuilder().text(`pairbeat salt ${generation} ${nowUs} ${wallSeconds}`).finish();
  return { salt: bytesFromHex(hashes.hmac('sha256', entropy, text).slice(0, 2 * saltBytes)), counter: 0 };
}

export function nextNonce(sealing: Sealing): SealNonce {
  return { salt: sealing.salt, counter: ++sealing.counter };
}

/** The outer shape: mark, length, version. Nothing is decrypted. */
export function findSealed(bytes: Uint8Array): Result<SealedPacket> {
  const length = readLength(bytes);
  if (length === undefined) return failure(bytes.length < sealedStart.length + 3 ? 'truncated' : 'malformed');
  const end = length.contentStart + length.bytes;
  if (bytes.length < end + 1 || length.bytes < clearBytes + tagBytes) return failure('truncated');
  if (bytes.length > end + 1 || bytes[end] !== comma) return failure('malformed');
  if (bytes[length.contentStart] !== sealedVersion) return failure('malformed');
  const clear = bytes.subarray(length.contentStart, length.contentStart + clearBytes);
  return success({ keyIndex: clear[1]!, clear, sealed: bytes.subarray(length.contentStart + clearBytes, end) });
}

/** Salt and number of whatever has the outer shape of a sealed packet; nobody has vouched for them. */
export function clearPartOf(bytes: Uint8Array): { readonly salt: Uint8Array; readonly counter: number } | undefined {
  const found = findSealed(bytes);
  if (!found.ok) return undefined;
  const { clear } = found.value;
  const view = new DataView(clear.buffer, clear.byteOffset + 2 + saltBytes, counterBytes);
  return { salt: clear.slice(2, 2 + saltBytes), counter: Number(view.getBigUint64(0)) };
}

/** The plaintext, or `undefined`: another secret, another method, or a changed packet. */
export function unsealBytes(packet: SealedPacket, key: SealingKey, hashes: Hashes): Uint8Array | undefined {
  const salt = packet.clear.subarray(2, 2 + saltBytes);
  const nonce = nonceOf(packet.clear.subarray(2 + saltBytes));
  return hashes.open(key.method, deriveKey(key, salt, hashes), nonce, packet.sealed, packet.clear);
}

export function sealBytes(plain: Uint8Array, key: SealingKey, hashes: Hashes, nonce: SealNonce): Uint8Array {
  const clear = new Uint8Array(clearBytes);
  clear.set([sealedVersion, key.index]);
  clear.set(nonce.salt, 2);
  new DataView(clear.buffer).setBigUint64(2 + saltBytes, BigInt(nonce.counter));
  const counter = nonceOf(clear.subarray(2 + saltBytes));
  const sealed = hashes.seal(key.method, deriveKey(key, nonce.salt, hashes), counter, plain, clear);
  const length = clear.length + sealed.length;
  return new ByteBuilder().text(`${sealedStart}${length}:`).raw(clear).raw(sealed).text(',').finish();
}

/** For this secret, method, purpose and incarnation only; so the counter alone may be the nonce. */
function deriveKey(key: SealingKey, salt: Uint8Array, hashes: SealFunctions): Uint8Array {
  const info = new ByteBuilder().text(`pairbeat sealed packet 1 ${key.method} `).raw(salt).finish();
  return hashes.derive(key.secret, info, keyBytes);
}

function nonceOf(counter: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(nonceBytes);
  nonce.set(counter, nonceBytes - counterBytes);
  return nonce;
}

/** `@@@\n`, then up to five digits without a leading zero, then a colon. */
function readLength(bytes: Uint8Array): { readonly bytes: number; readonly contentStart: number } | undefined {
  if (!hasMark(bytes, 0, sealedStart)) return undefined;
  let value = 0;
  for (let at = sealedStart.length; at <= sealedStart.length + wireLimits.lengthDigits; at++) {
    const byte = bytes[at];
    if (byte === 0x3a) return value > 0 ? { bytes: value, contentStart: at + 1 } : undefined;
    const leadingZero = byte === 0x30 && value === 0;
    if (byte === undefined || byte < 0x30 || byte > 0x39 || leadingZero) return undefined;
    value = value * 10 + byte - 0x30;
  }
  return undefined;
}
