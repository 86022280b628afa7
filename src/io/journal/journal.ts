/**
 * The writer of the journal: one per machine and running daemon. `append` only fills a bounded buffer in memory, so
 * nothing on the takeover path ever waits for a disk; the buffer goes to disk a few times a second, and synchronously
 * at the end of the process. A disk that is full or hangs costs records, which are counted, never time.
 *
 * A segment begins with a checkpoint, between two steps of the core: whoever writes the steps asks whether one is due.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import type { CheckpointRecord, JournalRecord } from '../../core/journal-records.ts';
import type { Problem } from '../../core/result.ts';
import type { Microseconds } from '../../core/types.ts';
import { fileProblem } from '../file-operations.ts';
import { encodeLine } from './line.ts';
import { createSegmentWriter } from './segment-writer.ts';
import { listSegmentsSync, pruneSegments, segmentPath } from './segments.ts';

export interface JournalOptions {
  readonly directory: string;
  /** A segment this long is to be followed by another one; at twice the length it is, if without a checkpoint. */
  readonly maxBytes: number;
  /** The journal keeps about this many full segments; the oldest are removed. */
  readonly segments: number;
  readonly nowUs: () => Microseconds;
  readonly wallSeconds: () => number;
  /** Of Pairbeat. */
  readonly version?: string;
  /** The disk does not take the journal (said once, until it does again). */
  readonly onProblem?: (problem: Problem) => void;
  readonly flushIntervalMs?: number;
}

export interface Journal {
  append(record: JournalRecord): void;
  /** From now on segments begin with this. It is called while a segment begins, so it must be quick and must not append. */
  checkpoint(provider: () => CheckpointContent): void;
  /** The present segment is full, or records were lost so that a replay needs a new beginning. */
  isSegmentDue(): boolean;
  /** Between two steps of the core, after everything that was held back has been appended. */
  beginSegment(): void;
  /** Called before everything buffered goes to disk for the last time: to append what is held back. */
  beforeFlush(callback: () => void): void;
  /** Everything buffered reaches the kernel before this returns. For the end of the process, also a violent one. */
  flushSync(): void;
  close(): void;
}

export type CheckpointContent = Omit<CheckpointRecord, 'kind' | 'us'>;

export const defaultFlushIntervalMs = 200;

/** A disk that takes some records and gives up others must not fill the journal with checkpoints. */
const gapPauseUs = 5_000_000;

export function createJournal(options: JournalOptions): Journal {
  const { directory, nowUs, version = '' } = options;
  const bootId = readBootId();
  const writer = createSegmentWriter(options.onProblem ?? (() => {}));
  let checkpoint: (() => CheckpointContent) | undefined;
  let flushing = (): void => {};
  /** A replay cannot go on from here: records are missing, or this segment has no checkpoint. */
  let gap = false;
  let begunUs: Microseconds = 0;
  let number = firstFreeNumber(options);
  /** 0: the segment has not been begun. */
  let segmentBytes = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const put = (record: JournalRecord): void => {
    const line = encodeLine(record);
    if (line !== undefined && writer.add(segmentPath(directory, number), segmentBytes, line))
      segmentBytes += line.length;
    else lose();
  };
  const lose = (): void => {
    lost += 1;
    gap = true;
  };
  const begin = (withCheckpoint: boolean): void => {
    const us = nowUs();
    gap = !withCheckpoint;
    begunUs = us;
    put({ kind: 'segment', us, format: 1, number, bootId, wallSeconds: options.wallSeconds(), version });
    if (withCheckpoint && checkpoint !== undefined) put({ kind: 'checkpoint', us, ...checkpoint() });
  };
  const rotate = (withCheckpoint: boolean): void => {
    number += 1;
    segmentBytes = 0;
    begin(withCheckpoint);
  };
  const tellLost = (us: Microseconds): void => {
    if (lost === 0) return;
    const records = lost;
    lost = 0;
    put({ kind: 'lost', us, records });
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
      if (writer.full) return lose();
      if (segmentBytes === 0) begin(true);
      else if (segmentBytes >= 2 * options.maxBytes) rotate(false);
      tellLost(record.us);
      put(record);
      flushLater();
    },
    checkpoint(provider) {
      checkpoint = provider;
    },
    isSegmentDue() {
      if (closed || writer.full) return false;
      return segmentBytes === 0 || segmentBytes >= options.maxBytes || (gap && nowUs() - begunUs >= gapPauseUs);
    },
    beginSegment() {
      if (closed) return;
      if (segmentBytes === 0) return begin(true);
      tellLost(nowUs());
      rotate(true);
      flushLater();
    },
    beforeFlush(callback) {
      flushing = callback;
    },
    flushSync() {
      if (!closed) flushing();
      writer.flushSync();
    },
    close() {
      if (!closed) flushing();
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
