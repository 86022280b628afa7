/**
 * A classic BPF program (socket(7), SO_ATTACH_FILTER) that lets everything through except datagrams to the device's
 * broadcast address or 255.255.255.255.
 */
import { attachProgram } from '../bpf.ts';
import type { Libc } from '../libc.ts';
import { encodeAddress } from './ipv4.ts';

/** Offsets from here on count from the network header, where the destination address has offset 16 (linux/filter.h). */
const SKF_NET_OFF = -0x100000;
const destinationAddressOffset = 16;

const BPF_LD_W_ABS = 0x20;
const BPF_JEQ_K = 0x15;
const BPF_RET_K = 0x06;

/** `false` when the kernel refuses it; `native.lastError()` says why. */
export function refuseBroadcasts(native: Libc, fd: number, broadcast: string): boolean {
  const refused = new DataView(encodeAddress(broadcast).buffer).getUint32(0, false);
  return attachProgram(native, fd, [
    { code: BPF_LD_W_ABS, ifTrue: 0, ifFalse: 0, value: SKF_NET_OFF + destinationAddressOffset },
    { code: BPF_JEQ_K, ifTrue: 2, ifFalse: 0, value: refused },
    { code: BPF_JEQ_K, ifTrue: 1, ifFalse: 0, value: 0xffffffff },
    { code: BPF_RET_K, ifTrue: 0, ifFalse: 0, value: 0xffffffff },
    { code: BPF_RET_K, ifTrue: 0, ifFalse: 0, value: 0 },
  ]);
}
