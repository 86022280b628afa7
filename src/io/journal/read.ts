/**
 * Reads a journal back, also one that is being written and one that a power loss tore. Every segment yields its valid
 * prefix; where something is missing or does not verify, a `damage` entry says so and reading goes on with the next
 * segment, which begins with a checkpoint.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalDamage, JournalEntry, JournalRecord } from '../../core/journal-records.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { decodeLine, lineLimitBytes } from './line.ts';
import { listSegments } from './segments.ts';

const newline = 0x0a;

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

/** `path`: one segment, the directory of a journal, or a state directory with one in it. */
export async function openJournal(path: string): Promise<Result<AsyncIterable<JournalEntry>>> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return success(readOneSegment(path));
    const inside = join(path, 'journal');
    const directory = await stat(inside).then(
      (entry) => (entry.isDirectory() ? inside : path),
      () => path,
    );
    const segments = await listSegments(directory);
    if (segments.length === 0) return failure('journal-empty', { path: directory });
    return success(readJournal(directory));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return failure('journal-not-there', { path });
    return failure('journal-not-readable', { path, error: code });
  }
}

async function* readOneSegment(path: string): AsyncGenerator<JournalEntry> {
  const { records, damage } = readSegment(await readFile(path));
  for (const record of records) yield { type: 'record', record };
  if (damage !== undefined) yield { type: 'damage', segment: 0, ...damage };
}

/** Everything that verifies, in one array: for tools that look at all of it anyway. */
export async function readRecords(directory: string): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const entry of readJournal(directory)) if (entry.type === 'record') records.push(entry.record);
  return records;
}

export interface SegmentContent {
  readonly records: readonly JournalRecord[];
  readonly damage?: { readonly line: number; readonly what: Extract<JournalDamage, 'torn' | 'changed'> };
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
