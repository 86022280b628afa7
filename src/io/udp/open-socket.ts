/**
 * Opens the two kinds of socket a link needs: one to receive on the configured port, one to send from a port of its
 * own, both bound to the link's device, so that a packet that came over another network never counts for this link.
 *
 * No SO_REUSEPORT: with it a second process on the same port (a real heartbeat, a daemon started twice) would silently
 * take a share of the keepalives, and this node would believe its peer dead. A port in use is an error that says so.
 */
import type { DatagramLink } from '../../core/config/configuration.ts';
import { failure, type Problem, type Result, success } from '../../core/result.ts';
import { type Libc, linux } from '../libc.ts';
import { attachDatagramFilter } from './datagram-filter.ts';
import type { Device } from './device.ts';
import { encodeSockaddr } from './ipv4.ts';
import { encodeSockaddr6 } from './ipv6.ts';
import { bindAddress, familyOf, type ReceiverPlan } from './plan.ts';
import {
  optionRefused,
  options,
  receiveBufferBytes,
  type SocketOption,
  setOption,
  setOptions,
} from './socket-options.ts';

export interface OpenSocket {
  readonly fd: number;
  readonly warnings: readonly Problem[];
}

export interface ReceiveSocket extends OpenSocket {
  readonly family: 4 | 6;
  /** No more datagrams than this can be waiting at once. */
  readonly queueLimit: number;
}

export interface SendSocket extends OpenSocket {
  readonly destination: Uint8Array;
}

/** A pause of ten seconds at keepalive 10 ms on two sending nodes fits; the kernel may grant less. */
const wantedReceiveBytes = 1024 * 1024;
/** The least the kernel charges a waiting datagram with: its sk_buff (232 bytes since Linux 4.x) and a data area. */
const leastBytesPerDatagram = 512;
/** "Low delay", as Heartbeat marks ucast packets. */
const lowDelay = 0x10;

export function openReceiveSocket(
  native: Libc,
  plan: ReceiverPlan,
  device: Device,
  port: number,
  starts: readonly string[] = [],
): Result<ReceiveSocket> {
  const address = bindAddress(plan, device.broadcast);
  if (address === undefined) return failure('device-without-broadcast', { device: device.name });
  const only = plan.family === 4 ? [options.multicastAll(0)] : [options.onlyVersion6(1), options.multicastAll6(0)];
  return opened(native, device.name, plan.family, (fd) => {
    const warnings = setOptions(native, fd, device.name, [options.reuseAddress(1), ...only]);
    // Beyond net.core.rmem_max only with CAP_NET_ADMIN: a flood fills what the system grants otherwise in 30 ms.
    if (!setOption(native, fd, options.receiveBufferForced(wantedReceiveBytes)))
      warnings.push(...setOptions(native, fd, device.name, [options.receiveBuffer(wantedReceiveBytes)]));
    const refused = plan.refuseBroadcasts ? device.broadcast : undefined;
    if (!attachDatagramFilter(native, fd, starts, refused)) {
      warnings.push(optionRefused(device.name, 'SO_ATTACH_FILTER', native.lastError()));
    }
    const local = socketAddress(address, port, device);
    if (native.bind(fd, local, local.length) !== 0) {
      return bindFailure(device.name, port, native.lastError());
    }
    if (typeof plan.bindTo !== 'string') {
      const join = plan.family === 4 ? options.addMembership : options.joinGroup6;
      const membership = join(plan.bindTo.group, device.index);
      if (!setOption(native, fd, membership)) return callFailure(device.name, membership.name, native.lastError());
    }
    return success({ fd, warnings, family: plan.family, queueLimit: queueLimit(native, fd) });
  });
}

export function openSendSocket(native: Libc, link: DatagramLink, device: Device): Result<SendSocket> {
  const address = destinationAddress(link, device);
  if (address === undefined) return failure('device-without-broadcast', { device: device.name });
  return opened(native, device.name, familyOf(link), (fd) => {
    const warnings = setOptions(native, fd, device.name, sendOptions(link, device));
    return success({ fd, warnings, destination: socketAddress(address, link.port, device) });
  });
}

/**
 * While another socket of this process is being bound to the same device and port, those already open must allow it;
 * the rest of the time nobody else may join them there.
 */
export function allowSharing(native: Libc, fd: number, allowed: boolean): void {
  setOption(native, fd, options.reuseAddress(allowed ? 1 : 0));
}

/** Makes a socket bound to the device; closes it again when `configure` fails. */
function opened<Socket extends OpenSocket>(
  native: Libc,
  device: string,
  family: 4 | 6,
  configure: (fd: number) => Result<Socket>,
): Result<Socket> {
  const domain = family === 4 ? linux.AF_INET : linux.AF_INET6;
  const fd = native.socket(domain, linux.SOCK_DGRAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, 0);
  if (fd < 0) return callFailure(device, 'socket', native.lastError());
  const bound = setOption(native, fd, options.bindToDevice(device));
  const error = bound ? '' : native.lastError();
  // Without the privilege (kernels before 5.7) the link works, only a packet from another network could count for it.
  const tolerable = error === 'EPERM' || error === 'ENOPROTOOPT';
  const result: Result<Socket> = bound || tolerable ? configure(fd) : callFailure(device, 'SO_BINDTODEVICE', error);
  if (!result.ok) native.close(fd);
  if (!result.ok || bound) return result;
  const warning = optionRefused(device, 'SO_BINDTODEVICE', error);
  return success({ ...result.value, warnings: [warning, ...result.value.warnings] });
}

function sendOptions(link: DatagramLink, device: Device): SocketOption[] {
  switch (link.kind) {
    case 'ucast':
      return [options.typeOfService(lowDelay), options.timeToLive(64)];
    case 'bcast':
      return [options.broadcast(1), options.dontRoute(1)];
    case 'mcast':
      return [
        options.multicastInterface(device.index),
        options.multicastTimeToLive(link.ttl),
        options.multicastLoop(link.loop ? 1 : 0),
      ];
    case 'ucast6':
      return [options.trafficClass6(lowDelay), options.hops6(64)];
    case 'mcast6':
      return [
        options.multicastInterface6(device.index),
        options.multicastHops6(link.hops),
        options.multicastLoop6(link.loop ? 1 : 0),
      ];
  }
}

function destinationAddress(link: DatagramLink, device: Device): string | undefined {
  if (link.kind === 'bcast') return device.broadcast;
  return 'peerAddress' in link ? link.peerAddress : link.group;
}

function socketAddress(address: string, port: number, device: Device): Uint8Array {
  return address.includes(':') ? encodeSockaddr6(address, port, device.index) : encodeSockaddr(address, port);
}

function queueLimit(native: Libc, fd: number): number {
  return Math.max(64, Math.ceil(receiveBufferBytes(native, fd) / leastBytesPerDatagram));
}

function bindFailure(device: string, port: number, error: string): Result<never> {
  if (error === 'EADDRINUSE') return failure('port-in-use', { device, port });
  if (error === 'EACCES') return failure('port-forbidden', { device, port });
  return callFailure(device, `bind to port ${port}`, error);
}

function callFailure(device: string, call: string, error: string): Result<never> {
  if (error === 'ENODEV') return failure('device-missing', { device });
  return failure('socket-failed', { device, call, error });
}
