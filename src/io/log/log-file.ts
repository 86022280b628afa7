/** A log file that follows its name: one that was moved away (logrotate) is opened anew within a second. */
import { close, constants, fstat, open, stat } from 'node:fs';
import { promisify } from 'node:util';

export interface LogFile {
  /** Of the file that has the name now; `undefined` when it cannot be opened. */
  descriptor(): Promise<number | undefined>;
  /** The next `descriptor` looks at the name, however recently it did. */
  lookAgain(): void;
}

export const openFlags =
  constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOCTTY | constants.O_NONBLOCK;
export const openMode = 0o640;
const lookIntervalMs = 1000;

const openFile = promisify(open);
const statName = promisify(stat);
const statDescriptor = promisify(fstat);

export function createLogFile(path: string, nowMs: () => number): LogFile {
  let fd: number | undefined;
  let lookedMs = Number.NEGATIVE_INFINITY;
  return {
    async descriptor() {
      if (fd !== undefined && nowMs() - lookedMs < lookIntervalMs) return fd;
      lookedMs = nowMs();
      if (fd !== undefined && (await hasName(fd, path))) return fd;
      if (fd !== undefined) close(fd, () => {});
      fd = await openFile(path, openFlags, openMode).catch(() => undefined);
      return fd;
    },
    lookAgain() {
      lookedMs = Number.NEGATIVE_INFINITY;
    },
  };
}

async function hasName(fd: number, path: string): Promise<boolean> {
  try {
    const [named, opened] = await Promise.all([statName(path), statDescriptor(fd)]);
    return named.ino === opened.ino && named.dev === opened.dev;
  } catch {
    return false;
  }
}
