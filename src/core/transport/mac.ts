/**
 * Message authentication codes as Heartbeat writes them: `<key index> <lower-case hex>`, where the hex is an HMAC
 * (RFC 2104) under the word in authkeys, or a CRC. The hash functions come from outside because the core imports
 * nothing from Node; the CRC is small enough to live here.
 */
import type {
  Authentication,
  AuthenticationKey,
  AuthenticationMethod,
  HmacMethod,
  SealedMethod,
} from '../config/configuration.ts';

export interface Hashes extends SealFunctions {
  /** Lower-case hex of the HMAC of `bytes` under `secret` (its UTF-8 bytes). */
  hmac(method: HmacMethod, secret: string, bytes: Uint8Array): string;
}

/** What sealed packets need (sealed.ts). */
export interface SealFunctions {
  /** HKDF-SHA256 (RFC 5869) of `secret` (its UTF-8 bytes), without a salt, bound to `info`. */
  derive(secret: string, info: Uint8Array, bytes: number): Uint8Array;
  /** Ciphertext and, behind it, the tag of 16 bytes. `key` has 32 bytes, `nonce` 12. */
  seal(method: SealedMethod, key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, clear: Uint8Array): Uint8Array;
  /** `undefined` when the tag does not verify: nothing of the plaintext leaves then. */
  open(
    method: SealedMethod,
    key: Uint8Array,
    nonce: Uint8Array,
    sealed: Uint8Array,
    clear: Uint8Array,
  ): Uint8Array | undefined;
}

/** A key that signs text; the others seal. */
export type SigningKey = AuthenticationKey & { readonly method: Exclude<AuthenticationMethod, SealedMethod> };

export function isSealed(method: AuthenticationMethod): method is SealedMethod {
  return method === 'aes256gcm' || method === 'chacha20poly1305';
}

export type SealingKey = AuthenticationKey & { readonly method: SealedMethod };

export function isSealingKey(key: AuthenticationKey): key is SealingKey {
  return isSealed(key.method);
}

export function isSigningKey(key: AuthenticationKey): key is SigningKey {
  return !isSealed(key.method);
}

/** Hexadecimal digits of a MAC; 0 for crc, which is printed without leading zeros. */
const macDigits: Readonly<Record<SigningKey['method'], number>> = {
  crc: 0,
  md5: 32,
  sha1: 40,
  sha256: 64,
  sha512: 128,
};

/** The key of that number in authkeys. */
export function keyOf(authentication: Authentication, index: number): AuthenticationKey | undefined {
  return authentication.keys.find((key) => key.index === index);
}

export function computeMac(key: SigningKey, hashes: Hashes, bytes: Uint8Array): string {
  return key.method === 'crc' ? crcOf(bytes).toString(16) : hashes.hmac(key.method, key.secret, bytes);
}

/** Length first, so that a wrong length costs no hash; then a comparison that always looks at every character. */
export function macMatches(key: AuthenticationKey, hashes: Hashes, bytes: Uint8Array, claimed: string): boolean {
  // Whoever lists a key as sealed believes nothing under its number that is not.
  if (!isSigningKey(key)) return false;
  const digits = macDigits[key.method];
  if (digits === 0 ? claimed.length < 1 || claimed.length > 8 : claimed.length !== digits) return false;
  return sameText(computeMac(key, hashes, bytes), claimed);
}

function sameText(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}

/** Polynomial 0x04C11DB7, most significant bit first, initial value 0, complemented at the end. */
export function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ byte]!;
  return ~crc >>> 0;
}

const crcTable: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});
