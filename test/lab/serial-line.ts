/**
 * A null-modem cable for the lab: two pseudo terminals whose masters are joined here. Each host opens its end by path
 * (`/dev/pts` is the same inside), and this process carries the bytes, counts them, and can damage or cut the line.
 */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { intBytes, type Libc, libc, littleEndian } from '../../src/io/libc.ts';

const TIOCGPTN = 0x80045430;
const TIOCSPTLCK = 0x40045431;
const carryEveryMs = 1;

export interface SerialLine {
  /** Paths of the two ends. */
  readonly ends: readonly [string, string];
  /** Bytes that came out of each end. */
  readonly carried: readonly [number, number];
  /** While cut, what is sent is lost. */
  cut: boolean;
  /** What arrives at one end as if the wire had picked it up. */
  disturb(end: 0 | 1, bytes: Uint8Array): void;
  close(): void;
}

interface End {
  readonly master: number;
  /** Held open, so that the line does not hang up when a host closes its end. */
  readonly slave: number;
  readonly path: string;
  waiting: Uint8Array;
}

/** `see` gets every piece as it comes out of an end. */
export function createSerialLine(see: (from: 0 | 1, bytes: Uint8Array) => void = () => {}): SerialLine {
  const native = libc();
  if (native === undefined) throw new Error('a serial line needs native calls');
  const ends = [openEnd(native), openEnd(native)] as const;
  const carried: [number, number] = [0, 0];
  const line = {
    ends: [ends[0].path, ends[1].path] as const,
    carried,
    cut: false,
    disturb: (end: 0 | 1, bytes: Uint8Array) => give(ends[end], bytes),
    close() {
      clearInterval(timer);
      for (const { master, slave } of ends) for (const fd of [slave, master]) closeSync(fd);
    },
  };
  const timer = setInterval(() => {
    for (const from of [0, 1] as const) {
      for (;;) {
        const bytes = take(ends[from]);
        if (bytes === undefined) break;
        carried[from] += bytes.length;
        see(from, bytes);
        if (!line.cut) give(ends[1 - from]!, bytes);
      }
      give(ends[from], new Uint8Array());
    }
  }, carryEveryMs);
  return line;
}

function openEnd(native: Libc): End {
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
  const master = openSync('/dev/ptmx', flags);
  const number = new Uint8Array(4);
  if (native.ioctl(master, TIOCSPTLCK, intBytes(0)) !== 0 || native.ioctl(master, TIOCGPTN, number) !== 0)
    throw new Error(`no pseudo terminal: ${native.lastError()}`);
  const path = `/dev/pts/${new DataView(number.buffer).getUint32(0, littleEndian)}`;
  const slave = openSync(path, flags);
  const termios = new Uint8Array(256);
  native.tcgetattr(slave, termios);
  native.cfmakeraw(termios);
  native.tcsetattr(slave, 0, termios);
  return { master, slave, path, waiting: new Uint8Array() };
}

function take({ master }: End): Uint8Array | undefined {
  const buffer = new Uint8Array(4096);
  try {
    const length = readSync(master, buffer);
    return length > 0 ? buffer.slice(0, length) : undefined;
  } catch {
    return undefined;
  }
}

/** What the end cannot take now waits; a real wire would have lost it long ago, so not without bound. */
function give(end: End, bytes: Uint8Array): void {
  end.waiting = Buffer.concat([end.waiting, bytes]).subarray(-65_536);
  if (end.waiting.length === 0) return;
  try {
    end.waiting = end.waiting.subarray(writeSync(end.master, end.waiting));
  } catch {
    // Full; later.
  }
}
