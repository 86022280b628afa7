/**
 * Where the versions lie in the state directory. All of them are files of the same kind (entry.ts):
 *
 *     cib.xml                    the current version; what people and stock tools read
 *     cib-00.xml ... cib-63.xml  the last versions, the current one among them; a new one replaces the oldest
 *     lost-00.xml ... lost-15.xml  what lost when two histories had diverged, to go back to
 *     cib.xml.rejected           a cib.xml that this store did not write, kept for whoever did
 *
 * A version is committed once it lies in the ring; then it replaces cib.xml. So the current version is there twice, and one
 * rotten file loses nothing. The number of files is fixed, so that nothing has to be cleared away after a crash.
 */
import type { Digest, Entry } from './entry.ts';
import { compareVersions, isAbove } from './version.ts';

export const currentFile = 'cib.xml';
export const rejectedFile = 'cib.xml.rejected';
export const ringFiles: readonly string[] = numbered('cib', 64);
export const lostFiles: readonly string[] = numbered('lost', 16);
/** In the order in which they are read at start. */
export const allFiles: readonly string[] = [...ringFiles, ...lostFiles, currentFile];

/** The ring is emptied from its old end beyond this, but keeps the last few whatever their size. */
const ringBytesMax = 256 * 1024 * 1024;
const alwaysKept = 4;

export interface Shelved {
  readonly entry: Entry;
  /** Of the file. */
  readonly bytes: number;
}

/** What is on the disk, by file name: `ringFiles` and `lostFiles` only. */
export type Shelf = Map<string, Shelved>;

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `${name}-${String(number).padStart(2, '0')}.xml`);
}

export function isRingFile(name: string): boolean {
  return name.startsWith('cib-');
}

export function isLostFile(name: string): boolean {
  return name.startsWith('lost-');
}

/** Newest first. */
export function entriesOf(shelf: Shelf, belongs: (name: string) => boolean): readonly Entry[] {
  return [...shelf]
    .filter(([name]) => belongs(name))
    .map(([, { entry }]) => entry)
    .sort((left, right) => compareVersions(right.version, left.version));
}

/** An unused one, else the oldest; never that of `kept`. */
export function nextFile(shelf: Shelf, names: readonly string[], kept: Digest): string {
  const free = names.find((name) => !shelf.has(name));
  if (free !== undefined) return free;
  return names
    .filter((name) => shelf.get(name)!.entry.digest !== kept)
    .reduce((oldest, name) =>
      isAbove(shelf.get(oldest)!.entry.version, shelf.get(name)!.entry.version) ? name : oldest,
    );
}

export function fileOf(shelf: Shelf, digest: Digest, belongs: (name: string) => boolean): string | undefined {
  for (const [name, { entry }] of shelf) if (entry.digest === digest && belongs(name)) return name;
  return undefined;
}

/** The oldest of the ring that should go because all of it takes too much. */
export function surplusFile(shelf: Shelf): string | undefined {
  const ring = [...shelf].filter(([name]) => isRingFile(name));
  const bytes = ring.reduce((sum, [, shelved]) => sum + shelved.bytes, 0);
  if (bytes <= ringBytesMax || ring.length <= alwaysKept) return undefined;
  return ring.reduce((oldest, each) => (isAbove(oldest[1].entry.version, each[1].entry.version) ? each : oldest))[0];
}
