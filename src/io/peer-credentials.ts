/**
 * Who is at the other end of a unix socket, as the kernel recorded it at connect (SO_PEERCRED, unix(7)). For the audit
 * line only: rights come from the sockets' modes, never from this, and never from /proc (CVE-2018-16878).
 */
import { intBytes, libc, littleEndian } from './libc.ts';

export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

const solSocket = 1;
const soPeercred = 17;
/** struct ucred: three 32-bit numbers in the machine's own byte order. */
const ucredBytes = 12;

/** `undefined` when the kernel or the C library does not answer: the audit line then says "unknown". */
export function peerCredentials(descriptor: number): PeerCredentials | undefined {
  const value = new Uint8Array(ucredBytes);
  if (descriptor < 0) return undefined;
  if (libc()?.getsockopt(descriptor, solSocket, soPeercred, value, intBytes(ucredBytes)) !== 0) return undefined;
  const words = new DataView(value.buffer);
  const word = (index: number) => words.getInt32(index * 4, littleEndian);
  return { pid: word(0), uid: word(1), gid: word(2) };
}
