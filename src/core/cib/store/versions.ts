/** The history as somebody reads it: which versions can be gone back to, who made them, and what became of them. */
import type { Digest, Entry, Sha256, VersionFile } from './entry.ts';
import { entriesOf, fileOf, isLostFile, isRingFile } from './shelf.ts';
import type { Candidate, StoreState } from './state.ts';
import { currentDigest } from './state.ts';
import { decodeDocument, verifiedVersion } from './verify.ts';

export interface KnownVersion {
  readonly entry: Entry;
  /** `lost`: it gave way when two histories had diverged. */
  readonly place: 'current' | 'earlier' | 'lost';
}

/** Newest first. */
export function versionsOf(state: StoreState): readonly KnownVersion[] {
  const lost = entriesOf(state.shelf, isLostFile);
  const ring = entriesOf(state.shelf, isRingFile).filter(({ digest }) => !lost.some((each) => each.digest === digest));
  const current = currentDigest(state);
  return [
    ...ring.map((entry): KnownVersion => ({ entry, place: entry.digest === current ? 'current' : 'earlier' })),
    ...lost.map((entry): KnownVersion => ({ entry, place: 'lost' })),
  ];
}

/** Name of the file that has it; `undefined`: this node does not have it (any more). */
export function fileOfVersion({ shelf }: StoreState, digest: Digest): string | undefined {
  return fileOf(shelf, digest, isLostFile) ?? fileOf(shelf, digest, isRingFile);
}

/** What the file holds, if it is still that version. */
export function readVersion(bytes: Uint8Array, digest: Digest, sha256: Sha256): VersionFile | undefined {
  const file = verifiedVersion(bytes, sha256);
  return file?.entry.digest === digest ? file : undefined;
}

/** The content of an earlier or lost version, as a commit that follows the current one. */
export function again(
  { document }: VersionFile,
  state: StoreState,
  asker: { readonly who: string; readonly when: string; readonly tool: string },
): Candidate | undefined {
  const text = decodeDocument(document);
  return text === undefined ? undefined : { document: text, parent: currentDigest(state), ...asker };
}
