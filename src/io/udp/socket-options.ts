/**
 * Socket options by name. One that the kernel refuses is a warning and the link works without it: Heartbeat gave up a
 * ucast link on kernels without SO_REUSEPORT ("error setting option SO_REUSEPORT"), although it could do without.
 */
import { assert } from '../../core/assert.ts';
import type { Problem } from '../../core/result.ts';
import { intBytes, type Libc, littleEndian } from '../libc.ts';
import { encodeAddress } from './ipv4.ts';
import { encodeAddress6 } from './ipv6.ts';

export interface SocketOption {
  readonly name: string;
  readonly level: number;
  readonly option: number;
  readonly value: Uint8Array;
}

const SOL_SOCKET = 1;
const IPPROTO_IP = 0;
const IPPROTO_IPV6 = 41;

const socketLevel =
  (name: string, option: number) =>
  (value: number | Uint8Array): SocketOption => ({
    name,
    level: SOL_SOCKET,
    option,
    value: typeof value === 'number' ? intBytes(value) : value,
  });
const ipLevel =
  (name: string, option: number, level = IPPROTO_IP) =>
  (value: number | Uint8Array): SocketOption => ({
    name,
    level,
    option,
    value: typeof value === 'number' ? intBytes(value) : value,
  });
const ip6Level = (name: string, option: number) => ipLevel(name, option, IPPROTO_IPV6);

/** Numbers of asm-generic/socket.h, linux/in.h and linux/in6.h. */
export const options = {
  reuseAddress: socketLevel('SO_REUSEADDR', 2),
  dontRoute: socketLevel('SO_DONTROUTE', 5),
  broadcast: socketLevel('SO_BROADCAST', 6),
  receiveBuffer: socketLevel('SO_RCVBUF', 8),
  receiveBufferForced: socketLevel('SO_RCVBUFFORCE', 33),
  bindToDevice: (device: string) => socketLevel('SO_BINDTODEVICE', 25)(new TextEncoder().encode(`${device}\0`)),
  attachFilter: socketLevel('SO_ATTACH_FILTER', 26),
  typeOfService: ipLevel('IP_TOS', 1),
  timeToLive: ipLevel('IP_TTL', 2),
  multicastInterface: (deviceIndex: number) => ipLevel('IP_MULTICAST_IF', 32)(ipMreqn('0.0.0.0', deviceIndex)),
  multicastTimeToLive: ipLevel('IP_MULTICAST_TTL', 33),
  multicastLoop: ipLevel('IP_MULTICAST_LOOP', 34),
  addMembership: (group: string, deviceIndex: number) => ipLevel('IP_ADD_MEMBERSHIP', 35)(ipMreqn(group, deviceIndex)),
  /** 0: only groups that this very socket joined, not those of every socket on the machine. */
  multicastAll: ipLevel('IP_MULTICAST_ALL', 49),
  trafficClass6: ip6Level('IPV6_TCLASS', 67),
  hops6: ip6Level('IPV6_UNICAST_HOPS', 16),
  multicastInterface6: ip6Level('IPV6_MULTICAST_IF', 17),
  multicastHops6: ip6Level('IPV6_MULTICAST_HOPS', 18),
  multicastLoop6: ip6Level('IPV6_MULTICAST_LOOP', 19),
  joinGroup6: (group: string, deviceIndex: number) => ip6Level('IPV6_JOIN_GROUP', 20)(ipv6Mreq(group, deviceIndex)),
  /** 1: the socket leaves IPv4 to those of the same port that are opened for it. */
  onlyVersion6: ip6Level('IPV6_V6ONLY', 26),
  multicastAll6: ip6Level('IPV6_MULTICAST_ALL', 29),
} as const;

export function setOption(native: Libc, fd: number, { level, option, value }: SocketOption): boolean {
  return native.setsockopt(fd, level, option, value, value.length) === 0;
}

/** Sets each; returns a warning for each one that was refused. */
export function setOptions(native: Libc, fd: number, device: string, wanted: readonly SocketOption[]): Problem[] {
  const refused: Problem[] = [];
  for (const option of wanted) {
    if (!setOption(native, fd, option)) refused.push(optionRefused(device, option.name, native.lastError()));
  }
  return refused;
}

export function optionRefused(device: string, option: string, error: string): Problem {
  return { code: 'socket-option-refused', fields: { device, option, error } };
}

/** What the kernel made of SO_RCVBUF: it doubles the request and limits it to net.core.rmem_max. */
export function receiveBufferBytes(native: Libc, fd: number): number {
  const value = new Uint8Array(4);
  const { level, option } = options.receiveBuffer(0);
  if (native.getsockopt(fd, level, option, value, intBytes(4)) !== 0) return 0;
  return new DataView(value.buffer).getInt32(0, littleEndian);
}

/** SO_MEMINFO, linux/sock_diag.h: the last of nine words counts what the socket's filter and its full buffer threw away. */
const memoryInformation = { option: 55, words: 9, drops: 8 };

export function datagramsDropped(native: Libc, fd: number): number {
  const value = new Uint8Array(4 * memoryInformation.words);
  if (native.getsockopt(fd, SOL_SOCKET, memoryInformation.option, value, intBytes(value.length)) !== 0) return 0;
  return new DataView(value.buffer).getUint32(4 * memoryInformation.drops, littleEndian);
}

/** `struct ip_mreqn`: group, local address (any), device index. */
function ipMreqn(group: string, deviceIndex: number): Uint8Array {
  assert(deviceIndex > 0, 'a multicast socket needs the index of its device');
  const bytes = new Uint8Array(12);
  bytes.set(encodeAddress(group), 0);
  bytes.set(intBytes(deviceIndex), 8);
  return bytes;
}

/** `struct ipv6_mreq`: group, device index. */
function ipv6Mreq(group: string, deviceIndex: number): Uint8Array {
  assert(deviceIndex > 0, 'a multicast socket needs the index of its device');
  const bytes = new Uint8Array(20);
  bytes.set(encodeAddress6(group), 0);
  bytes.set(intBytes(deviceIndex), 16);
  return bytes;
}
