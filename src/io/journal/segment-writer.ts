/**
 * Carries buffered lines to their files. Every line knows its file and its place in it, so a line may be written twice
 * (by the asynchronous write under way and by `flushSync`) and the file is the same.
 */
import { close, closeSync, constants, fdatasync, open, openSync, write, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Problem } from '../../core/result.ts';
import { fileProblem } from '../file-operations.ts';

export interface SegmentWriter {
  /** `false` when the buffer is full: the line is not taken. */
  add(path: string, offset: number, line: Buffer): boolean;
  /** Starts writing if nothing is under way; calls back when it ends, well or not. */
  flush(done: () => void): void;
  flushSync(): void;
  close(): void;
  readonly waiting: boolean;
  readonly full: boolean;
}

interface Chunk {
  readonly path: string;
  readonly offset: number;
  readonly line: Buffer;
}

const bufferLimitBytes = 8 * 1024 * 1024;
/** How often the disk itself is made to take what the kernel holds: a power loss costs this much of the journal. */
const syncIntervalMs = 5000;
const openFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW;
const openMode = 0o640;

const openFile = promisify(open);
const writeFile = promisify(write);
const syncFile = promisify(fdatasync);
const closeFile = promisify(close);

export function createSegmentWriter(onProblem: (problem: Problem) => void): SegmentWriter {
  let chunks: Chunk[] = [];
  let bufferedBytes = 0;
  let file: { readonly path: string; readonly fd: number } | undefined;
  let busy = false;
  let syncedMs = 0;
  let troubled = false;

  /** `flushSync` may have written and dropped the same chunks while an asynchronous write was under way. */
  const written = (batch: Batch): void => {
    const count = chunks.indexOf(batch.last) + 1;
    for (const { line } of chunks.slice(0, count)) bufferedBytes -= line.length;
    chunks = chunks.slice(count);
  };
  const use = async (path: string): Promise<number> => {
    if (file?.path === path) return file.fd;
    const finished = file;
    file = undefined;
    if (finished !== undefined) await syncFile(finished.fd).finally(() => closeFile(finished.fd));
    await mkdir(dirname(path), { recursive: true, mode: 0o750 });
    file = { path, fd: await openFile(path, openFlags, openMode) };
    return file.fd;
  };
  const writeOneBatch = async (): Promise<void> => {
    const batch = firstBatch(chunks);
    const fd = await use(batch.path);
    for (let done = 0; done < batch.bytes.length; ) {
      const { bytesWritten } = await writeFile(fd, batch.bytes, done, batch.bytes.length - done, batch.offset + done);
      done += bytesWritten;
    }
    written(batch);
    if (performance.now() - syncedMs < syncIntervalMs) return;
    syncedMs = performance.now();
    await syncFile(fd);
  };
  const writeAll = async (): Promise<void> => {
    try {
      while (chunks.length > 0) await writeOneBatch();
      troubled = false;
    } catch (error) {
      if (!troubled) onProblem(fileProblem(error, chunks[0]?.path ?? 'journal'));
      troubled = true;
    }
  };

  return {
    add(path, offset, line) {
      if (bufferedBytes + line.length > bufferLimitBytes) return false;
      bufferedBytes += line.length;
      chunks.push({ path, offset, line });
      return true;
    },
    flush(done) {
      if (busy) return done();
      busy = true;
      void writeAll().finally(() => {
        busy = false;
        done();
      });
    },
    flushSync() {
      try {
        while (chunks.length > 0) {
          const batch = firstBatch(chunks);
          const fd = openSync(batch.path, openFlags, openMode);
          writeSync(fd, batch.bytes, 0, batch.bytes.length, batch.offset);
          closeSync(fd);
          written(batch);
        }
      } catch (error) {
        onProblem(fileProblem(error, chunks[0]?.path ?? 'journal'));
      }
    },
    close() {
      if (file !== undefined && !busy) close(file.fd, () => {});
      file = undefined;
    },
    get waiting() {
      return chunks.length > 0;
    },
    get full() {
      return bufferedBytes > bufferLimitBytes / 2;
    },
  };
}

interface Batch {
  readonly path: string;
  readonly offset: number;
  readonly bytes: Buffer;
  readonly last: Chunk;
}

/** The chunks at the front that go to one file, as one piece. They lie behind one another: lines are only appended. */
function firstBatch(chunks: readonly Chunk[]): Batch {
  const { path, offset } = chunks[0]!;
  const different = chunks.findIndex((chunk) => chunk.path !== path);
  const members = different < 0 ? chunks : chunks.slice(0, different);
  return { path, offset, bytes: Buffer.concat(members.map(({ line }) => line)), last: members.at(-1)! };
}
