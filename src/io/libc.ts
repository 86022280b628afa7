/**
 * The few C library calls that Node does not offer, through koffi: sockets bound to a device, AF_UNIX datagrams, the
 * settings of a serial line, and a clock that counts suspend. A call takes 0.1 to 2 microseconds. koffi is loaded on first
 * use; without it (a platform it has no build for) `libc` returns `undefined` and each adapter says what it cannot do.
 */
import { createRequire } from 'node:module';
import { endianness } from 'node:os';
import { getSystemErrorName } from 'node:util';

type Koffi = typeof import('koffi');

export interface Libc {
  /** CLOCK_* id and a buffer for `struct timespec`. */
  clockGettime(clockId: number, timespec: Uint8Array): number;
  socket(family: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, option: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, option: number, value: Uint8Array, length: Uint8Array): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  sendto(
    fd: number,
    bytes: Uint8Array,
    length: number,
    flags: number,
    address: Uint8Array,
    addressLength: number,
  ): number;
  recvfrom(
    fd: number,
    bytes: Uint8Array,
    length: number,
    flags: number,
    address: Uint8Array,
    addressLength: Uint8Array,
  ): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  close(fd: number): number;
  mkfifo(path: string, mode: number): number;
  /** termios(3), on a buffer of at least `termiosBytes`. `speed` as a number of bits a second. */
  tcgetattr(fd: number, termios: Uint8Array): number;
  tcsetattr(fd: number, actions: number, termios: Uint8Array): number;
  cfmakeraw(termios: Uint8Array): void;
  cfsetspeed(termios: Uint8Array, speed: number): number;
  /** syscall(2) with three arguments: for what the C library has no function for, or one that does more. */
  syscall(number: number, first: bigint, second: bigint, third: bigint): bigint | number;
  /** reboot(2). */
  reboot(command: number): number;
  /** _exit(2): ends the process at once, without the exit handlers of any library. */
  exitNow(code: number): void;
  /** flock(2): for the lock that only the owner's death releases. */
  flock(fd: number, operation: number): number;
  /** sched_setscheduler(2) for the calling thread (pid 0). */
  schedSetscheduler(pid: number, policy: number, parameter: Uint8Array): number;
  /** Name of the error of the last failed call in this thread: `EAGAIN`, or `errno 523` for one without a name. */
  lastError(): string;
  /** Where the bytes lie in memory, for structures that hold a pointer. Keep a reference to them until the call is over. */
  addressOf(bytes: Uint8Array): bigint;
  /** `sizeof(long)`: the layout of `struct timespec` depends on it. */
  readonly longBytes: number;
}

export const littleEndian = endianness() === 'LE';

/** Values of Linux that are the same on every architecture Node is built for. */
export const linux = {
  AF_UNIX: 1,
  AF_INET: 2,
  AF_INET6: 10,
  AF_NETLINK: 16,
  AF_PACKET: 17,
  SOCK_DGRAM: 2,
  SOCK_RAW: 3,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  MSG_DONTWAIT: 0x40,
  MSG_NOSIGNAL: 0x4000,
  CLOCK_BOOTTIME: 7,
} as const;

let loaded: Libc | undefined;
let tried = false;

export function libc(): Libc | undefined {
  if (!tried) {
    tried = true;
    loaded = load();
  }
  return loaded;
}

/** An integer socket option in the machine's byte order. */
export function intBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, littleEndian);
  return bytes;
}

function load(): Libc | undefined {
  try {
    return declare(createRequire(import.meta.url)('koffi') as Koffi);
  } catch {
    return undefined;
  }
}

function declare(koffi: Koffi): Libc {
  const library = koffi.load(null);
  return {
    clockGettime: library.func('int clock_gettime(int clock, void *timespec)'),
    socket: library.func('int socket(int family, int type, int protocol)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int option, const void *value, uint32_t length)'),
    getsockopt: library.func('int getsockopt(int fd, int level, int option, void *value, void *length)'),
    bind: library.func('int bind(int fd, const void *address, uint32_t length)'),
    sendto: library.func(
      'intptr_t sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t addressLength)',
    ),
    recvfrom: library.func(
      'intptr_t recvfrom(int fd, void *bytes, size_t length, int flags, void *address, void *addressLength)',
    ),
    ioctl: library.func('int ioctl(int fd, unsigned long request, void *argument)'),
    close: library.func('int close(int fd)'),
    mkfifo: library.func('int mkfifo(const char *path, uint32_t mode)'),
    tcgetattr: library.func('int tcgetattr(int fd, void *termios)'),
    tcsetattr: library.func('int tcsetattr(int fd, int actions, const void *termios)'),
    cfmakeraw: library.func('void cfmakeraw(_Inout_ void *termios)'),
    cfsetspeed: library.func('int cfsetspeed(_Inout_ void *termios, unsigned int speed)'),
    syscall: library.func('long syscall(long number, long first, long second, long third)'),
    reboot: library.func('int reboot(int command)'),
    exitNow: library.func('void _exit(int code)'),
    flock: library.func('int flock(int fd, int operation)'),
    schedSetscheduler: library.func('int sched_setscheduler(int pid, int policy, const void *parameter)'),
    lastError: () => errorName(koffi.errno()),
    addressOf: (bytes) => koffi.address(bytes),
    longBytes: koffi.sizeof('long'),
  };
}

function errorName(code: number): string {
  try {
    return getSystemErrorName(-code);
  } catch {
    return `errno ${code}`;
  }
}
