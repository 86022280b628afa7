/**
 * A classic BPF program (socket(7), SO_ATTACH_FILTER) with which the kernel itself throws away what nobody here could
 * ever read: datagrams that do not begin as a packet does, before they cost a wake-up or a place in the receive buffer,
 * where keepalives wait (L5). Where a socket shares its port with one for broadcasts, these too.
 */
import { attachProgram, type Instruction } from '../bpf.ts';
import type { Libc } from '../libc.ts';
import { encodeAddress } from './ipv4.ts';

/** Offsets from here on count from the network header, where the destination address has offset 16 (linux/filter.h). */
const SKF_NET_OFF = -0x100000;
const destinationAddressOffset = 16;
/** A filter of a UDP socket sees the UDP header first. A load beyond the end drops the datagram. */
const payloadOffset = 8;

const BPF_LD_W_ABS = 0x20;
const BPF_JEQ_K = 0x15;
const BPF_RET_K = 0x06;
const everything = 0xffffffff;
const nothing: Instruction = { code: BPF_RET_K, ifTrue: 0, ifFalse: 0, value: 0 };

/**
 * `starts`: four characters each, of which one begins every datagram that is let through; none: all are.
 * `false` when the kernel refuses it; `native.lastError()` says why.
 */
export function attachDatagramFilter(
  native: Libc,
  fd: number,
  starts: readonly string[],
  refusedBroadcast: string | undefined,
): boolean {
  if (starts.length === 0 && refusedBroadcast === undefined) return true;
  const choice = starts.length === 0 ? [] : demandStart(starts.map(wordOf));
  return attachProgram(native, fd, [
    ...(refusedBroadcast === undefined ? [] : refuseBroadcasts(refusedBroadcast)),
    ...choice,
    { code: BPF_RET_K, ifTrue: 0, ifFalse: 0, value: everything },
  ]);
}

function demandStart(words: readonly number[]): Instruction[] {
  return [
    { code: BPF_LD_W_ABS, ifTrue: 0, ifFalse: 0, value: payloadOffset },
    ...words.map((value, at) => ({ code: BPF_JEQ_K, ifTrue: words.length - at, ifFalse: 0, value })),
    nothing,
  ];
}

/** Datagrams to the device's broadcast address or 255.255.255.255. */
function refuseBroadcasts(broadcast: string): Instruction[] {
  return [
    { code: BPF_LD_W_ABS, ifTrue: 0, ifFalse: 0, value: SKF_NET_OFF + destinationAddressOffset },
    { code: BPF_JEQ_K, ifTrue: 1, ifFalse: 0, value: wordAt(encodeAddress(broadcast)) },
    { code: BPF_JEQ_K, ifTrue: 0, ifFalse: 1, value: everything },
    nothing,
  ];
}

const wordOf = (text: string): number => wordAt(new TextEncoder().encode(text));
const wordAt = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, false);
