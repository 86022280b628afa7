/**
 * Who is at the other end of a unix socket, as the kernel recorded it at connect (SO_PEERCRED, unix(7)). For the audit
 * line only: rights come from the sockets' modes, never from this, and never from /proc (CVE-2018-16878).
 */
import { load } from 'koffi';

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
  const getsockopt = getsockoptFunction();
  if (getsockopt === undefined || descriptor < 0) return undefined;
  const value = Buffer.alloc(ucredBytes);
  const length = Buffer.alloc(4);
  new Uint32Array(length.buffer, length.byteOffset, 1)[0] = ucredBytes;
  if (getsockopt(descriptor, solSocket, soPeercred, value, length) !== 0) return undefined;
  const words = new Int32Array(value.buffer, value.byteOffset, 3);
  return { pid: words[0] ?? 0, uid: words[1] ?? -1, gid: words[2] ?? -1 };
}

type Getsockopt = (descriptor: number, level: number, name: number, value: Buffer, length: Buffer) => number;
let loaded: Getsockopt | undefined | null = null;

function getsockoptFunction(): Getsockopt | undefined {
  if (loaded !== null) return loaded;
  try {
    loaded = load('libc.so.6').func('int getsockopt(int, int, int, void *, void *)') as Getsockopt;
  } catch {
    loaded = undefined;
  }
  return loaded;
}
