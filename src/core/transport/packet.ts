/**
 * Datagram to message and back. Opening follows one order that nothing may change: size, outer shape, key number, MAC
 * over the raw bytes (or the tag of a sealed packet), and only then the fields (S15).
 */
import { assert } from '../assert.ts';
import type { Authentication, AuthenticationKey } from '../config/configuration.ts';
import { failure, type Result, success } from '../result.ts';
import { ByteBuilder, hasMark } from './bytes.ts';
import { appendClassicLines, classicStart, decodeClassic, encodeClassic, findClassicSeal } from './classic.ts';
import { wireLimits } from './limits.ts';
import { computeMac, type Hashes, isSealingKey, isSigningKey, keyOf, macMatches, type SigningKey } from './mac.ts';
import type { Field, Message } from './message.ts';
import {
  appendNetstringBody,
  createFieldMemo,
  decodeNetstring,
  type EncodedHead,
  encodeNetstringFields,
  encodeNetstringSeal,
  type FieldMemo,
  findNetstringSeal,
  netstringStart,
} from './netstring.ts';
import { findSealed, type SealNonce, sealBytes, sealedStart, unsealBytes } from './sealed.ts';

/**
 * `netstring`: the outer MAC alone. `netstring-with-auth`: what Heartbeat sends under `msgfmt classic`, an inner
 * `auth` field besides. `classic`: lines; never sent by Heartbeat over UDP, but accepted by it.
 */
export type PacketFormat = 'netstring' | 'netstring-with-auth' | 'classic';

/** Every datagram that `openPacket` can read begins with one of these. */
export const packetStarts: readonly string[] = [netstringStart, classicStart, sealedStart];

export interface OpenedPacket {
  readonly message: Message;
  readonly keyIndex: number;
  readonly format: 'netstring' | 'classic' | 'sealed';
}

/** The last status that verified, and by which keys: its copy on the other link is the same packet. */
export interface PacketMemo extends FieldMemo {
  authentication: Authentication | undefined;
  opened: OpenedPacket | undefined;
}

export const createPacketMemo = (): PacketMemo => ({
  ...createFieldMemo(),
  authentication: undefined,
  opened: undefined,
});

/**
 * Problem codes: oversized, truncated, malformed, too-many-fields, unknown-key, bad-mac. `memo` only saves work
 * (`decodeNetstring`), and is not touched by a packet that does not verify.
 */
export function openPacket(
  bytes: Uint8Array,
  authentication: Authentication,
  hashes: Hashes,
  memo?: PacketMemo,
): Result<OpenedPacket> {
  if (bytes.length > wireLimits.receivedBytes) return failure('oversized');
  if (hasMark(bytes, 0, netstringStart)) return openNetstring(bytes, authentication, hashes, memo);
  if (hasMark(bytes, 0, classicStart)) return openClassic(bytes, authentication, hashes);
  if (hasMark(bytes, 0, sealedStart)) return openSealed(bytes, authentication, hashes);
  return failure(bytes.length < netstringStart.length ? 'truncated' : 'malformed');
}

function openNetstring(
  bytes: Uint8Array,
  authentication: Authentication,
  hashes: Hashes,
  memo: PacketMemo | undefined,
): Result<OpenedPacket> {
  const known = memo?.opened;
  if (known !== undefined && memo?.authentication === authentication && isSame(memo.bytes, bytes))
    return success(known);
  const seal = findNetstringSeal(bytes);
  if (!seal.ok) return seal;
  const { keyIndex, mac, coveredEnd } = seal.value;
  const key = keyOf(authentication, keyIndex);
  if (key === undefined) return failure('unknown-key');
  if (!macMatches(key, hashes, bytes.subarray(0, coveredEnd), mac)) return failure('bad-mac');
  const decoded = decodeNetstring(bytes, coveredEnd, memo);
  if (!decoded.ok) return decoded;
  const opened: OpenedPacket = { message: decoded.value, keyIndex, format: 'netstring' };
  if (memo?.bytes === bytes) {
    memo.authentication = authentication;
    memo.opened = opened;
  }
  return success(opened);
}

/** From the end, where the MAC stands: nothing but a copy has the same. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let at = one.length - 1; at >= 0; at--) if (one[at] !== other[at]) return false;
  return true;
}

function openClassic(bytes: Uint8Array, authentication: Authentication, hashes: Hashes): Result<OpenedPacket> {
  const seal = findClassicSeal(bytes);
  if (!seal.ok) return seal;
  const { keyIndex, mac, covered } = seal.value;
  const key = keyOf(authentication, keyIndex);
  if (key === undefined) return failure('unknown-key');
  if (!macMatches(key, hashes, covered, mac)) return failure('bad-mac');
  const decoded = decodeClassic(bytes);
  return decoded.ok ? success({ message: decoded.value, keyIndex, format: 'classic' }) : decoded;
}

/** What is inside is the netstring form without its MAC. */
function openSealed(bytes: Uint8Array, authentication: Authentication, hashes: Hashes): Result<OpenedPacket> {
  const found = findSealed(bytes);
  if (!found.ok) return found;
  const { keyIndex } = found.value;
  const key = keyOf(authentication, keyIndex);
  if (key === undefined) return failure('unknown-key');
  if (!isSealingKey(key)) return failure('bad-mac');
  const plain = unsealBytes(found.value, key, hashes);
  if (plain === undefined) return failure('bad-mac');
  const decoded = decodeNetstring(plain, plain.length);
  return decoded.ok ? success({ message: decoded.value, keyIndex, format: 'sealed' }) : decoded;
}

/**
 * Signs with the sending key. `message` must not contain `auth`; it is added where the format asks for it. A key that
 * seals decides the form by itself, and takes a `nonce` that it has never been given before. `head`: the first fields of
 * this very message, encoded already.
 */
export function sealPacket(
  message: Message,
  authentication: Authentication,
  hashes: Hashes,
  format: PacketFormat,
  nonce?: SealNonce,
  head?: EncodedHead,
): Result<Uint8Array> {
  const key = keyOf(authentication, authentication.sendIndex);
  if (key === undefined) return failure('no-sending-key');
  if (message.fields.length >= wireLimits.fields) return failure('message-too-large');
  const bytes = isSigningKey(key)
    ? sign(message, key, hashes, format, head)
    : encrypt(message, key, hashes, nonce, head);
  return bytes.length > wireLimits.sentBytes ? failure('message-too-large') : success(bytes);
}

/** For everything that is said over and over: `sealPacket` takes it from there. */
export function encodeHead(fields: readonly Field[]): EncodedHead {
  return { fields, netstring: encodeNetstringFields(fields), classic: undefined };
}

function sign(
  message: Message,
  key: SigningKey,
  hashes: Hashes,
  format: PacketFormat,
  head: EncodedHead | undefined,
): Uint8Array {
  const withAuth: Message =
    format === 'netstring' ? message : { fields: [...message.fields, innerAuth(message.fields, key, hashes, head)] };
  return format === 'classic' ? encodeClassic(withAuth) : sealNetstring(withAuth, key, hashes, head);
}

function encrypt(
  message: Message,
  key: AuthenticationKey,
  hashes: Hashes,
  nonce: SealNonce | undefined,
  head: EncodedHead | undefined,
): Uint8Array {
  assert(isSealingKey(key) && nonce !== undefined, 'a sealed packet has a nonce');
  appendNetstringBody(scratch.clear(), message, head);
  return sealBytes(scratch.view(), key, hashes, nonce);
}

/** Packets are put together here, one at a time, and copied out. */
const scratch = new ByteBuilder();

function sealNetstring(message: Message, key: SigningKey, hashes: Hashes, head: EncodedHead | undefined): Uint8Array {
  appendNetstringBody(scratch.clear(), message, head);
  const seal = encodeNetstringSeal({ keyIndex: key.index, mac: computeMac(key, hashes, scratch.view()) });
  return scratch.text(seal).finish();
}

/** Value of the `auth` field over the classic text of the fields given. */
function innerAuth(fields: readonly Field[], key: SigningKey, hashes: Hashes, head: EncodedHead | undefined): Field {
  appendClassicLines(scratch.clear(), fields, head);
  return { name: 'auth', value: `${key.index} ${computeMac(key, hashes, scratch.view())}` };
}
