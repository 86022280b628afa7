/**
 * What the kernel says about a network device (netdevice(7)): its index, which changes when a device of the same name
 * is made anew, and the address that `bcast` sends to.
 */
import { failure, type Result, success } from '../../core/result.ts';
import { type Libc, linux, littleEndian } from '../libc.ts';
import { anyAddress, decodeAddress } from './ipv4.ts';

export interface Device {
  readonly name: string;
  readonly index: number;
  /** Absent on a device without an IPv4 address or without broadcast. */
  readonly broadcast?: string;
}

const SIOCGIFADDR = 0x8915;
const SIOCGIFBRDADDR = 0x8919;
const SIOCGIFNETMASK = 0x891b;
const SIOCGIFINDEX = 0x8933;

const nameBytes = 16;
/** `struct ifreq` has 40 bytes where `long` has 8, else 32. */
const ifreqBytes = 40;
const unionAddress = nameBytes + 4;

export function lookUpDevice(native: Libc, name: string): Result<Device> {
  const fd = native.socket(linux.AF_INET, linux.SOCK_DGRAM | linux.SOCK_CLOEXEC, 0);
  if (fd < 0) return failure('socket-failed', { device: name, call: 'socket', error: native.lastError() });
  try {
    const ask = (request: number): Uint8Array | undefined => {
      const ifreq = new Uint8Array(ifreqBytes);
      ifreq.set(new TextEncoder().encode(name).subarray(0, nameBytes - 1));
      return native.ioctl(fd, request, ifreq) === 0 ? ifreq : undefined;
    };
    const answer = ask(SIOCGIFINDEX);
    if (answer === undefined) return failure('device-missing', { device: name });
    const index = new DataView(answer.buffer).getInt32(nameBytes, littleEndian);
    const broadcast = broadcastAddress(ask);
    return success(broadcast === undefined ? { name, index } : { name, index, broadcast });
  } finally {
    native.close(fd);
  }
}

function broadcastAddress(ask: (request: number) => Uint8Array | undefined): string | undefined {
  const address = ask(SIOCGIFADDR)?.subarray(unionAddress);
  const netmask = ask(SIOCGIFNETMASK)?.subarray(unionAddress);
  if (address === undefined || netmask === undefined) return undefined;
  const configured = ask(SIOCGIFBRDADDR)?.subarray(unionAddress);
  if (configured !== undefined && decodeAddress(configured) !== anyAddress) return decodeAddress(configured);
  // `ip address add` without `brd` leaves it unset, and the loopback device never has one. The kernel routes the last
  // address of the subnet as broadcast all the same (fib_add_ifaddr), except for /31 and /32.
  if (netmask[3]! >= 254) return undefined;
  return decodeAddress(address.subarray(0, 4).map((byte, position) => byte | (~netmask[position]! & 0xff)));
}
