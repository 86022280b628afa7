/**
 * Reads a journal back, also one that is being written and one that a power loss tore. Every segment yields its valid
 * prefix; where something is missing or does not verify, a `damage` entry says so and reading goes on with the next
 * segment, which begins with a checkpoint.
 */
import { readFile } from 'node:fs/promises';
import type { JournalRecord } from '../../core/journal-records.ts';
import { decodeLine, lineLimitBytes } from './line.ts';
import { listSegments } from './segments.ts';

const newline = 0x0a;

export type JournalEntry =
  | { readonly type: 'record'; readonly record: JournalRecord }
  | { readonly type: 'damage'; readonly segment: number; readonly line: number; readonly what: JournalDamage };

export type JournalDamage =
  /** The last line has no end: the machine stopped while it was written, or it is being written right now. */
  | 'torn'
  /** A line does not verify; what follows it in this segment is not believed. */
  | 'changed'
  /** One or more segments before this one are gone although older ones exist. */
  | 'missing-segment'
  | 'unreadable';

/** Oldest first. An empty or absent directory is an empty journal. */
export async function* readJournal(directory: string): AsyncGenerator<JournalEntry> {
  const segments = await listSegments(directory).catch(absentIsEmpty);
  let expected: number | undefined;
  for (const { number, path } of segments) {
    if (expected !== undefined && number !== expected)
      yield { type: 'damage', segment: number, line: 0, what: 'missing-segment' };
    expected = number + 1;
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) {
      yield { type: 'damage', segment: number, line: 0, what: 'unreadable' };
      continue;
    }
    const { records, damage } = readSegment(bytes);
    for (const record of records) yield { type: 'record', record };
    if (damage !== undefined) yield { type: 'damage', segment: number, ...damage };
  }
}

/** Everything that verifies, in one array: for tools that look at all of it anyway. */
export async function readRecords(directory: string): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const entry of readJournal(directory)) if (entry.type === 'record') records.push(entry.record);
  return records;
}

export interface SegmentContent {
  readonly records: readonly JournalRecord[];
  readonly damage?: { readonly line: number; readonly what: 'torn' | 'changed' };
}

/** Never throws, whatever the bytes are. */
export function readSegment(bytes: Uint8Array): SegmentContent {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: JournalRecord[] = [];
  let start = 0;
  // Line by line: a whole segment may be longer than the longest string of V8.
  for (let end = buffer.indexOf(newline); end >= 0; end = buffer.indexOf(newline, start)) {
    const line = { number: records.length + 1, length: end - start };
    const record = line.length > lineLimitBytes ? undefined : decodeLine(buffer.toString('utf8', start, end));
    if (record === undefined) return { records, damage: { line: line.number, what: 'changed' } };
    records.push(record);
    start = end + 1;
  }
  return start === buffer.length ? { records } : { records, damage: { line: records.length + 1, what: 'torn' } };
}

function absentIsEmpty(error: unknown): never[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
