/**
 * The few system calls that the measuring programs need and Node does not offer: packet sockets, a wait with
 * microsecond precision, real-time scheduling, the boot-time clock. The calls block, which is the point: a program
 * that only measures has nothing else to do, and a blocking wait is more punctual than an event loop.
 */
import koffi from 'koffi';

const c = koffi.load('libc.so.6');

export const libc = {
  socket: c.func('int socket(int domain, int type, int protocol)') as (d: number, t: number, p: number) => number,
  bind: c.func('int bind(int fd, const void *address, uint32_t length)') as (f: number, a: Buffer, l: number) => number,
  setsockopt: c.func('int setsockopt(int fd, int level, int option, const void *value, uint32_t length)') as (
    fd: number,
    level: number,
    option: number,
    value: Buffer,
    length: number,
  ) => number,
  sendto: c.func(
    'int64_t sendto(int fd, const void *data, uint64_t size, int flags, const void *address, uint32_t length)',
  ) as (fd: number, data: Buffer, size: number, flags: number, address: Buffer, length: number) => number,
  recvfrom: c.func('int64_t recvfrom(int fd, void *data, uint64_t size, int flags, void *address, void *length)') as (
    fd: number,
    data: Buffer,
    size: number,
    flags: number,
    address: Buffer | null,
    length: Buffer | null,
  ) => number,
  close: c.func('int close(int fd)') as (fd: number) => number,
  ifNameToIndex: c.func('unsigned int if_nametoindex(const char *name)') as (name: string) => number,
};

const ppoll = c.func('int ppoll(void *fds, unsigned long count, const void *timeout, const void *mask)') as (
  fds: Buffer,
  count: number,
  timeout: Buffer,
  mask: null,
) => number;
const clockGettime = c.func('int clock_gettime(int clock, void *time)') as (clock: number, time: Buffer) => number;
const schedSetscheduler = c.func('int sched_setscheduler(int pid, int policy, const void *parameter)') as (
  pid: number,
  policy: number,
  parameter: Buffer,
) => number;

const CLOCK_BOOTTIME = 7;
const SCHED_RR = 2;
const POLLIN = 1;

const timespec = Buffer.alloc(16);

/** Microseconds of CLOCK_BOOTTIME, the clock of the daemon's journal, so that the two can be compared. */
export function bootTimeUs(): number {
  clockGettime(CLOCK_BOOTTIME, timespec);
  return Number(timespec.readBigInt64LE(0)) * 1e6 + Math.round(Number(timespec.readBigInt64LE(8)) / 1000);
}

/** A clock that costs no system call into koffi: `performance.now()` with the distance to boot time measured once. */
export function fastBootClock(): () => number {
  let best = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (let round = 0; round < 50; round += 1) {
    const before = performance.now();
    const boot = bootTimeUs();
    const after = performance.now();
    if (after - before < best) {
      best = after - before;
      offset = boot - ((before + after) / 2) * 1000;
    }
  }
  return () => performance.now() * 1000 + offset;
}

/** SCHED_RR for this process; false where the kernel refuses (a user namespace has no such right). */
export function runAtRealTimePriority(priority: number): boolean {
  const parameter = Buffer.alloc(4);
  parameter.writeInt32LE(priority);
  return schedSetscheduler(0, SCHED_RR, parameter) === 0;
}

/** Waits until one of the descriptors is readable or the time is over; answers which are readable. */
export function createWaiter(fds: readonly number[]): (timeoutUs: number) => boolean[] {
  const table = Buffer.alloc(8 * fds.length);
  const timeout = Buffer.alloc(16);
  const readable = fds.map(() => false);
  fds.forEach((fd, index) => {
    table.writeInt32LE(fd, index * 8);
    table.writeInt16LE(POLLIN, index * 8 + 4);
  });
  return (timeoutUs) => {
    const wait = Math.max(0, Math.round(timeoutUs));
    timeout.writeBigInt64LE(BigInt(Math.floor(wait / 1e6)), 0);
    timeout.writeBigInt64LE(BigInt((wait % 1e6) * 1000), 8);
    ppoll(table, fds.length, timeout, null);
    for (let index = 0; index < fds.length; index += 1) readable[index] = table.readInt16LE(index * 8 + 6) !== 0;
    return readable;
  };
}

export function lastErrno(): number {
  return koffi.errno();
}
