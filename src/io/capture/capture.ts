/**
 * Watches UDP datagrams pass on a device without taking part (packet(7)): a second UDP socket on a ucast port would
 * steal the daemon's packets, a packet socket only sees copies. What leaves this machine is seen as well as what
 * arrives. Times come from the kernel, so the reader may be as late as it likes.
 */
import { failure, type Result, success } from '../../core/result.ts';
import { attachProgram } from '../bpf.ts';
import { intBytes, type Libc, libc, linux, littleEndian } from '../libc.ts';
import { lookUpDevice } from '../udp/device.ts';
import { options, setOption } from '../udp/socket-options.ts';
import { type CapturedDatagram, readDatagram } from './datagram.ts';
import { udpFilter } from './udp-filter.ts';

export type { CapturedDatagram } from './datagram.ts';

export interface Capture {
  /** How many packets the kernel dropped because nobody read them in time (PACKET_STATISTICS). */
  dropped(): number;
  close(): void;
}

const AF_PACKET = 17;
const SOL_PACKET = 263;
const PACKET_STATISTICS = 6;
const ETH_P_ALL = 0x0003;
const SIOCGSTAMPNS = 0x8907;
/** Arrivals are read in batches: their times do not depend on when that happens. */
const readIntervalMs = 20;
const receiveBufferBytes = 4 * 1024 * 1024;
const largestDatagram = 65_536;

/** Problem codes: capture-unavailable, device-missing. */
export function openCapture(device: string, port: number, see: (datagram: CapturedDatagram) => void): Result<Capture> {
  const native = libc();
  if (native === undefined) return failure('capture-unavailable', { reason: 'the C library cannot be called (koffi)' });
  const found = lookUpDevice(native, device);
  if (!found.ok) return found;
  // SOCK_DGRAM: the kernel takes the link-layer header off, so every kind of device looks the same.
  const type = linux.SOCK_DGRAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
  const fd = native.socket(AF_PACKET, type, 0);
  if (fd < 0) return failure('capture-unavailable', { reason: native.lastError() });
  const refuse = (): Result<never> => {
    const reason = native.lastError();
    native.close(fd);
    return failure('capture-unavailable', { reason });
  };
  setOption(native, fd, options.receiveBuffer(receiveBufferBytes));
  if (!attachProgram(native, fd, udpFilter(port))) return refuse();
  const address = linkLayerAddress(found.value.index);
  if (native.bind(fd, address, address.length) !== 0) return refuse();

  const stamp = new Uint8Array(2 * native.longBytes);
  // The first question switches time stamps on; it has no answer yet.
  native.ioctl(fd, SIOCGSTAMPNS, stamp);
  const timer = setInterval(() => readAll(native, fd, stamp, device, see), readIntervalMs);
  return success({
    dropped: () => droppedPackets(native, fd),
    close() {
      clearInterval(timer);
      readAll(native, fd, stamp, device, see);
      native.close(fd);
    },
  });
}

function readAll(
  native: Libc,
  fd: number,
  stamp: Uint8Array,
  device: string,
  see: (datagram: CapturedDatagram) => void,
): void {
  const buffer = new Uint8Array(largestDatagram);
  const from = new Uint8Array(20);
  for (;;) {
    const length = Number(native.recvfrom(fd, buffer, buffer.length, linux.MSG_DONTWAIT, from, intBytes(from.length)));
    if (length < 0) return;
    const timed = native.ioctl(fd, SIOCGSTAMPNS, stamp) === 0;
    const datagram = readDatagram(
      buffer.subarray(0, length),
      device,
      timed ? microseconds(native, stamp) : Date.now() * 1000,
    );
    if (datagram !== undefined) see(datagram);
  }
}

/** `struct timespec` of two longs: wall-clock time of arrival, as close to the wire as the kernel gets. */
function microseconds(native: Libc, stamp: Uint8Array): number {
  const view = new DataView(stamp.buffer);
  const long = (offset: number) =>
    native.longBytes === 8 ? Number(view.getBigInt64(offset, littleEndian)) : view.getInt32(offset, littleEndian);
  return long(0) * 1_000_000 + Math.floor(long(native.longBytes) / 1000);
}

/** Reading resets the kernel's count, so it is asked once, at the end. */
function droppedPackets(native: Libc, fd: number): number {
  const statistics = new Uint8Array(8);
  if (native.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, statistics, intBytes(8)) !== 0) return 0;
  return new DataView(statistics.buffer).getUint32(4, littleEndian);
}

/** `struct sockaddr_ll`: every protocol on this device. Protocol in network order, the rest in the machine's. */
function linkLayerAddress(deviceIndex: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, littleEndian);
  view.setUint16(2, ETH_P_ALL, false);
  view.setInt32(4, deviceIndex, littleEndian);
  return bytes;
}
