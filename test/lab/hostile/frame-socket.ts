/** A packet socket for whole frames: sends many with one call, reads what arrives, and can leave the choice to the kernel. */
import koffi from 'koffi';
import { libc } from '../libc.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 0x0003;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const PACKET_IGNORE_OUTGOING = 23;
const MSG_DONTWAIT = 0x40;

const sendmmsg = koffi
  .load('libc.so.6')
  .func('int sendmmsg(int fd, void *messages, unsigned int count, int flags)') as (
  fd: number,
  messages: Buffer,
  count: number,
  flags: number,
) => number;

export interface FrameSocket {
  readonly fd: number;
  /** Answers how many the kernel took. */
  send(frames: readonly Buffer[]): number;
  /** The next frame that arrived, `undefined` when there is none. The buffer is used again by the next call. */
  read(): Buffer | undefined;
}

/** `program`: a classic BPF program, four numbers an instruction; only what it passes is read. */
export function openFrameSocket(device: string, program: readonly (readonly number[])[] = []): FrameSocket {
  const fd = libc.socket(AF_PACKET, SOCK_RAW, ((ETH_P_ALL & 0xff) << 8) | (ETH_P_ALL >>> 8));
  if (fd < 0) throw new Error('there is no packet socket to be had');
  setNumber(fd, SOL_SOCKET, SO_RCVBUF, 4 * 1024 * 1024);
  setNumber(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
  if (program.length > 0) attach(fd, program);
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(libc.ifNameToIndex(device), 4);
  if (libc.bind(fd, address, address.length) !== 0) throw new Error(`cannot bind to ${device}`);
  const incoming = Buffer.alloc(65_536);
  return {
    fd,
    send: (frames) => sendAll(fd, frames),
    read() {
      const length = libc.recvfrom(fd, incoming, incoming.length, MSG_DONTWAIT, null, null);
      return length < 0 ? undefined : incoming.subarray(0, length);
    },
  };
}

/** struct mmsghdr and struct iovec of 64-bit Linux. */
const messageBytes = 64;
const vectorBytes = 16;
const atOnce = 1024;

function sendAll(fd: number, frames: readonly Buffer[]): number {
  let taken = 0;
  for (let at = 0; at < frames.length; at += atOnce) {
    const some = frames.slice(at, at + atOnce);
    const vectors = Buffer.alloc(vectorBytes * some.length);
    const messages = Buffer.alloc(messageBytes * some.length);
    const vectorsAt = koffi.address(vectors);
    some.forEach((frame, index) => {
      vectors.writeBigUInt64LE(BigInt(koffi.address(frame)), index * vectorBytes);
      vectors.writeBigUInt64LE(BigInt(frame.length), index * vectorBytes + 8);
      messages.writeBigUInt64LE(BigInt(vectorsAt) + BigInt(index * vectorBytes), index * messageBytes + 16);
      messages.writeBigUInt64LE(1n, index * messageBytes + 24);
    });
    taken += Math.max(0, sendmmsg(fd, messages, some.length, 0));
  }
  return taken;
}

function setNumber(fd: number, level: number, option: number, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  libc.setsockopt(fd, level, option, bytes, 4);
}

function attach(fd: number, program: readonly (readonly number[])[]): void {
  const code = Buffer.alloc(8 * program.length);
  program.forEach(([operation = 0, ifTrue = 0, ifFalse = 0, value = 0], index) => {
    code.writeUInt16LE(operation, index * 8);
    code.writeUInt8(ifTrue, index * 8 + 2);
    code.writeUInt8(ifFalse, index * 8 + 3);
    code.writeUInt32LE(value >>> 0, index * 8 + 4);
  });
  const header = Buffer.alloc(16);
  header.writeUInt16LE(program.length, 0);
  header.writeBigUInt64LE(BigInt(koffi.address(code)), 8);
  if (libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, header, header.length) !== 0)
    throw new Error('the kernel refuses the filter');
}
