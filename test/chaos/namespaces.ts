/** The system calls with which one process looks into several machines: sockets of another network namespace, and pidfds. */
import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';
import { libc } from '../lab/libc.ts';

const c = koffi.load('libc.so.6');
const setns = c.func('int setns(int fd, int kind)') as (fd: number, kind: number) => number;
const syscall = c.func('long syscall(long number, long first, long second)') as (
  number: number,
  first: number,
  second: number,
) => number;

const CLONE_NEWNET = 0x40000000;
/** The same number on every architecture that Node is built for. */
const SYS_pidfd_open = 434;

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_ROUTE = 0;

/** An rtnetlink socket in the network of the machine whose first process is `pid`; `groups` 0: no notifications. */
export function routeSocketOf(pid: number, groups: number): number {
  const own = openSync('/proc/self/ns/net', 'r');
  const other = openSync(`/proc/${pid}/ns/net`, 'r');
  try {
    if (setns(other, CLONE_NEWNET) !== 0) throw new Error(`the network of process ${pid} cannot be entered`);
    const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    const address = Buffer.alloc(12);
    address.writeUInt16LE(AF_NETLINK, 0);
    address.writeUInt32LE(groups, 8);
    if (fd < 0 || libc.bind(fd, address, address.length) !== 0) throw new Error('no rtnetlink socket');
    return fd;
  } finally {
    setns(own, CLONE_NEWNET);
    closeSync(own);
    closeSync(other);
  }
}

/** Becomes readable when the process has ended. Undefined when it has ended already. */
export function openPidfd(pid: number): number | undefined {
  const fd = syscall(SYS_pidfd_open, pid, 0);
  return fd < 0 ? undefined : fd;
}
