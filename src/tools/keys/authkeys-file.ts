/** authkeys on disk: read without following links, written so that after any crash it is the old file or the new one. */
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { maxAuthkeysBytes } from '../../core/config/parse-authkeys.ts';
import { failure, type Result, success } from '../../core/result.ts';

export interface AuthkeysOnDisk {
  readonly path: string;
  readonly text: string;
}

/** Problem codes: file-not-readable, file-not-writable. */
export function readAuthkeys(haDir: string): Result<AuthkeysOnDisk> {
  const path = join(haDir, 'authkeys');
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = fstatSync(file);
      if (size > maxAuthkeysBytes) return failure('file-not-readable', { path, error: `${size} bytes` });
      return success({ path, text: readFileSync(file, 'utf8') });
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return failure('file-not-readable', { path, error: codeOf(error) });
  }
}

export const backupOf = (path: string): string => `${path}.backup`;

/** The text before goes to `authkeys.backup`. Both files have mode 0600 from their first byte on. */
export function replaceAuthkeys({ path, text: before }: AuthkeysOnDisk, text: string): Result<void> {
  if (Buffer.byteLength(text) > maxAuthkeysBytes) {
    return failure('file-not-writable', { path, error: `more than ${maxAuthkeysBytes} bytes` });
  }
  const backup = writePrivate(backupOf(path), before);
  return backup.ok ? writePrivate(path, text) : backup;
}

/** Puts the text there under a name of its own first, then in one step under the right one. */
export function writePrivate(path: string, text: string): Result<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', 0o600);
    try {
      const owner = ownerOf(path);
      if (owner !== undefined) fchownSync(file, owner.uid, owner.gid);
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncDirectory(dirname(path));
    return success(undefined);
  } catch (error) {
    rmSync(temporary, { force: true });
    return failure('file-not-writable', { path, error: codeOf(error) });
  }
}

function ownerOf(path: string): { readonly uid: number; readonly gid: number } | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return fstatSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Without this the new name may be lost with the power. */
function syncDirectory(directory: string): void {
  const file = openSync(directory, constants.O_RDONLY);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
