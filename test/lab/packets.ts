/** Frames and addresses as the measuring programs need them: ICMP echo, ARP, and reading both from a packet socket. */
import { isIPv6 } from 'node:net';
import { libc } from './libc.ts';

const AF_INET = 2;
const AF_INET6 = 10;
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_DGRAM = 2;
const ETH_P_ALL = 0x0003;
const ETH_P_IP = 0x0800;
const ETH_P_ARP = 0x0806;
const ETH_P_IPV6 = 0x86dd;
const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;
const PACKET_OUTGOING = 4;
const MSG_DONTWAIT = 0x40;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;

export type Seen =
  /** An answer to one of our echo requests. */
  | { readonly kind: 'echo'; readonly mac: string; readonly sequence: number }
  /** `operation` 1 asks, 2 answers; sender and target address equal: gratuitous. */
  | {
      readonly kind: 'arp';
      readonly operation: number;
      readonly mac: string;
      readonly senderAddress: string;
      readonly targetAddress: string;
    }
  /** Unsolicited or solicited neighbour advertisement. */
  | { readonly kind: 'neighbour advertisement'; readonly mac: string; readonly address: string };

export interface PacketReader {
  readonly fd: number;
  /** The next frame of interest, `undefined` once the socket is empty. */
  readonly read: () => Seen | undefined;
}

/** Sees every frame that arrives on `device` (not those that leave), Ethernet header stripped. */
export function openPacketReader(device: string, echoIdentifier: number): PacketReader {
  const fd = checked(libc.socket(AF_PACKET, SOCK_DGRAM, swap16(ETH_P_ALL)), 'socket');
  const address = packetAddress(device, ETH_P_ALL);
  checked(libc.bind(fd, address, address.length), 'bind');
  const size = Buffer.alloc(4);
  size.writeInt32LE(4 * 1024 * 1024);
  libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size, 4);
  const frame = Buffer.alloc(2048);
  const from = Buffer.alloc(20);
  const fromLength = Buffer.alloc(4);
  const read = (): Seen | undefined => {
    for (;;) {
      fromLength.writeUInt32LE(from.length);
      const received = libc.recvfrom(fd, frame, frame.length, MSG_DONTWAIT, from, fromLength);
      if (received < 0) return undefined;
      if (from[10] === PACKET_OUTGOING) continue;
      const seen = parse(from.readUInt16BE(2), frame.subarray(0, received), from, echoIdentifier);
      if (seen !== undefined) return seen;
    }
  };
  return { fd, read };
}

export interface EchoSender {
  /** Answers false when the kernel refuses to send at the moment. */
  readonly send: (sequence: number) => boolean;
}

/** Sends ICMP echo requests by the machine's own routing and neighbour table, as any client does. */
export function openEchoSender(target: string, identifier: number): EchoSender {
  const six = isIPv6(target);
  const fd = checked(libc.socket(six ? AF_INET6 : AF_INET, SOCK_RAW, six ? IPPROTO_ICMPV6 : IPPROTO_ICMP), 'socket');
  const address = six ? socketAddress6(target) : socketAddress4(target);
  const request = Buffer.alloc(16);
  request[0] = six ? 128 : 8;
  request.writeUInt16BE(identifier, 4);
  const send = (sequence: number): boolean => {
    request.writeUInt16BE(sequence & 0xffff, 6);
    request.writeUInt32BE(sequence >>> 0, 8);
    request.writeUInt16BE(0, 2);
    // The kernel fills in the checksum of ICMPv6 itself.
    if (!six) request.writeUInt16BE(internetChecksum(request), 2);
    return libc.sendto(fd, request, request.length, MSG_DONTWAIT, address, address.length) === request.length;
  };
  return { send };
}

/** A socket that broadcasts the question who has `target`, with our own addresses as the asker. */
export function openArpAsker(device: string, mac: string, own: string, target: string): { readonly ask: () => void } {
  const fd = checked(libc.socket(AF_PACKET, SOCK_DGRAM, swap16(ETH_P_ARP)), 'socket');
  const address = packetAddress(device, ETH_P_ARP, 'ff:ff:ff:ff:ff:ff');
  const question = Buffer.alloc(28);
  question.writeUInt16BE(1, 0);
  question.writeUInt16BE(ETH_P_IP, 2);
  question[4] = 6;
  question[5] = 4;
  question.writeUInt16BE(1, 6);
  macBytes(mac).copy(question, 8);
  addressBytes(own).copy(question, 14);
  addressBytes(target).copy(question, 24);
  return { ask: () => void libc.sendto(fd, question, question.length, MSG_DONTWAIT, address, address.length) };
}

function parse(protocol: number, payload: Buffer, from: Buffer, echoIdentifier: number): Seen | undefined {
  if (protocol === ETH_P_ARP && payload.length >= 28) {
    return {
      kind: 'arp',
      operation: payload.readUInt16BE(6),
      mac: macText(payload, 8),
      senderAddress: payload.subarray(14, 18).join('.'),
      targetAddress: payload.subarray(24, 28).join('.'),
    };
  }
  if (protocol === ETH_P_IP && payload.length >= 28 && payload[9] === IPPROTO_ICMP) {
    const header = (payload[0]! & 15) * 4;
    const isEcho = payload[header] === 0 && payload.readUInt16BE(header + 4) === echoIdentifier;
    return isEcho ? { kind: 'echo', mac: macText(from, 12), sequence: payload.readUInt32BE(header + 8) } : undefined;
  }
  if (protocol === ETH_P_IPV6 && payload.length >= 56 && payload[6] === IPPROTO_ICMPV6)
    return parseIcmp6(payload, from, echoIdentifier);
  return undefined;
}

function parseIcmp6(payload: Buffer, from: Buffer, echoIdentifier: number): Seen | undefined {
  const type = payload[40];
  if (type === 129 && payload.readUInt16BE(44) === echoIdentifier) {
    return { kind: 'echo', mac: macText(from, 12), sequence: payload.readUInt32BE(48) };
  }
  if (type === 136 && payload.length >= 64) {
    return {
      kind: 'neighbour advertisement',
      mac: macText(from, 12),
      address: payload.subarray(48, 64).toString('hex'),
    };
  }
  return undefined;
}

function packetAddress(device: string, protocol: number, destination?: string): Buffer {
  const index = libc.ifNameToIndex(device);
  if (index === 0) throw new Error(`there is no device ${device}`);
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(protocol, 2);
  address.writeInt32LE(index, 4);
  if (destination !== undefined) {
    address[11] = 6;
    macBytes(destination).copy(address, 12);
  }
  return address;
}

function socketAddress4(target: string): Buffer {
  const address = Buffer.alloc(16);
  address.writeUInt16LE(AF_INET, 0);
  addressBytes(target).copy(address, 4);
  return address;
}

function socketAddress6(target: string): Buffer {
  const address = Buffer.alloc(28);
  address.writeUInt16LE(AF_INET6, 0);
  const [head = '', tail = ''] = target.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const front = groups(head);
  const back = target.includes('::') ? groups(tail) : [];
  const zeros = new Array<string>(8 - front.length - back.length).fill('0');
  [...front, ...zeros, ...back].forEach((group, index) => {
    address.writeUInt16BE(Number.parseInt(group, 16), 8 + index * 2);
  });
  return address;
}

function internetChecksum(bytes: Buffer): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) sum += bytes.readUInt16BE(index);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function checked(result: number, call: string): number {
  if (result < 0) throw new Error(`${call} failed`);
  return result;
}

const swap16 = (value: number): number => ((value & 0xff) << 8) | (value >>> 8);
const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(':', ''), 'hex');
const addressBytes = (address: string): Buffer => Buffer.from(address.split('.').map(Number));

const macCache = new Map<number, string>();

function macText(bytes: Buffer, offset: number): string {
  // One number per address: the same few hosts answer a thousand times a second.
  const key = bytes.readUIntBE(offset, 6);
  let text = macCache.get(key);
  if (text === undefined) {
    text = bytes.toString('hex', offset, offset + 6).replace(/(..)(?=.)/g, '$1:');
    macCache.set(key, text);
  }
  return text;
}
