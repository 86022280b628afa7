/** `struct sockaddr_in6` as bytes. See ipv6(7). */
import { assert } from '../../core/assert.ts';
import { printIPv6, readIPv6 } from '../../core/config/ipv6.ts';
import { linux, littleEndian } from '../libc.ts';

export const anyAddress6 = '::';
export const sockaddr6Bytes = 28;

/** The kernel looks at `scopeId`, the index of a device, for link-local addresses and groups only. */
export function encodeSockaddr6(address: string, port: number, scopeId: number): Uint8Array {
  const bytes = new Uint8Array(sockaddr6Bytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, linux.AF_INET6, littleEndian);
  view.setUint16(2, port, false);
  bytes.set(encodeAddress6(address), 8);
  view.setUint32(24, scopeId, littleEndian);
  return bytes;
}

export function decodeSockaddr6(bytes: Uint8Array): { readonly address: string; readonly port: number } {
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[8 + 2 * index]! << 8) | bytes[9 + 2 * index]!);
  return { address: printIPv6(groups), port: (bytes[2]! << 8) | bytes[3]! };
}

/** An address as Node writes it, possibly with `%eth0` behind it, in the one spelling of `printIPv6`. */
export function plainAddress6(text: string): string {
  const groups = readIPv6(text.split('%')[0]!);
  return groups === undefined ? text : printIPv6(groups);
}

export function encodeAddress6(address: string): Uint8Array {
  const groups = readIPv6(address);
  assert(groups !== undefined, `IPv6 address expected: ${address}`);
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}
