/**
 * Opens a serial line as Heartbeat does: raw, 8 bits, no parity, hardware flow control, no modem lines needed, never a
 * controlling terminal. Nobody else gets it while it is ours.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { failure, type Result, success } from '../../core/result.ts';
import { intBytes, type Libc, littleEndian } from '../libc.ts';

/** More than `struct termios` has anywhere (60 with glibc). */
const termiosBytes = 256;
const controlFlagsOffset = 8;
/** asm-generic/termbits.h */
const CREAD = 0o200;
const HUPCL = 0o2000;
const CLOCAL = 0o4000;
const CRTSCTS = 0o20000000000;
const TCSAFLUSH = 2;
/** asm-generic/ioctls.h */
const TIOCEXCL = 0x540c;
const TIOCNXCL = 0x540d;
const TIOCOUTQ = 0x5411;
const LOCK_EX_NB = 2 | 4;
const LOCK_UN = 8;

/** A non-blocking descriptor. Problem codes: serial-open-failed. */
export function openTty(native: Libc, path: string, baud: number): Result<number> {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    return failure('serial-open-failed', { device: path, error: (error as NodeJS.ErrnoException).code ?? 'unknown' });
  }
  if (makeRaw(native, fd, baud)) return success(fd);
  const error = native.lastError();
  closeSync(fd);
  return failure('serial-open-failed', { device: path, error });
}

function makeRaw(native: Libc, fd: number, baud: number): boolean {
  const termios = new Uint8Array(termiosBytes);
  if (native.tcgetattr(fd, termios) !== 0) return false;
  native.cfmakeraw(termios);
  if (native.cfsetspeed(termios, baud) !== 0) return false;
  const view = new DataView(termios.buffer);
  const flags = view.getUint32(controlFlagsOffset, littleEndian);
  view.setUint32(controlFlagsOffset, ((flags | CREAD | CLOCAL | CRTSCTS) & ~HUPCL) >>> 0, littleEndian);
  return native.tcsetattr(fd, TCSAFLUSH, termios) === 0;
}

/** False when another process has it: two on one line would each read half of every message. */
export function claimTty(native: Libc, fd: number): boolean {
  if (native.flock(fd, LOCK_EX_NB) !== 0) return false;
  native.ioctl(fd, TIOCEXCL, intBytes(0));
  return true;
}

/** The descriptor itself is closed a moment later, by the event loop. */
export function releaseTty(native: Libc, fd: number): void {
  native.flock(fd, LOCK_UN);
  native.ioctl(fd, TIOCNXCL, intBytes(0));
}

/** Bytes that the kernel has taken and the line has not carried yet. */
export function waitingOutput(native: Libc, fd: number): number {
  const count = new Uint8Array(4);
  return native.ioctl(fd, TIOCOUTQ, count) === 0 ? new DataView(count.buffer).getInt32(0, littleEndian) : 0;
}
