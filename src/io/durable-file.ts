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
import { type FileProcedure, perform } from './file-procedure.ts';

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
  function inTurn<Value>(name: string, procedure: () => FileProcedure<Result<Value>>): Promise<Result<Value>> {
    checkName(name);
    if (pending >= pendingLimit) return Promise.resolve(failure('disk-busy', { file: name, pending }));
    pending += 1;
    const done = last.then(() => perform(files, procedure()));
    last = done.finally(() => {
      pending -= 1;
    });
    return done;
  }

  return {
    read: (name) => inTurn(name, () => readDurableFile(directory, name, onDamage)),
    write: (name, bytes) => inTurn(name, () => writeDurableFile(directory, name, bytes)),
    remove: (name) => inTurn(name, () => removeDurableFile(directory, name)),
  };
}

/** `undefined`: no such file. */
export function readDurableFile(
  directory: string,
  name: string,
  onDamage: (problem: Problem) => void,
): FileProcedure<Result<Uint8Array | undefined>> {
  return named(directory, name, (path) => readVerified(path, onDamage));
}

export function writeDurableFile(directory: string, name: string, bytes: Uint8Array): FileProcedure<Result<void>> {
  return named(directory, name, (path) => writeDurably(directory, path, bytes));
}

export function removeDurableFile(directory: string, name: string): FileProcedure<Result<void>> {
  return named(directory, name, (path) => removeDurably(directory, path));
}

function checkName(name: string): void {
  assert(namePattern.test(name) && !/\.(new|previous)$/.test(name), `name of a durable file: ${name}`);
}

/** Errors of the file operations become problems. */
function* named<Value>(
  directory: string,
  name: string,
  procedure: (path: string) => FileProcedure<Result<Value>>,
): FileProcedure<Result<Value>> {
  checkName(name);
  const path = join(directory, name);
  try {
    return yield* procedure(path);
  } catch (error) {
    return { ok: false, problem: fileProblem(error, path) };
  }
}

function* readVerified(
  path: string,
  onDamage: (problem: Problem) => void,
): FileProcedure<Result<Uint8Array | undefined>> {
  const current = yield* readCopy(path);
  if (current.state === 'good') return success(current.content);
  const previous = yield* readCopy(previousOf(path));
  if (previous.state === 'good') {
    // Without a damaged file there was merely a crash between the two renames: nothing to worry about.
    if (current.state === 'damaged') onDamage({ code: 'file-damaged-previous-used', fields: { file: path } });
    return success(previous.content);
  }
  if (current.state === 'missing' && previous.state === 'missing') return success(undefined);
  return failure('file-damaged', { file: path });
}

function* writeDurably(directory: string, path: string, bytes: Uint8Array): FileProcedure<Result<void>> {
  if (bytes.length > contentLimitBytes) {
    return failure('file-too-large', { file: path, bytes: bytes.length, limit: contentLimitBytes });
  }
  try {
    yield { do: 'writeSynced', path: `${path}.new`, bytes: wrap(bytes) };
  } catch (error) {
    yield* removeIfPossible(`${path}.new`);
    throw error;
  }
  // A damaged file must not push out the last good copy.
  const current = yield* readCopy(path);
  if (current.state === 'good') yield { do: 'rename', from: path, to: previousOf(path) };
  yield { do: 'rename', from: `${path}.new`, to: path };
  yield { do: 'syncDirectory', path: directory };
  return success(undefined);
}

/** A full disk needs the space; the error that matters is the one before. */
function* removeIfPossible(path: string): FileProcedure<void> {
  try {
    yield { do: 'remove', path };
  } catch {
    // It stays, and is overwritten by the next write.
  }
}

/** The previous copy goes first, durably: otherwise a crash could bring back content older than the last. */
function* removeDurably(directory: string, path: string): FileProcedure<Result<void>> {
  const copies = [yield* readCopy(path), yield* readCopy(previousOf(path))];
  if (copies.every(({ state }) => state === 'missing')) return success(undefined);
  if (copies[0]?.state !== 'missing') {
    yield { do: 'remove', path: previousOf(path) };
    yield { do: 'syncDirectory', path: directory };
  }
  yield { do: 'remove', path };
  yield { do: 'remove', path: previousOf(path) };
  yield { do: 'syncDirectory', path: directory };
  return success(undefined);
}

type Copy = { readonly state: 'good'; readonly content: Uint8Array } | { readonly state: 'missing' | 'damaged' };

function* readCopy(path: string): FileProcedure<Copy> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = yield { do: 'read', path, limitBytes: contentLimitBytes + headerLimitBytes };
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
