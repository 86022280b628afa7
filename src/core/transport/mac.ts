/**
 * Message authentication codes as Heartbeat writes them: `<key index> <lower-case hex>`, where the hex is an HMAC
 * (RFC 2104) under the word in authkeys, or a CRC. The hash functions come from outside because the core imports
 * nothing from Node; the CRC is small enough to live here.
 */
import type { AuthenticationKey, AuthenticationMethod } from '../config/configuration.ts';

export interface Hashes {
  /** Lower-case hex of the HMAC of `bytes` under `secret` (its UTF-8 bytes). */
  hmac(method: Exclude<AuthenticationMethod, 'crc'>, secret: string, bytes: Uint8Array): string;
}

/** Hexadecimal digits of a MAC; 0 for crc, which is printed without leading zeros. */
const macDigits: Readonly<Record<AuthenticationMethod, number>> = {
  crc: 0,
  md5: 32,
  sha1: 40,
  sha256: 64,
  sha512: 128,
};

export function computeMac(key: AuthenticationKey, hashes: Hashes, bytes: Uint8Array): string {
  return key.method === 'crc' ? crcOf(bytes).toString(16) : hashes.hmac(key.method, key.secret, bytes);
}

/** Length first, so that a wrong length costs no hash; then a comparison that always looks at every character. */
export function macMatches(key: AuthenticationKey, hashes: Hashes, bytes: Uint8Array, claimed: string): boolean {
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
