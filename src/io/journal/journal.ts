/**
 * The writer of the journal: one per machine and running daemon. `append` only fills a bounded buffer in memory, so
 * nothing on the takeover path ever waits for a disk; the buffer goes to disk a few times a second, and synchronously
 * at the end of the process. A disk that is full or hangs costs records, which are counted, never time.
 *
 * A segment begins before an `event`, so that whatever follows from an event stays with it, and the checkpoint at the
 * beginning of a segment is exactly the state that the event met.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import type { JournalRecord } from '../../core/journal-records.ts';
import type { Problem } from '../../core/result.ts';
import type { Microseconds } from '../../core/types.ts';
import { fileProblem } from '../file-operations.ts';
import { encodeLine } from './line.ts';
import { createSegmentWriter } from './segment-writer.ts';
import { listSegmentsSync, pruneSegments, segmentPath } from './segments.ts';

export interface JournalOptions {
  readonly directory: string;
  /** A segment this long is followed by another one at the next `event`, at twice the length in any case. */
  readonly maxBytes: number;
  /** The journal keeps about this many full segments; the oldest are removed. */
  readonly segments: number;
  readonly nowUs: () => Microseconds;
  readonly wallSeconds: () => number;
  /** The disk does not take the journal (said once, until it does again). */
  readonly onProblem?: (problem: Problem) => void;
  readonly flushIntervalMs?: number;
}

export interface Journal {
  append(record: JournalRecord): void;
  /** From now on segments begin with this state. It is called inside `append`, so it must be quick and must not append. */
  checkpoint(state: () => unknown): void;
  /** Everything buffered reaches the kernel before this returns. For the end of the process, also a violent one. */
  flushSync(): void;
  close(): void;
}

export const defaultFlushIntervalMs = 200;

export function createJournal(options: JournalOptions): Journal {
  const { directory, nowUs } = options;
  const bootId = readBootId();
  const writer = createSegmentWriter(options.onProblem ?? (() => {}));
  let state: (() => unknown) | undefined;
  let number = firstFreeNumber(options);
  /** 0: the segment has not been begun. */
  let segmentBytes = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const put = (record: JournalRecord): void => {
    const line = encodeLine(record);
    if (line === undefined || !writer.add(segmentPath(directory, number), segmentBytes, line)) lost += 1;
    else segmentBytes += line.length;
  };
  const begin = (): void => {
    const us = nowUs();
    put({ kind: 'segment', us, format: 1, number, bootId, wallSeconds: options.wallSeconds() });
    if (state !== undefined) put({ kind: 'checkpoint', us, state: state() });
  };
  const rotate = (): void => {
    number += 1;
    segmentBytes = 0;
    begin();
  };
  const flush = (): void => {
    timer = undefined;
    writer.flush(() => {
      // What could not be written waits for the next try; an idle journal has no timer.
      if (writer.waiting && !closed) flushLater();
      else prune();
    });
  };
  const flushLater = (): void => {
    timer ??= setTimeout(flush, options.flushIntervalMs ?? defaultFlushIntervalMs).unref();
  };
  let pruned = -1;
  const prune = (): void => {
    if (pruned === number) return;
    pruned = number;
    // A directory that cannot be read cannot be written either, and that is reported.
    pruneSegments(directory, options.maxBytes * options.segments).catch(() => {});
  };

  return {
    append(record) {
      if (closed) return;
      if (writer.full) {
        lost += 1;
        return;
      }
      if (segmentBytes === 0) begin();
      else if (segmentBytes >= (record.kind === 'event' ? 1 : 2) * options.maxBytes) rotate();
      if (lost > 0) {
        put({ kind: 'lost', us: record.us, records: lost });
        lost = 0;
      }
      put(record);
      flushLater();
    },
    checkpoint(provider) {
      state = provider;
    },
    flushSync: () => writer.flushSync(),
    close() {
      closed = true;
      clearTimeout(timer);
      writer.flushSync();
      writer.close();
    },
  };
}

function firstFreeNumber({ directory, onProblem }: JournalOptions): number {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    return (listSegmentsSync(directory).at(-1)?.number ?? 0) + 1;
  } catch (error) {
    onProblem?.(fileProblem(error, directory));
    return 1;
  }
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return 'unknown';
  }
}
