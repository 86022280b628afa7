/**
 * Opens the two kinds of socket a link needs: one to receive on the configured port, one to send from a port of its
 * own, both bound to the link's device, so that a packet that came over another network never counts for this link.
 *
 * No SO_REUSEPORT: with it a second process on the same port (a real heartbeat, a daemon started twice) would silently
 * take a share of the keepalives, and this node would believe its peer dead. A port in use is an error that says so.
 */
import type { LinkConfiguration } from '../../core/config/configuration.ts';
import { failure, type Problem, type Result, success } from '../../core/result.ts';
import { type Libc, linux } from '../libc.ts';
import { refuseBroadcasts } from './broadcast-filter.ts';
import type { Device } from './device.ts';
import { encodeSockaddr, sockaddrBytes } from './ipv4.ts';
import { bindAddress, type ReceiverPlan } from './plan.ts';
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
): Result<ReceiveSocket> {
  const address = bindAddress(plan, device.broadcast);
  if (address === undefined) return failure('device-without-broadcast', { device: device.name });
  return opened(native, device.name, (fd) => {
    const wanted = [options.reuseAddress(1), options.receiveBuffer(wantedReceiveBytes), options.multicastAll(0)];
    const warnings = setOptions(native, fd, device.name, wanted);
    if (plan.refuseBroadcasts && device.broadcast !== undefined && !refuseBroadcasts(native, fd, device.broadcast)) {
      warnings.push(optionRefused(device.name, 'SO_ATTACH_FILTER', native.lastError()));
    }
    if (native.bind(fd, encodeSockaddr(address, port), sockaddrBytes) !== 0) {
      return bindFailure(device.name, port, native.lastError());
    }
    if (typeof plan.bindTo !== 'string') {
      const joined = setOption(native, fd, options.addMembership(plan.bindTo.group, device.index));
      if (!joined) return callFailure(device.name, 'IP_ADD_MEMBERSHIP', native.lastError());
    }
    return success({ fd, warnings, queueLimit: queueLimit(native, fd) });
  });
}

export function openSendSocket(native: Libc, link: LinkConfiguration, device: Device): Result<SendSocket> {
  const address = destinationAddress(link, device);
  if (address === undefined) return failure('device-without-broadcast', { device: device.name });
  return opened(native, device.name, (fd) => {
    const warnings = setOptions(native, fd, device.name, sendOptions(link, device));
    return success({ fd, warnings, destination: encodeSockaddr(address, link.port) });
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
  configure: (fd: number) => Result<Socket>,
): Result<Socket> {
  const fd = native.socket(linux.AF_INET, linux.SOCK_DGRAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, 0);
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

function sendOptions(link: LinkConfiguration, device: Device): SocketOption[] {
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
  }
}

function destinationAddress(link: LinkConfiguration, device: Device): string | undefined {
  if (link.kind === 'ucast') return link.peerAddress;
  return link.kind === 'mcast' ? link.group : device.broadcast;
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
