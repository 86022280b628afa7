/**
 * Small files read and replaced synchronously, whatever lies at their path. A FIFO there would make a plain open wait
 * for ever, a device or a huge file would fill the memory, a symbolic link would lead elsewhere: none of them is opened
 * as the file that it is not.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';

/** Of an error for something that is there and is no plain file. */
export const wrongTypeCode = 'EFTYPE';

/** `undefined`: there is none. At most `limitBytes`, the rest is not read. Throws what `open` throws, or `EFTYPE`. */
export function readPlainFile(path: string, limitBytes: number): Buffer | undefined {
  const file = openUnlessMissing(path);
  if (file === undefined) return undefined;
  try {
    const status = fstatSync(file);
    demandPlain(status);
    // Files below /proc have content and no size.
    const buffer = Buffer.alloc(Math.min(limitBytes, Math.max(status.size, 4096)));
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(file, buffer, length, buffer.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** Under its name from the first byte to the last, or not at all; what was there is gone, a directory stays and throws. */
export function replacePlainFile(path: string, text: string, mode: number): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode, flag: 'wx' });
  renameSync(temporary, path);
}

/** For open(2): neither a FIFO nor a link at the path is a reason to wait or to go elsewhere. */
export const readingFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
export const appendingFlags =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export function demandPlain(status: Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO'>): void {
  if (status.isFile()) return;
  const what = status.isDirectory() ? 'a directory' : status.isFIFO() ? 'a FIFO' : 'a device or a socket';
  throw Object.assign(new Error(`it is ${what}`), { code: wrongTypeCode });
}

function openUnlessMissing(path: string): number | undefined {
  try {
    return openSync(path, readingFlags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
