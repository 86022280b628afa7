/**
 * Netlink route messages (rtnetlink(7), netlink(7)) as bytes: a header, a fixed body per kind, attributes aligned to
 * four bytes. Integers are in host byte order, addresses in network order. Pure, so that every byte is tested.
 */
import { getSystemErrorName } from 'node:util';
import type { AddressFamily, NetworkAddress, NetworkLink, NetworkRoute } from '../../../resource-agents/context.ts';
import { linux, littleEndian } from '../libc.ts';

export const messageType = {
  error: 2,
  done: 3,
  newLink: 16,
  getLink: 18,
  newAddress: 20,
  deleteAddress: 21,
  getAddress: 22,
  newRoute: 24,
  getRoute: 26,
} as const;

export const requestFlag = { request: 1, acknowledge: 4, exclusive: 0x200, create: 0x400, dump: 0x300 } as const;

const headerSize = 16;
const AF_UNSPEC = 0;
const ARPHRD_ETHER = 1;
const IFF_UP = 1;
const IFF_LOOPBACK = 8;
const IFF_NOARP = 0x80;
const IFA_F_SECONDARY = 1;
const IFA_F_NODAD = 2;
const RT_TABLE_MAIN = 254;
const RTN_UNICAST = 1;

const addressAttribute = { address: 1, local: 2, label: 3, broadcast: 4 } as const;
const linkAttribute = { address: 1, name: 3 } as const;
const routeAttribute = { destination: 1, outInterface: 4, gateway: 5, priority: 6, table: 15, via: 18 } as const;

export interface NetlinkMessage {
  readonly type: number;
  readonly sequence: number;
  readonly body: Uint8Array;
}

export function encodeRequest(type: number, flags: number, sequence: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerSize + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, littleEndian);
  view.setUint16(4, type, littleEndian);
  view.setUint16(6, flags, littleEndian);
  view.setUint32(8, sequence, littleEndian);
  view.setUint32(12, 0, littleEndian);
  bytes.set(body, headerSize);
  return bytes;
}

/** Cuts one datagram into messages; a length that does not fit ends the walk. */
export function decodeMessages(bytes: Uint8Array): NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  const view = viewOf(bytes);
  let offset = 0;
  while (offset + headerSize <= bytes.length) {
    const length = view.getUint32(offset, littleEndian);
    if (length < headerSize || offset + length > bytes.length) break;
    messages.push({
      type: view.getUint16(offset + 4, littleEndian),
      sequence: view.getUint32(offset + 8, littleEndian),
      body: bytes.subarray(offset + headerSize, offset + length),
    });
    offset += aligned(length);
  }
  return messages;
}

/** `struct nlmsgerr`: the name of the error (`EEXIST`), undefined for an acknowledgement. */
export function errorName(body: Uint8Array): string | undefined {
  const error = body.length < 4 ? 0 : viewOf(body).getInt32(0, littleEndian);
  if (error === 0) return undefined;
  try {
    return getSystemErrorName(error);
  } catch {
    return `errno ${-error}`;
  }
}

export function encodeAddress(address: NetworkAddress): Uint8Array {
  const attributes = [
    encodeAttribute(addressAttribute.local, address.address),
    encodeAttribute(addressAttribute.address, address.address),
  ];
  if (address.broadcast !== undefined) attributes.push(encodeAttribute(addressAttribute.broadcast, address.broadcast));
  if (address.label !== undefined) attributes.push(encodeAttribute(addressAttribute.label, terminated(address.label)));
  const fixed = new Uint8Array(8);
  fixed[0] = familyNumber(address.family);
  fixed[1] = address.prefixLength;
  // Duplicate address detection would hold an IPv6 address back for a second; conflicts are looked for by the agent.
  fixed[2] = address.family === 'ipv6' ? IFA_F_NODAD : 0;
  viewOf(fixed).setUint32(4, address.index, littleEndian);
  return concatenate([fixed, ...attributes]);
}

export function decodeAddress(body: Uint8Array): NetworkAddress | undefined {
  const family = familyName(body[0]);
  if (body.length < 8 || family === undefined) return undefined;
  const attributes = decodeAttributes(body.subarray(8));
  // On point-to-point links `address` is the other end and `local` is ours (rtnetlink(7)).
  const address = attributes.get(addressAttribute.local) ?? attributes.get(addressAttribute.address);
  if (address === undefined) return undefined;
  const label = attributes.get(addressAttribute.label);
  const broadcast = attributes.get(addressAttribute.broadcast);
  return {
    index: viewOf(body).getUint32(4, littleEndian),
    family,
    address: address.slice(),
    prefixLength: body[1] ?? 0,
    secondary: family === 'ipv4' && ((body[2] ?? 0) & IFA_F_SECONDARY) !== 0,
    ...(label === undefined ? {} : { label: text(label) }),
    ...(broadcast === undefined ? {} : { broadcast: broadcast.slice() }),
  };
}

export function decodeLink(body: Uint8Array): NetworkLink | undefined {
  if (body.length < 16) return undefined;
  const view = viewOf(body);
  const flags = view.getUint32(8, littleEndian);
  const attributes = decodeAttributes(body.subarray(16));
  const name = attributes.get(linkAttribute.name);
  if (name === undefined) return undefined;
  const hardware = attributes.get(linkAttribute.address)?.slice() ?? new Uint8Array(0);
  return {
    index: view.getInt32(4, littleEndian),
    name: text(name),
    hardware,
    up: (flags & IFF_UP) !== 0,
    loopback: (flags & IFF_LOOPBACK) !== 0,
    ethernet:
      view.getUint16(2, littleEndian) === ARPHRD_ETHER &&
      hardware.length === 6 &&
      (flags & (IFF_NOARP | IFF_LOOPBACK)) === 0,
  };
}

/** Unicast routes of the main table that leave through one device; anything else answers undefined. */
export function decodeRoute(body: Uint8Array): NetworkRoute | undefined {
  const family = familyName(body[0]);
  if (body.length < 12 || family === undefined || body[7] !== RTN_UNICAST) return undefined;
  const attributes = decodeAttributes(body.subarray(12));
  const table = number(attributes.get(routeAttribute.table)) ?? body[4];
  const index = number(attributes.get(routeAttribute.outInterface));
  if (table !== RT_TABLE_MAIN || index === undefined) return undefined;
  return {
    family,
    destination: attributes.get(routeAttribute.destination)?.slice() ?? new Uint8Array(family === 'ipv4' ? 4 : 16),
    prefixLength: body[1] ?? 0,
    index,
    viaGateway: attributes.has(routeAttribute.gateway) || attributes.has(routeAttribute.via),
    metric: number(attributes.get(routeAttribute.priority)) ?? 0,
  };
}

export function encodeDumpBody(type: number, family: AddressFamily | undefined): Uint8Array {
  const body = new Uint8Array(type === messageType.getLink ? 16 : type === messageType.getRoute ? 12 : 8);
  body[0] = family === undefined ? AF_UNSPEC : familyNumber(family);
  return body;
}

export function encodeLinkUp(index: number): Uint8Array {
  const body = new Uint8Array(16);
  const view = viewOf(body);
  view.setInt32(4, index, littleEndian);
  view.setUint32(8, IFF_UP, littleEndian);
  view.setUint32(12, IFF_UP, littleEndian);
  return body;
}

function encodeAttribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(aligned(4 + value.length));
  const view = viewOf(bytes);
  view.setUint16(0, 4 + value.length, littleEndian);
  view.setUint16(2, type, littleEndian);
  bytes.set(value, 4);
  return bytes;
}

function decodeAttributes(bytes: Uint8Array): Map<number, Uint8Array> {
  const attributes = new Map<number, Uint8Array>();
  const view = viewOf(bytes);
  let offset = 0;
  while (offset + 4 <= bytes.length) {
    const length = view.getUint16(offset, littleEndian);
    if (length < 4 || offset + length > bytes.length) break;
    // The two top bits mark nesting and byte order (netlink(7)).
    attributes.set(view.getUint16(offset + 2, littleEndian) & 0x3fff, bytes.subarray(offset + 4, offset + length));
    offset += aligned(length);
  }
  return attributes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}

function familyNumber(family: AddressFamily): number {
  return family === 'ipv4' ? linux.AF_INET : linux.AF_INET6;
}

function familyName(number: number | undefined): AddressFamily | undefined {
  return number === linux.AF_INET ? 'ipv4' : number === linux.AF_INET6 ? 'ipv6' : undefined;
}

function number(value: Uint8Array | undefined): number | undefined {
  return value === undefined || value.length < 4 ? undefined : viewOf(value).getUint32(0, littleEndian);
}

function terminated(value: string): Uint8Array {
  return Uint8Array.from([...Buffer.from(value, 'utf8'), 0]);
}

function text(value: Uint8Array): string {
  const end = value.indexOf(0);
  return Buffer.from(end < 0 ? value : value.subarray(0, end)).toString('utf8');
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
