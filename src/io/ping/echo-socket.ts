/**
 * One socket a family for all echoes. Where net.ipv4.ping_group_range allows it, a ping socket of the kernel (it needs no
 * privilege and shows us nothing but our own answers); else a raw one, with a filter so that the kernel drops everything
 * but echo replies that carry our identifier.
 */
import { failure, type Result, success } from '../../core/result.ts';
import { attachProgram, type Instruction } from '../bpf.ts';
import { intBytes, type Libc, linux } from '../libc.ts';
import { options, setOption } from '../udp/socket-options.ts';
import { decodeReply, type Echo, encodeRequest, type Family, replyType } from './echo.ts';
import { decodeSource, encodeTarget, type TargetAddress } from './target-address.ts';

export interface EchoSocket {
  /** False: the kernel would not send it (no route, no address on the device). */
  send(address: TargetAddress, sequence: number, payload: Uint8Array): boolean;
  /** What has arrived, without waiting, at most `limit`; from whom, as address bytes. */
  read(limit: number): readonly { readonly source: Uint8Array; readonly echo: Echo }[];
  close(): void;
}

const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;
const receiveBufferBytes = 65_536;
const largestReply = 2048;

export function openEchoSocket(native: Libc, family: Family, identifier: number): Result<EchoSocket> {
  const domain = family === 4 ? linux.AF_INET : linux.AF_INET6;
  const protocol = family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  const flags = linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
  const ping = native.socket(domain, linux.SOCK_DGRAM | flags, protocol);
  if (ping >= 0) return success(echoSocket(native, ping, family, identifier, 'ping'));
  const raw = native.socket(domain, linux.SOCK_RAW | flags, protocol);
  if (raw < 0) return failure('ping-socket-failed', { error: native.lastError() });
  if (!attachProgram(native, raw, replyFilter(family, identifier))) {
    const error = native.lastError();
    native.close(raw);
    return failure('ping-socket-failed', { error });
  }
  return success(echoSocket(native, raw, family, identifier, 'raw'));
}

function echoSocket(native: Libc, fd: number, family: Family, identifier: number, kind: 'ping' | 'raw'): EchoSocket {
  setOption(native, fd, options.receiveBuffer(receiveBufferBytes));
  const buffer = new Uint8Array(largestReply);
  const from = new Uint8Array(28);
  return {
    send(address, sequence, payload) {
      const bytes = encodeRequest(family, { identifier, sequence, payload });
      const to = encodeTarget(address);
      return native.sendto(fd, bytes, bytes.length, linux.MSG_DONTWAIT, to, to.length) === bytes.length;
    },
    read(limit) {
      const found: { source: Uint8Array; echo: Echo }[] = [];
      for (let count = 0; count < limit; count++) {
        const length = native.recvfrom(fd, buffer, buffer.length, linux.MSG_DONTWAIT, from, intBytes(from.length));
        if (length < 0) break;
        const echo = decodeReply(family, buffer.subarray(0, length), kind === 'raw' && family === 4);
        // A ping socket has an identifier that the kernel chose, and sees no other.
        if (echo === undefined || (kind === 'raw' && echo.identifier !== identifier)) continue;
        found.push({ source: decodeSource(family, from), echo });
      }
      return found;
    },
    close: () => void native.close(fd),
  };
}

const loadByte = 0x30;
const loadHalf = 0x28;
const loadByteAtIndex = 0x50;
const loadHalfAtIndex = 0x48;
/** X = four times the low half of the byte: the length of an IPv4 header. */
const indexFromHeaderLength = 0xb1;
const jumpIfEqual = 0x15;
const answer = 0x06;

/** Packets of a raw IPv4 socket begin with the IPv4 header, those of a raw ICMPv6 socket with the message itself. */
function replyFilter(family: Family, identifier: number): Instruction[] {
  const step = (code: number, value: number): Instruction => ({ code, ifTrue: 0, ifFalse: 0, value });
  const [first, byte, half] =
    family === 4 ? [[step(indexFromHeaderLength, 0)], loadByteAtIndex, loadHalfAtIndex] : [[], loadByte, loadHalf];
  return [
    ...first,
    step(byte, 0),
    { code: jumpIfEqual, ifTrue: 0, ifFalse: 3, value: replyType[family] },
    step(half, 4),
    { code: jumpIfEqual, ifTrue: 0, ifFalse: 1, value: identifier },
    step(answer, 0xffffffff),
    step(answer, 0),
  ];
}
