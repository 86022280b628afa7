/**
 * A classic BPF program (socket(7), SO_ATTACH_FILTER) that lets everything through except datagrams to the device's
 * broadcast address or 255.255.255.255.
 */
import { type Libc, littleEndian } from '../libc.ts';
import { encodeAddress } from './ipv4.ts';
import { options, setOption } from './socket-options.ts';

/** Offsets from here on count from the network header, where the destination address has offset 16 (linux/filter.h). */
const SKF_NET_OFF = -0x100000;
const destinationAddressOffset = 16;

const BPF_LD_W_ABS = 0x20;
const BPF_JEQ_K = 0x15;
const BPF_RET_K = 0x06;
const instructionBytes = 8;

/** `false` when the kernel refuses it; `native.lastError()` says why. */
export function refuseBroadcasts(native: Libc, fd: number, broadcast: string): boolean {
  const refused = new DataView(encodeAddress(broadcast).buffer).getUint32(0, false);
  const program = encodeProgram([
    { code: BPF_LD_W_ABS, ifTrue: 0, ifFalse: 0, value: SKF_NET_OFF + destinationAddressOffset },
    { code: BPF_JEQ_K, ifTrue: 2, ifFalse: 0, value: refused },
    { code: BPF_JEQ_K, ifTrue: 1, ifFalse: 0, value: 0xffffffff },
    { code: BPF_RET_K, ifTrue: 0, ifFalse: 0, value: 0xffffffff },
    { code: BPF_RET_K, ifTrue: 0, ifFalse: 0, value: 0 },
  ]);
  return setOption(native, fd, options.attachFilter(encodePointerTo(native, program)));
}

/** `struct sock_fprog`: number of instructions, padding, pointer. */
function encodePointerTo(native: Libc, program: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(native.longBytes * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, program.length / instructionBytes, littleEndian);
  const address = native.addressOf(program);
  if (native.longBytes === 8) view.setBigUint64(8, address, littleEndian);
  else view.setUint32(4, Number(address), littleEndian);
  return bytes;
}

interface Instruction {
  readonly code: number;
  /** How many instructions to skip. */
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly value: number;
}

function encodeProgram(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * instructionBytes);
  const view = new DataView(bytes.buffer);
  for (const [position, { code, ifTrue, ifFalse, value }] of instructions.entries()) {
    const offset = position * instructionBytes;
    view.setUint16(offset, code, littleEndian);
    view.setUint8(offset + 2, ifTrue);
    view.setUint8(offset + 3, ifFalse);
    view.setUint32(offset + 4, value >>> 0, littleEndian);
  }
  return bytes;
}
