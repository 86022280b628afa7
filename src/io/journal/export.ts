/**
 * What a journal says since some time, in one file that can be carried to the other node: records as they are, each
 * segment with its head, so that `timeline --peer` reads it like a journal.
 */
import { open } from 'node:fs/promises';
import { type JournalRecord, type SegmentRecord, wallSecondsOf } from '../../core/journal-records.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { encodeLine } from './line.ts';
import { openJournal } from './read.ts';

/** Never over an existing file. Answers how many records were written. */
export async function exportJournal(path: string, file: string, sinceSeconds: number): Promise<Result<number>> {
  const opened = await openJournal(path);
  if (!opened.ok) return opened;
  try {
    const out = await open(file, 'wx', 0o640);
    try {
      let written = 0;
      let head: JournalRecord[] = [];
      let segment: SegmentRecord | undefined;
      for await (const entry of opened.value) {
        if (entry.type !== 'record') continue;
        const { record } = entry;
        if (record.kind === 'segment') {
          segment = record;
          head = [];
        }
        const isHead = record.kind === 'segment' || record.kind === 'checkpoint';
        if (isHead) head.push(record);
        else if (segment !== undefined && wallSecondsOf(segment, record.us) >= sinceSeconds) {
          for (const each of [...head.splice(0), record]) await out.appendFile(encodeLine(each) ?? '');
          written += 1;
        }
      }
      return success(written);
    } finally {
      await out.close();
    }
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return failure(code === 'EEXIST' ? 'export-exists' : 'file-not-writable', { path: file, error: code });
  }
}
