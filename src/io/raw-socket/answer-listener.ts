/**
 * Hears what the network answers to address probes: ARP frames of every device, or ICMPv6 neighbour advertisements.
 * One socket a family, shared by all probes under way. Between probes the kernel keeps a small buffer and drops the rest.
 */

import type { AddressFamily, ConflictWatch, NetworkLink } from '../../../resource-agents/context.ts';
import { assert } from '../../core/assert.ts';
import { intBytes, type Libc, linux, littleEndian } from '../libc.ts';
import { advertisementClaim, arpClaim, equalBytes, etherType, hardwareText } from './frames.ts';

export interface AnswerListener {
  /** Call before the probe is sent. `own`: hardware addresses of this machine, whose answers do not count. */
  watch(link: NetworkLink, address: Uint8Array, own: readonly Uint8Array[]): ConflictWatch;
}

const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const IPPROTO_ICMPV6 = 58;
const ICMPV6_FILTER = 1;
const NEIGHBOUR_ADVERTISEMENT = 136;
const receiveBufferSize = 65_536;
const maximumFrame = 2048;
/** Bounds one look: more frames than the receive buffer can hold. */
const maximumFramesPerLook = 1024;
/** Bounds those whose owner never looked again; the oldest goes. */
const maximumWatchers = 256;

interface Watcher {
  readonly index: number;
  readonly address: Uint8Array;
  readonly own: readonly Uint8Array[];
  stranger: string | undefined;
}

export function openListener(system: Libc, family: AddressFamily): AnswerListener | undefined {
  const descriptor = family === 'ipv4' ? openArp(system) : openAdvertisements(system);
  if (descriptor < 0) return undefined;
  const watchers = new Set<Watcher>();
  const buffer = new Uint8Array(maximumFrame);
  const from = new Uint8Array(28);
  const fromSize = new Uint8Array(4);

  /** Reads what has arrived, without waiting, and shows each frame to every watcher. */
  const look = (): void => {
    for (let count = 0; count < maximumFramesPerLook; count += 1) {
      fromSize.set(intBytes(from.length));
      const length = system.recvfrom(descriptor, buffer, buffer.length, 0, from, fromSize);
      if (length <= 0) return;
      const frame = buffer.subarray(0, length);
      for (const watcher of watchers) notice(watcher, family, frame, from);
    }
  };

  return {
    watch(link, address, own) {
      look();
      const watcher: Watcher = { index: link.index, address, own, stranger: undefined };
      watchers.add(watcher);
      if (watchers.size > maximumWatchers) watchers.delete(firstOf(watchers));
      return {
        answeredBy() {
          look();
          return watcher.stranger;
        },
        close: () => void watchers.delete(watcher),
      };
    },
  };
}

function notice(watcher: Watcher, family: AddressFamily, frame: Uint8Array, from: Uint8Array): void {
  // `struct sockaddr_ll`: device index at 4. An advertisement comes from the address itself, whose scope names no device.
  const sameDevice = family === 'ipv6' || new DataView(from.buffer).getInt32(4, littleEndian) === watcher.index;
  if (!sameDevice) return;
  const claim = family === 'ipv4' ? arpClaim(frame, watcher.address) : advertisementClaim(frame, watcher.address);
  if (claim === undefined || watcher.own.some((hardware) => equalBytes(hardware, claim))) return;
  watcher.stranger ??= hardwareText(claim);
}

function openArp(system: Libc): number {
  const type = linux.SOCK_RAW | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
  const descriptor = system.socket(linux.AF_PACKET, type, 0);
  if (descriptor < 0) return descriptor;
  limitBuffer(system, descriptor);
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, linux.AF_PACKET, littleEndian);
  view.setUint16(2, etherType.arp);
  return system.bind(descriptor, address, address.length) === 0 ? descriptor : closed(system, descriptor);
}

function openAdvertisements(system: Libc): number {
  const type = linux.SOCK_RAW | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
  const descriptor = system.socket(linux.AF_INET6, type, IPPROTO_ICMPV6);
  if (descriptor < 0) return descriptor;
  limitBuffer(system, descriptor);
  // `struct icmp6_filter`: a set bit blocks the type (RFC 3542 section 3.2).
  const filter = new Uint32Array(8).fill(0xffffffff);
  filter[NEIGHBOUR_ADVERTISEMENT >> 5] = ~(1 << (NEIGHBOUR_ADVERTISEMENT & 31));
  const bytes = new Uint8Array(filter.buffer);
  const filtered = system.setsockopt(descriptor, IPPROTO_ICMPV6, ICMPV6_FILTER, bytes, bytes.length) === 0;
  return filtered ? descriptor : closed(system, descriptor);
}

function limitBuffer(system: Libc, descriptor: number): void {
  const size = intBytes(receiveBufferSize);
  system.setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, size, size.length);
}

function firstOf(watchers: ReadonlySet<Watcher>): Watcher {
  const [first] = watchers;
  assert(first !== undefined, 'a set over its limit is not empty');
  return first;
}

function closed(system: Libc, descriptor: number): number {
  system.close(descriptor);
  return -1;
}
