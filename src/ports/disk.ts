import type { Result } from '../core/result.ts';

/** Small durable files: old or new after any crash, never mixed (S14). */
export interface Disk {
  /** `undefined` when there is no such file. A checksum that does not verify falls back to the previous copy, else a problem. */
  read(name: string): Promise<Result<Uint8Array | undefined>>;
  /** Temporary file, write, fsync, rename, fsync of the directory. Resolves only when all of it is done. */
  write(name: string, bytes: Uint8Array): Promise<Result<void>>;
  remove(name: string): Promise<Result<void>>;
}
