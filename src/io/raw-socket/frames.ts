/**
 * Ethernet frames by which an address tells the network where it lives, and by which one asks whether it is in use:
 * ARP (RFC 826, RFC 5227) for IPv4, neighbour discovery (RFC 4861, RFC 4862) for IPv6. Pure bytes.
 */
export const etherType = { arp: 0x0806, ipv6: 0x86dd } as const;

const ethernetHeader = 14;
const arpSize = 28;
const ipv6Header = 40;
const ICMPV6 = 58;
const NEIGHBOUR_SOLICITATION = 135;
const NEIGHBOUR_ADVERTISEMENT = 136;
const TARGET_LINK_LAYER_ADDRESS = 2;
const broadcast = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
const unspecified = new Uint8Array(16);
const allNodes = Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/**
 * Both forms: some switches and hosts learn only from requests, some only from replies. RFC 5227 section 3 asks for
 * the request form with an empty target hardware address.
 */
export function gratuitousArp(form: 'request' | 'reply', hardware: Uint8Array, address: Uint8Array): Uint8Array {
  const operation = form === 'request' ? 1 : 2;
  const target = form === 'request' ? new Uint8Array(6) : hardware;
  return arp(operation, hardware, address, target, address);
}

/** RFC 5227 2.1.1: the sender address is empty, so that nobody's cache changes. */
export function arpProbe(hardware: Uint8Array, address: Uint8Array): Uint8Array {
  return arp(1, hardware, new Uint8Array(4), new Uint8Array(6), address);
}

/** The hardware address in a frame that says that its sender uses, or also wants, `address`; else undefined. */
export function arpClaim(frame: Uint8Array, address: Uint8Array): Uint8Array | undefined {
  if (frame.length < ethernetHeader + arpSize || word(frame, 12) !== etherType.arp) return undefined;
  const body = frame.subarray(ethernetHeader);
  // Ethernet and IPv4, six and four bytes.
  if (word(body, 0) !== 1 || word(body, 2) !== 0x0800 || body[4] !== 6 || body[5] !== 4) return undefined;
  return equalBytes(body.subarray(14, 18), address) ? body.slice(8, 14) : undefined;
}

/** RFC 4861 7.2.6: to all nodes, override set, so that caches that point elsewhere change. */
export function unsolicitedAdvertisement(hardware: Uint8Array, address: Uint8Array): Uint8Array {
  const message = new Uint8Array(32);
  message[0] = NEIGHBOUR_ADVERTISEMENT;
  message[4] = 0x20;
  message.set(address, 8);
  message[24] = TARGET_LINK_LAYER_ADDRESS;
  message[25] = 1;
  message.set(hardware, 26);
  return icmpv6(hardware, address, allNodes, message);
}

/** RFC 4862 5.4.2: as in duplicate address detection, from nobody to the address's solicited-node group. */
export function neighbourProbe(hardware: Uint8Array, address: Uint8Array): Uint8Array {
  const message = new Uint8Array(24);
  message[0] = NEIGHBOUR_SOLICITATION;
  message.set(address, 8);
  const group = Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, ...address.subarray(13, 16));
  return icmpv6(hardware, unspecified, group, message);
}

/** An ICMPv6 message (no IPv6 header): the hardware address of the node that advertises `address`, else undefined. */
export function advertisementClaim(message: Uint8Array, address: Uint8Array): Uint8Array | undefined {
  if (message.length < 24 || message[0] !== NEIGHBOUR_ADVERTISEMENT) return undefined;
  if (!equalBytes(message.subarray(8, 24), address)) return undefined;
  for (let offset = 24; offset + 8 <= message.length; ) {
    const size = (message[offset + 1] ?? 0) * 8;
    if (size === 0 || offset + size > message.length) break;
    if (message[offset] === TARGET_LINK_LAYER_ADDRESS && size === 8) return message.slice(offset + 2, offset + 8);
    offset += size;
  }
  return new Uint8Array(6);
}

/** RFC 1071. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let offset = 0; offset < bytes.length; offset += 2)
    sum += ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export function hardwareText(hardware: Uint8Array): string {
  return Array.from(hardware, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function arp(
  operation: number,
  senderHardware: Uint8Array,
  senderAddress: Uint8Array,
  targetHardware: Uint8Array,
  targetAddress: Uint8Array,
): Uint8Array {
  const frame = new Uint8Array(ethernetHeader + arpSize);
  ethernet(frame, broadcast, senderHardware, etherType.arp);
  frame.set([0, 1, 0x08, 0x00, 6, 4, 0, operation], ethernetHeader);
  frame.set(senderHardware, ethernetHeader + 8);
  frame.set(senderAddress, ethernetHeader + 14);
  frame.set(targetHardware, ethernetHeader + 18);
  frame.set(targetAddress, ethernetHeader + 24);
  return frame;
}

function icmpv6(hardware: Uint8Array, source: Uint8Array, destination: Uint8Array, message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(ethernetHeader + ipv6Header + message.length);
  // RFC 2464 section 7: 33:33 and the last four bytes of the group.
  ethernet(frame, Uint8Array.of(0x33, 0x33, ...destination.subarray(12, 16)), hardware, etherType.ipv6);
  // Hop limit 255: neighbour discovery is dropped when it may have come through a router.
  frame.set([0x60, 0, 0, 0, message.length >> 8, message.length & 0xff, ICMPV6, 255], ethernetHeader);
  frame.set(source, ethernetHeader + 8);
  frame.set(destination, ethernetHeader + 24);
  frame.set(message, ethernetHeader + ipv6Header);
  const sum = internetChecksum(pseudoHeaderAnd(source, destination, message));
  frame[ethernetHeader + ipv6Header + 2] = sum >> 8;
  frame[ethernetHeader + ipv6Header + 3] = sum & 0xff;
  return frame;
}

/** RFC 8200 section 8.1. */
function pseudoHeaderAnd(source: Uint8Array, destination: Uint8Array, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(40 + message.length);
  bytes.set(source, 0);
  bytes.set(destination, 16);
  new DataView(bytes.buffer).setUint32(32, message.length);
  bytes[39] = ICMPV6;
  bytes.set(message, 40);
  return bytes;
}

function ethernet(frame: Uint8Array, destination: Uint8Array, source: Uint8Array, type: number): void {
  frame.set(destination, 0);
  frame.set(source, 6);
  frame[12] = type >> 8;
  frame[13] = type & 0xff;
}

function word(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}
