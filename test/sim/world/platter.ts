/**
 * What one disk holds, as pessimistic as a disk may be. Content reaches it page by page, and only a sync makes sure of
 * it; a change of names is sure only once its directory has been synced. When the power goes, any part of what was not
 * sure has happened. Pages are as small as the files are: most of what Pairbeat keeps would fit into one of the usual size.
 */
import { dirname } from 'node:path';
import type { Draw } from './draw.ts';

export const pageBytes = 32;

/** One file, whatever it is called: what a reader sees, and what is sure to be there after a power cut. */
interface Content {
  seen: Uint8Array;
  sure: Uint8Array;
}

type Names = Map<string, Content>;
type NameChange = (names: Names) => void;

export class Platter {
  #names: Names = new Map();
  #sureNames: Names = new Map();
  /** In order, each with the directory that it waits for. */
  #unsure: { readonly directory: string; readonly change: NameChange }[] = [];

  read(path: string, limitBytes: number): Uint8Array | undefined {
    return this.#names.get(path)?.seen.slice(0, limitBytes + 1);
  }

  /** Creates or replaces. */
  write(path: string, bytes: Uint8Array): void {
    let content = this.#names.get(path);
    if (content === undefined) {
      const created: Content = { seen: new Uint8Array(), sure: new Uint8Array() };
      this.#rename(path, (names) => names.set(path, created));
      content = created;
    }
    content.seen = bytes.slice();
  }

  sync(path: string): void {
    const content = this.#names.get(path);
    if (content !== undefined) content.sure = content.seen;
  }

  /** An fsync that fails: what a reader sees stays, and the kernel calls it clean. Nobody writes it any more. */
  loseUnsynced(path: string, draw: Draw): void {
    const content = this.#names.get(path);
    if (content !== undefined) content.sure = afterPowerLoss(content, draw);
  }

  /** One change: a file never has both names and never none. */
  rename(from: string, to: string): void {
    const content = this.#names.get(from);
    if (content === undefined) throw fileError('ENOENT');
    this.#rename(to, (names) => {
      names.delete(from);
      names.set(to, content);
    });
  }

  remove(path: string): void {
    if (this.#names.has(path)) this.#rename(path, (names) => names.delete(path));
  }

  syncDirectory(directory: string): void {
    for (const { change } of this.#unsure.filter((each) => each.directory === directory)) change(this.#sureNames);
    this.#unsure = this.#unsure.filter((each) => each.directory !== directory);
  }

  /** The content itself, not to be changed. */
  seen(path: string): Uint8Array | undefined {
    return this.#names.get(path)?.seen;
  }

  /** What is there whatever a power cut now would lose. */
  sure(path: string): Uint8Array | undefined {
    return this.#sureNames.get(path)?.sure;
  }

  /** Whether a power cut now could lose something. */
  get isUnsure(): boolean {
    return this.#unsure.length > 0 || [...this.#names.values()].some(({ seen, sure }) => seen !== sure);
  }

  powerLost(draw: Draw): void {
    for (const { change } of this.#unsure) if (draw.chance(0.5)) change(this.#sureNames);
    this.#unsure = [];
    for (const content of new Set(this.#sureNames.values())) {
      if (content.seen !== content.sure) content.sure = afterPowerLoss(content, draw);
      content.seen = content.sure;
    }
    this.#names = new Map(this.#sureNames);
  }

  /** One bit of it is another from now on. `false`: there is nothing to spoil. */
  spoil(path: string, draw: Draw): boolean {
    const content = this.#names.get(path);
    if (content === undefined || content.seen.length === 0) return false;
    const bit = draw.between(0, content.seen.length * 8 - 1);
    const spoilt = content.seen.slice();
    spoilt[bit >> 3] = spoilt[bit >> 3]! ^ (1 << (bit & 7));
    content.seen = content.sure = spoilt;
    return true;
  }

  #rename(path: string, change: NameChange): void {
    change(this.#names);
    this.#unsure.push({ directory: dirname(path), change });
  }
}

export function fileError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

/** Old, new, cut off, or some pages of each; a page that was never written reads as zeros. */
function afterPowerLoss({ seen, sure }: Content, draw: Draw): Uint8Array {
  switch (draw.between(0, 3)) {
    case 0:
      return sure;
    case 1:
      return seen;
    case 2:
      return seen.slice(0, draw.between(0, seen.length));
    default: {
      const mixed = new Uint8Array(seen.length);
      for (let at = 0; at < mixed.length; at += pageBytes)
        mixed.set((draw.chance(0.5) ? seen : sure).subarray(at, Math.min(at + pageBytes, mixed.length)), at);
      return mixed;
    }
  }
}
