/** The files of a journal: `journal-0000000017.ndjson`, numbered upwards for ever. */
import { readdirSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface SegmentFile {
  readonly number: number;
  readonly path: string;
}

/** More files than this are never kept, however small: a daemon that restarts in a loop must not fill a directory. */
const filesMax = 1000;

export function segmentPath(directory: string, number: number): string {
  return join(directory, `journal-${String(number).padStart(10, '0')}.ndjson`);
}

export function listSegmentsSync(directory: string): SegmentFile[] {
  return sorted(directory, readdirSync(directory));
}

export async function listSegments(directory: string): Promise<SegmentFile[]> {
  return sorted(directory, await readdir(directory));
}

/** Removes the oldest until those kept have at most `keepBytes` together. Best effort: a file may vanish meanwhile. */
export async function pruneSegments(directory: string, keepBytes: number): Promise<void> {
  const newestFirst = (await listSegments(directory)).reverse();
  let total = 0;
  for (const [position, { path }] of newestFirst.entries()) {
    total += await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    // Not ours to remove, or already gone: the next rotation tries again.
    if (position >= filesMax || (position > 0 && total > keepBytes)) await unlink(path).catch(() => {});
  }
}

function sorted(directory: string, names: readonly string[]): SegmentFile[] {
  return names
    .flatMap((name) => {
      const match = /^journal-(\d{10})\.ndjson$/.exec(name);
      return match === null ? [] : [{ number: Number(match[1]), path: join(directory, name) }];
    })
    .sort((left, right) => left.number - right.number);
}
