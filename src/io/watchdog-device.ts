/**
 * A Linux watchdog (Documentation/watchdog/watchdog-api.rst of the kernel): from the moment it is opened the machine is
 * reset unless something is written in time. The letter V just before it is closed takes that back (magic close).
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { failure, type Result, success } from '../core/result.ts';
import { intBytes, libc, littleEndian } from './libc.ts';

export interface WatchdogDevice {
  /** `undefined` when the device has no answer. */
  timeoutSeconds(): number | undefined;
  /** What it waits from now on, which may be another time than was asked for; or the name of the error. */
  setTimeoutSeconds(seconds: number): Result<number, string>;
  tickle(): Result<void>;
  /** Closes it so that it stops waiting. */
  release(): void;
}

/** _IOWR('W', 6, int) and _IOR('W', 7, int), the same on every architecture that Node is built for. */
const WDIOC_SETTIMEOUT = 0xc0045706;
const WDIOC_GETTIMEOUT = 0x80045707;

/** Any letter but V. */
const sign = Buffer.from([0]);
const magicClose = Buffer.from('V');

/** Never waits: a device that does not take the letter at once is not relied upon. */
export function openWatchdogDevice(path: string): Result<WatchdogDevice> {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return failure('watchdog-unavailable', { device: path, reason: codeOf(error) });
  }
  const control = (request: number, seconds: number): Result<number, string> => {
    const value = intBytes(seconds);
    const native = libc();
    if (native === undefined) return { ok: false, problem: 'no native calls on this platform' };
    if (native.ioctl(descriptor, request, value) !== 0) return { ok: false, problem: native.lastError() };
    return success(new DataView(value.buffer).getInt32(0, littleEndian));
  };
  const write = (bytes: Buffer): Result<void> => {
    try {
      writeSync(descriptor, bytes);
      return success(undefined);
    } catch (error) {
      return failure('watchdog-write', { device: path, reason: codeOf(error) });
    }
  };
  return success({
    timeoutSeconds() {
      const answer = control(WDIOC_GETTIMEOUT, 0);
      return answer.ok ? answer.value : undefined;
    },
    setTimeoutSeconds: (seconds) => control(WDIOC_SETTIMEOUT, seconds),
    tickle: () => write(sign),
    release() {
      write(magicClose);
      closeSync(descriptor);
    },
  });
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
