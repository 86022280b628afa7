/**
 * The port for files that other programs read too, as procedures over the file operations:
 *
 *   replace    NAME.new written and synced, renamed to NAME, directory synced
 *   remove     NAME removed, directory synced
 *   make sure  directory synced: of what a reader sees, the content was synced before it got its name
 */
import { join } from 'node:path';
import { assert } from '../core/assert.ts';
import { type Result, success } from '../core/result.ts';
import type { PlainFiles } from '../ports/plain-files.ts';
import { type FileOperations, fileProblem, realFileOperations } from './file-operations.ts';
import { type FileProcedure, perform } from './file-procedure.ts';

const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

export function createPlainFiles(directory: string, files: FileOperations = realFileOperations): PlainFiles {
  return {
    read: (name, limitBytes) => perform(files, readPlain(directory, name, limitBytes)),
    replace: (name, bytes) => perform(files, replacePlain(directory, name, bytes)),
    remove: (name) => perform(files, removePlain(directory, name)),
    makeSure: () => perform(files, makeSurePlain(directory)),
  };
}

export function readPlain(
  directory: string,
  name: string,
  limitBytes: number,
): FileProcedure<Result<Uint8Array | undefined>> {
  return guarded(pathOf(directory, name), function* (path): FileProcedure<Uint8Array | undefined> {
    return yield { do: 'read', path, limitBytes };
  });
}

export function replacePlain(directory: string, name: string, bytes: Uint8Array): FileProcedure<Result<void>> {
  return guarded(pathOf(directory, name), function* (path) {
    const fresh = `${path}.new`;
    try {
      yield { do: 'writeSynced', path: fresh, bytes };
    } catch (error) {
      yield* removeIfPossible(fresh);
      throw new Unchanged(error);
    }
    try {
      yield { do: 'rename', from: fresh, to: path };
    } catch (error) {
      throw new Unchanged(error);
    }
    yield { do: 'syncDirectory', path: directory };
  });
}

export function removePlain(directory: string, name: string): FileProcedure<Result<void>> {
  return guarded(pathOf(directory, name), function* (path) {
    yield { do: 'remove', path };
    yield { do: 'syncDirectory', path: directory };
  });
}

/** A directory that is not there yet holds nothing to lose. */
export function* makeSurePlain(directory: string): FileProcedure<Result<void>> {
  try {
    yield { do: 'syncDirectory', path: directory };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      return { ok: false, problem: fileProblem(error, directory) };
  }
  return success(undefined);
}

function pathOf(directory: string, name: string): string {
  assert(namePattern.test(name) && !name.endsWith('.new'), `name of a plain file: ${name}`);
  return join(directory, name);
}

/** Failed before anything happened to the file itself. */
class Unchanged extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super('the file is as it was');
    this.error = error;
  }
}

/** Errors of the file operations become problems. */
function* guarded<Value>(
  path: string,
  procedure: (path: string) => FileProcedure<Value>,
): FileProcedure<Result<Value>> {
  try {
    return success(yield* procedure(path));
  } catch (error) {
    if (!(error instanceof Unchanged)) return { ok: false, problem: fileProblem(error, path) };
    const { code, fields } = fileProblem(error.error, path);
    return { ok: false, problem: { code, fields: { ...fields, unchanged: true } } };
  }
}

/** A full disk needs the space; the error that matters is the one before. */
function* removeIfPossible(path: string): FileProcedure<void> {
  try {
    yield { do: 'remove', path };
  } catch {
    // It stays, and is overwritten by the next write.
  }
}
