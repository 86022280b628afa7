/** Addresses of ping nodes as the kernel takes and gives them (`struct sockaddr_in`, `struct sockaddr_in6`). */
import ipaddr from 'ipaddr.js';
import { linux, littleEndian } from '../libc.ts';
import type { Family } from './echo.ts';

export interface TargetAddress {
  readonly family: Family;
  /** Four or sixteen. */
  readonly bytes: Uint8Array;
}

/** Undefined: no address, a name that nobody has looked up. */
export function targetAddress(text: string): TargetAddress | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  const parsed = ipaddr.parse(text);
  return { family: parsed.kind() === 'ipv6' ? 6 : 4, bytes: Uint8Array.from(parsed.toByteArray()) };
}

export function encodeTarget({ family, bytes }: TargetAddress): Uint8Array {
  const address = new Uint8Array(family === 4 ? 16 : 28);
  new DataView(address.buffer).setUint16(0, family === 4 ? linux.AF_INET : linux.AF_INET6, littleEndian);
  address.set(bytes, family === 4 ? 4 : 8);
  return address;
}

export function decodeSource(family: Family, address: Uint8Array): Uint8Array {
  return family === 4 ? address.slice(4, 8) : address.slice(8, 24);
}
