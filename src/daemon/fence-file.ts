/** The parameter file of a `stonith` line: O_NOFOLLOW, then fstat of what was opened, as with authkeys. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FenceFile, maxFenceFileBytes } from '../core/config/fencing/fence-file.ts';

export function readFenceFile(path: string): FenceFile {
  const runningId = process.geteuid?.() ?? 0;
  const unread = { mode: 0, ownerId: 0, runningId };
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return { ...unread, problem: reasonOf(error) };
  }
  try {
    const status = fstatSync(file);
    const facts = { mode: status.mode, ownerId: status.uid, runningId };
    if (!status.isFile()) return { ...facts, problem: 'it is not a plain file' };
    if (status.size > maxFenceFileBytes) return { ...facts, problem: `it has more than ${maxFenceFileBytes} bytes` };
    const buffer = Buffer.alloc(maxFenceFileBytes);
    return { ...facts, text: buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0)) };
  } catch (error) {
    return { ...unread, problem: reasonOf(error) };
  } finally {
    closeSync(file);
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'ELOOP') return 'it is a symbolic link';
  return code === 'EACCES' || code === 'EPERM' ? 'permission denied' : (code ?? String(error));
}
