/** ICMP echo (RFC 792) and ICMPv6 echo (RFC 4443 section 4) as bytes. */
import { internetChecksum } from '../raw-socket/frames.ts';

export type Family = 4 | 6;

export interface Echo {
  readonly identifier: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

const headerBytes = 8;
const requestType: Readonly<Record<Family, number>> = { 4: 8, 6: 128 };
export const replyType: Readonly<Record<Family, number>> = { 4: 0, 6: 129 };

/** The kernel fills in the checksum of ICMPv6, which covers addresses that are not known here. */
export function encodeRequest(family: Family, { identifier, sequence, payload }: Echo): Uint8Array {
  const bytes = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = requestType[family];
  view.setUint16(4, identifier);
  view.setUint16(6, sequence);
  bytes.set(payload, headerBytes);
  if (family === 4) view.setUint16(2, internetChecksum(bytes));
  return bytes;
}

/** `withHeader`: an IPv4 header comes first, as raw sockets deliver it. Undefined: not an echo reply. */
export function decodeReply(family: Family, bytes: Uint8Array, withHeader: boolean): Echo | undefined {
  const start = withHeader ? ((bytes[0] ?? 0) & 15) * 4 : 0;
  if (bytes.length < start + headerBytes || bytes[start] !== replyType[family]) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  return {
    identifier: view.getUint16(4),
    sequence: view.getUint16(6),
    payload: bytes.slice(start + headerBytes),
  };
}
