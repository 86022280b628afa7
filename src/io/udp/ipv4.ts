/** `struct sockaddr_in` as bytes, and IPv4 addresses in dotted form. See ip(7). */
import { isIPv4 } from 'node:net';
import { assert } from '../../core/assert.ts';
import { linux, littleEndian } from '../libc.ts';

export const anyAddress = '0.0.0.0';
export const sockaddrBytes = 16;

export function encodeSockaddr(address: string, port: number): Uint8Array {
  const bytes = new Uint8Array(sockaddrBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, linux.AF_INET, littleEndian);
  view.setUint16(2, port, false);
  bytes.set(encodeAddress(address), 4);
  return bytes;
}

/** `192.168.1.8:40123`. */
export function decodeSockaddr(bytes: Uint8Array): { readonly address: string; readonly port: number } {
  return { address: decodeAddress(bytes.subarray(4, 8)), port: (bytes[2]! << 8) | bytes[3]! };
}

export function encodeAddress(address: string): Uint8Array {
  assert(isIPv4(address), `IPv4 address expected: ${address}`);
  return Uint8Array.from(address.split('.'), Number);
}

export function decodeAddress(bytes: Uint8Array): string {
  return bytes.subarray(0, 4).join('.');
}
