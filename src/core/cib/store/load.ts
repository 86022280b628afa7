/**
 * What the files in the state directory amount to, at start. Each is looked at once and only the newest document is kept. The
 * current version is the newest of the ring that verifies (or cib.xml, if that is newer: then its file in the ring has rotted).
 * A file that does not verify is reported and never counts as empty; what it may have hidden makes the next version skip numbers,
 * so that no number ever stands for two configurations.
 */
import type { Problem } from '../../result.ts';
import { decodeVersionFile, type Sha256, type VersionFile } from './entry.ts';
import { currentFile, isRingFile, type Shelf } from './shelf.ts';
import { isAbove, versionText } from './version.ts';

/** What reading one file gave. `unreadable`: the disk failed. */
export type FileContent = Uint8Array | 'missing' | 'unreadable';

/**
 * `empty`: this node never had a configuration. `foreign`: only a cib.xml that another program wrote, to be adopted by a commit.
 * `unreadable`: there were versions and none of them verifies.
 */
export type Condition = 'loaded' | 'empty' | 'foreign' | 'unreadable';

export interface Current extends VersionFile {
  /** Of the file: the same on both nodes. */
  readonly bytes: Uint8Array;
}

export interface Loaded {
  readonly condition: Condition;
  readonly shelf: Shelf;
  readonly current: Current | undefined;
  /** A cib.xml that does not verify. */
  readonly rejected: Uint8Array | undefined;
  /** cib.xml is not the current version. */
  readonly isCurrentFileStale: boolean;
  /** Versions that may have existed in files that do not verify. */
  readonly skipped: number;
  readonly problems: readonly Problem[];
}

export interface Loader {
  add(name: string, content: FileContent): void;
  finish(): Loaded;
}

export function createLoader(sha256: Sha256): Loader {
  const shelf: Shelf = new Map();
  const damaged: string[] = [];
  let newest: Current | undefined;
  let published: FileContent | VersionFile = 'missing';

  const consider = (file: VersionFile, bytes: Uint8Array): void => {
    if (isAbove(file.entry.version, newest?.entry.version)) newest = { ...file, bytes };
  };

  return {
    add(name, content) {
      const file = content instanceof Uint8Array ? decodeVersionFile(content, sha256) : undefined;
      if (name === currentFile) {
        published = file ?? content;
        if (file !== undefined) consider(file, content as Uint8Array);
      } else if (file !== undefined) {
        shelf.set(name, { entry: file.entry, bytes: (content as Uint8Array).length });
        if (isRingFile(name)) consider(file, content as Uint8Array);
      } else if (content !== 'missing') damaged.push(name);
    },
    finish() {
      const isVerified = typeof published === 'object' && !(published instanceof Uint8Array);
      const isDamaged = !isVerified && published !== 'missing';
      const isForeignOnly = published instanceof Uint8Array && shelf.size === 0 && damaged.length === 0;
      const condition =
        newest !== undefined ? 'loaded' : conditionWithout(isForeignOnly, isDamaged || damaged.length > 0);
      const used = newest === undefined ? '' : versionText(newest.entry.version);
      const problems = damaged.map((file) => damagedVersion(file, used));
      if (isDamaged && condition === 'loaded') problems.push(rejectedCurrent(used));
      return {
        condition,
        shelf,
        current: newest,
        rejected: published instanceof Uint8Array ? published : undefined,
        isCurrentFileStale: !isVerified || (published as VersionFile).entry.digest !== newest?.entry.digest,
        skipped: damaged.filter(isRingFile).length,
        problems,
      };
    },
  };
}

function conditionWithout(isForeign: boolean, isDamaged: boolean): Condition {
  return isForeign ? 'foreign' : isDamaged ? 'unreadable' : 'empty';
}

function damagedVersion(file: string, used: string): Problem {
  return { code: 'configuration-version-damaged', fields: { file, used } };
}

function rejectedCurrent(used: string): Problem {
  return { code: 'configuration-file-changed', fields: { used } };
}
