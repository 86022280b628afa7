/**
 * The disk port: small files that are old or new after any crash, never mixed (S14). A file NAME begins with a line
 * that holds the checksum of the rest; the copy before it is kept as NAME.previous.
 *
 *   write   NAME.new written and synced, NAME renamed to NAME.previous, NAME.new renamed to NAME, directory synced
 *   read    NAME if it verifies, else NAME.previous if that verifies, else a problem: never an empty answer
 *
 * Every order in which a crash can lose these steps leaves the old or the new content readable.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { assert } from '../core/assert.ts';
import { failure, type Problem, type Result, success } from '../core/result.ts';
import type { Disk } from '../ports/disk.ts';
import { type FileOperations, fileProblem, realFileOperations } from './file-operations.ts';

export interface DurableFileOptions {
  readonly files?: FileOperations;
  /** The previous copy had to be used: worth an alarm, the disk may be dying. */
  readonly onDamage?: (problem: Problem) => void;
}

const contentLimitBytes = 1024 * 1024;
const headerLimitBytes = 200;
/** A hung disk must not collect writes without end. */
const pendingLimit = 100;
const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

export function createDurableFiles(directory: string, options: DurableFileOptions = {}): Disk {
  const files = options.files ?? realFileOperations;
  const onDamage = options.onDamage ?? (() => {});
  let last: Promise<unknown> = Promise.resolve();
  let pending = 0;

  /** One at a time: two writes of one name never meet, and a hung disk holds one thread of Node's pool, not all. */
  function inTurn<Value>(name: string, work: (path: string) => Promise<Result<Value>>): Promise<Result<Value>> {
    assert(namePattern.test(name) && !/\.(new|previous)$/.test(name), `name of a durable file: ${name}`);
    if (pending >= pendingLimit) return Promise.resolve(failure('disk-busy', { file: name, pending }));
    pending += 1;
    const path = join(directory, name);
    const done = last
      .then(() => work(path))
      .catch((error: unknown) => ({ ok: false, problem: fileProblem(error, path) }) as const);
    last = done.finally(() => {
      pending -= 1;
    });
    return done;
  }

  return {
    read: (name) => inTurn(name, (path) => readVerified(files, path, onDamage)),
    write: (name, bytes) => inTurn(name, (path) => writeDurably(files, directory, path, bytes)),
    remove: (name) => inTurn(name, (path) => removeDurably(files, directory, path)),
  };
}

async function readVerified(
  files: FileOperations,
  path: string,
  onDamage: (problem: Problem) => void,
): Promise<Result<Uint8Array | undefined>> {
  const current = await readCopy(files, path);
  if (current.state === 'good') return success(current.content);
  const previous = await readCopy(files, previousOf(path));
  if (previous.state === 'good') {
    // Without a damaged file there was merely a crash between the two renames: nothing to worry about.
    if (current.state === 'damaged') onDamage({ code: 'file-damaged-previous-used', fields: { file: path } });
    return success(previous.content);
  }
  if (current.state === 'missing' && previous.state === 'missing') return success(undefined);
  return failure('file-damaged', { file: path });
}

async function writeDurably(
  files: FileOperations,
  directory: string,
  path: string,
  bytes: Uint8Array,
): Promise<Result<void>> {
  if (bytes.length > contentLimitBytes) {
    return failure('file-too-large', { file: path, bytes: bytes.length, limit: contentLimitBytes });
  }
  try {
    await files.writeSynced(`${path}.new`, wrap(bytes));
  } catch (error) {
    // A full disk needs the space; the error that matters is the first one.
    await files.remove(`${path}.new`).catch(() => {});
    throw error;
  }
  // A damaged file must not push out the last good copy.
  const current = await readCopy(files, path);
  if (current.state === 'good') await files.rename(path, previousOf(path));
  await files.rename(`${path}.new`, path);
  await files.syncDirectory(directory);
  return success(undefined);
}

/** The previous copy goes first, durably: otherwise a crash could bring back content older than the last. */
async function removeDurably(files: FileOperations, directory: string, path: string): Promise<Result<void>> {
  const copies = [await readCopy(files, path), await readCopy(files, previousOf(path))];
  if (copies.every(({ state }) => state === 'missing')) return success(undefined);
  if (copies[0]?.state !== 'missing') {
    await files.remove(previousOf(path));
    await files.syncDirectory(directory);
  }
  await files.remove(path);
  await files.remove(previousOf(path));
  await files.syncDirectory(directory);
  return success(undefined);
}

type Copy = { readonly state: 'good'; readonly content: Uint8Array } | { readonly state: 'missing' | 'damaged' };

async function readCopy(files: FileOperations, path: string): Promise<Copy> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await files.read(path, contentLimitBytes + headerLimitBytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EIO') throw error;
    return { state: 'damaged' };
  }
  if (bytes === undefined) return { state: 'missing' };
  const content = unwrap(bytes);
  return content === undefined ? { state: 'damaged' } : { state: 'good', content };
}

function wrap(content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`pairbeat-file 1 ${content.length} sha256 ${sha256(content)}\n`), content]);
}

function unwrap(bytes: Uint8Array): Uint8Array | undefined {
  const headerEnd = bytes.subarray(0, headerLimitBytes).indexOf(0x0a);
  if (headerEnd < 0) return undefined;
  const header = /^pairbeat-file 1 (\d+) sha256 ([0-9a-f]{64})$/.exec(
    Buffer.from(bytes.subarray(0, headerEnd)).toString('latin1'),
  );
  const content = bytes.slice(headerEnd + 1);
  if (header === null || Number(header[1]) !== content.length) return undefined;
  return header[2] === sha256(content) ? content : undefined;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function previousOf(path: string): string {
  return `${path}.previous`;
}
