/**
 * Writes lines to a file or to stderr without ever blocking: lines wait in a bounded queue, one asynchronous write is
 * under way at a time, and what does not fit is counted and told later.
 */
import { fstatSync, openSync, write, writeSync } from 'node:fs';
import { createLogFile, openFlags, openMode } from './log-file.ts';

export interface Sink {
  write(line: string): void;
  /** Opens the file anew before the next line. */
  reopen(): void;
  /** For the last moments of the process: everything that waits, synchronously. */
  flushSync(): void;
}

const queueLimitLines = 2000;
const retryDelayMs = 20;

/** `target`: a path, or a descriptor that stays open (2 for stderr). `nowMs` only paces the looks at the path. */
export function createDescriptorSink(target: string | number, nowMs: () => number = () => performance.now()): Sink {
  const file = typeof target === 'string' ? createLogFile(target, nowMs) : undefined;
  let queue: string[] = [];
  /** Handed to the kernel, answer awaited. */
  let underWay = '';
  let dropped = 0;
  /** A write is scheduled or under way. Lines of one turn of the event loop go out together. */
  let busy = false;

  const take = (): string => {
    if (dropped > 0) queue.push(`... ${dropped} lines lost here: the log could not be written\n`);
    dropped = 0;
    const text = queue.join('');
    queue = [];
    return text;
  };
  const writeQueue = async (): Promise<void> => {
    while (queue.length > 0) {
      const fd = typeof target === 'number' ? target : await file!.descriptor();
      // No directory or no disk: the lines go on waiting, and the next line tries again.
      if (fd === undefined) break;
      underWay = take();
      await writeAll(fd, Buffer.from(underWay));
      underWay = '';
    }
    busy = false;
  };

  return {
    write(line) {
      if (queue.length >= queueLimitLines) dropped += 1;
      else queue.push(line);
      if (busy) return;
      busy = true;
      setImmediate(() => void writeQueue());
    },
    reopen: () => file?.lookAgain(),
    flushSync() {
      // What the kernel had not answered for may be written twice: at the end of the process better than not at all.
      const text = underWay + take();
      underWay = '';
      try {
        if (text !== '') writeSync(typeof target === 'number' ? target : openSync(target, openFlags, openMode), text);
      } catch {
        // Nothing is left that could be told, and nobody to tell it to.
      }
    },
  };
}

/** Whether the descriptor is the stream that systemd named in JOURNAL_STREAM (`device:inode`, systemd.exec(5)). */
export function isJournalStream(fd: number, journalStream: string | undefined): boolean {
  if (journalStream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(fd);
    return journalStream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

/** Resolves also when the lines are lost: a log that fails must not stop its writer. */
function writeAll(fd: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const writeFrom = (offset: number): void => {
      write(fd, bytes, offset, bytes.length - offset, null, (error, written) => {
        if (error?.code === 'EAGAIN') setTimeout(() => writeFrom(offset), retryDelayMs);
        else if (error || offset + written >= bytes.length) resolve();
        else writeFrom(offset + written);
      });
    };
    writeFrom(0);
  });
}
