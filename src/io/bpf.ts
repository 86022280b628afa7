/**
 * Classic BPF programs (socket(7), SO_ATTACH_FILTER; linux/filter.h): the kernel drops what nobody here wants to see
 * before it costs a wake-up.
 */
import { type Libc, littleEndian } from './libc.ts';
import { options, setOption } from './udp/socket-options.ts';

export interface Instruction {
  readonly code: number;
  /** How many instructions to skip. */
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly value: number;
}

const instructionBytes = 8;

/** `false` when the kernel refuses it; `native.lastError()` says why. */
export function attachProgram(native: Libc, fd: number, instructions: readonly Instruction[]): boolean {
  const program = encodeProgram(instructions);
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
