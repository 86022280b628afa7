/**
 * Raw sockets that send announcements and probes and hear the answers (packet(7), icmp6 raw sockets of ipv6(7)).
 * All stay open until the process ends: closing a packet socket waits for the kernel's grace period (16 ms measured),
 * which would be paid in the middle of a takeover. Reads never block; whoever waits asks again by timer.
 */
import type { AddressFamily, ConflictWatch, NetworkLink } from '../../../resource-agents/context.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { type Libc, linux, littleEndian } from '../libc.ts';
import { type AnswerListener, openListener } from './answer-listener.ts';
import * as frames from './frames.ts';

export interface PacketSockets {
  announce(link: NetworkLink, family: AddressFamily, address: Uint8Array): Result<void>;
  /** `own`: hardware addresses of this machine, whose answers do not count. */
  probe(
    link: NetworkLink,
    family: AddressFamily,
    address: Uint8Array,
    own: readonly Uint8Array[],
  ): ConflictWatch | undefined;
}

export function openPacketSockets(system: Libc): Result<PacketSockets> {
  // Protocol 0: this one only sends.
  const type = linux.SOCK_RAW | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
  const sender = system.socket(linux.AF_PACKET, type, 0);
  if (sender < 0) return failure('raw-socket-unavailable', { reason: system.lastError() });
  const listeners = new Map<AddressFamily, AnswerListener>();

  const transmit = (link: NetworkLink, frame: Uint8Array): Result<void> => {
    const to = linkLayerAddress(link.index, frame);
    const sent = system.sendto(sender, frame, frame.length, 0, to, to.length);
    if (sent === frame.length) return success(undefined);
    return failure('announce-failed', { nic: link.name, reason: system.lastError() });
  };

  return success({
    announce(link, family, address) {
      if (!link.ethernet) return success(undefined);
      if (family === 'ipv6') return transmit(link, frames.unsolicitedAdvertisement(link.hardware, address));
      const request = transmit(link, frames.gratuitousArp('request', link.hardware, address));
      const reply = transmit(link, frames.gratuitousArp('reply', link.hardware, address));
      return request.ok ? reply : request;
    },
    probe(link, family, address, own) {
      if (!link.ethernet || !link.up) return undefined;
      const listener = listeners.get(family) ?? openListener(system, family);
      if (listener === undefined) return undefined;
      listeners.set(family, listener);
      const watch = listener.watch(link, address, own);
      const probe =
        family === 'ipv4' ? frames.arpProbe(link.hardware, address) : frames.neighbourProbe(link.hardware, address);
      if (transmit(link, probe).ok) return watch;
      watch.close();
      return undefined;
    },
  });
}

/** `struct sockaddr_ll` for a complete Ethernet frame. */
function linkLayerAddress(index: number, frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, linux.AF_PACKET, littleEndian);
  bytes.set(frame.subarray(12, 14), 2);
  view.setInt32(4, index, littleEndian);
  bytes[11] = 6;
  bytes.set(frame.subarray(0, 6), 12);
  return bytes;
}
