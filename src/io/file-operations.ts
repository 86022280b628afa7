/**
 * The handful of file operations that durability is built from. Small, so that the disk twin of the tests can model
 * exactly these: what is not synced may be lost, and so may a rename until its directory is synced.
 */
import { constants } from 'node:fs';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Problem } from '../core/result.ts';
import { demandPlain, readingFlags } from './plain-file.ts';

/** Every operation rejects with an error that has a `code` (`ENOSPC`), as Node's do. */
export interface FileOperations {
  /** `undefined` when there is no such file; at most `limitBytes + 1` bytes, so that the caller notices a larger one. */
  read(path: string, limitBytes: number): Promise<Uint8Array | undefined>;
  /** Creates or replaces; the content (not yet the name) is durable when it resolves. Makes the directory if needed. */
  writeSynced(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file that is not there is fine. */
  remove(path: string): Promise<void>;
  /** Makes names durable: what was created, renamed or removed in the directory. */
  syncDirectory(path: string): Promise<void>;
}

export const realFileOperations: FileOperations = {
  read: async (path, limitBytes) => {
    const file = await openUnlessMissing(path);
    if (file === undefined) return undefined;
    try {
      demandPlain(await file.stat());
      const buffer = new Uint8Array(limitBytes + 1);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.slice(0, length);
    } finally {
      await file.close();
    }
  },
  writeSynced: async (path, bytes) => {
    await makeDirectory(dirname(path));
    const file = await open(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      0o600,
    );
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: async (path) => {
    await unlink(path).catch(unlessMissing);
  },
  syncDirectory,
};

/** What an administrator can do differs between these; the catalogue has the words. */
export function fileProblem(error: unknown, file: string): Problem {
  const { code = 'unknown', message = String(error) } = error as NodeJS.ErrnoException;
  const codes: Record<string, string> = {
    ENOSPC: 'disk-full',
    EDQUOT: 'disk-full',
    EROFS: 'disk-read-only',
    EACCES: 'file-permission',
    EPERM: 'file-permission',
    EFTYPE: 'file-wrong-type',
    EISDIR: 'file-wrong-type',
    ELOOP: 'file-wrong-type',
    ENXIO: 'file-wrong-type',
    ENOTDIR: 'file-wrong-type',
  };
  return { code: codes[code] ?? 'disk-failed', fields: { file, error: code, reason: message } };
}

async function openUnlessMissing(path: string): Promise<Awaited<ReturnType<typeof open>> | undefined> {
  try {
    return await open(path, readingFlags);
  } catch (error) {
    return unlessMissing(error);
  }
}

async function makeDirectory(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true, mode: 0o755 });
  if (firstMade !== undefined) await syncDirectory(dirname(firstMade));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
