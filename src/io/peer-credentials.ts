/**
 * Who is at the other end of a unix socket, as the kernel recorded it at connect (SO_PEERCRED, SO_PEERGROUPS; unix(7)).
 * For the audit line and for `apiauth`, which can only take rights away: what a client may do at most comes from the
 * sockets' modes, never from here, and nothing ever from /proc (CVE-2018-16878).
 */
import { intBytes, libc, littleEndian } from './libc.ts';

export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  /** Primary and supplementary groups; only the primary one where the kernel does not tell (before Linux 4.13). */
  readonly gids: readonly number[];
}

const solSocket = 1;
const soPeercred = 17;
const soPeergroups = 59;
/** struct ucred: three 32-bit numbers in the machine's own byte order. */
const ucredBytes = 12;
/** NGROUPS_MAX of linux/limits.h is 65536; nobody is in more than some hundred. */
const groupsMax = 4096;

/** `undefined` when the kernel or the C library does not answer: the audit line then says "unknown". */
export function peerCredentials(descriptor: number): PeerCredentials | undefined {
  const words = option(descriptor, soPeercred, ucredBytes);
  const [pid, uid, gid] = words ?? [];
  if (pid === undefined || uid === undefined || gid === undefined) return undefined;
  const groups = option(descriptor, soPeergroups, groupsMax * 4) ?? [];
  return { pid, uid, gid, gids: [...new Set([gid, ...groups])] };
}

/** What the kernel answers, as 32-bit numbers. */
function option(descriptor: number, name: number, capacityBytes: number): number[] | undefined {
  if (descriptor < 0) return undefined;
  const value = new Uint8Array(capacityBytes);
  const length = intBytes(capacityBytes);
  if (libc()?.getsockopt(descriptor, solSocket, name, value, length) !== 0) return undefined;
  const bytes = new DataView(length.buffer).getInt32(0, littleEndian);
  const view = new DataView(value.buffer);
  return Array.from({ length: Math.floor(bytes / 4) }, (_, index) => view.getInt32(index * 4, littleEndian));
}
