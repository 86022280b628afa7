import type { Result } from '../core/result.ts';

/** Files that other programs read, so without a header of ours: each is old or new after any crash, never mixed (S14). */
export interface PlainFiles {
  /** `undefined` when there is no such file; at most `limitBytes` and one more. */
  read(name: string, limitBytes: number): Promise<Result<Uint8Array | undefined>>;
  /**
   * Temporary file, write, fsync, rename, fsync of the directory. Resolves only when all of it is done. After a failure the file is
   * old or new; a field `unchanged` of the problem says that it is old for sure.
   */
  replace(name: string, bytes: Uint8Array): Promise<Result<void>>;
  /** Gone for good once it resolves. */
  remove(name: string): Promise<Result<void>>;
  /** What can be read now survives a crash: a program that died may have left names that are not yet on the disk. */
  makeSure(): Promise<Result<void>>;
}
