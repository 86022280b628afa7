/**
 * What happens to files, written down as a procedure that asks for one step after the other and does none itself. The
 * daemon takes the steps with the real file operations; the simulator takes them in its own time, one by one, and pulls
 * the plug between any two. So both run the same order of writing, renaming and syncing.
 */
import type { FileOperations } from './file-operations.ts';

export type FileStep =
  | { readonly do: 'read'; readonly path: string; readonly limitBytes: number }
  | { readonly do: 'writeSynced'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'syncDirectory'; readonly path: string };

/** Bytes only from `read`, and only where there is such a file. */
export type FileAnswer = Uint8Array | undefined;

export type FileProcedure<Value> = Generator<FileStep, Value, FileAnswer>;

/** Takes the steps; one that fails is thrown into the procedure, where it was asked for. */
export async function perform<Value>(files: FileOperations, procedure: FileProcedure<Value>): Promise<Value> {
  let next = procedure.next();
  while (next.done !== true) {
    let answer: FileAnswer;
    try {
      answer = await take(files, next.value);
    } catch (error) {
      next = procedure.throw(error);
      continue;
    }
    next = procedure.next(answer);
  }
  return next.value;
}

async function take(files: FileOperations, step: FileStep): Promise<FileAnswer> {
  switch (step.do) {
    case 'read':
      return files.read(step.path, step.limitBytes);
    case 'writeSynced':
      await files.writeSynced(step.path, step.bytes);
      return undefined;
    case 'rename':
      await files.rename(step.from, step.to);
      return undefined;
    case 'remove':
      await files.remove(step.path);
      return undefined;
    case 'syncDirectory':
      await files.syncDirectory(step.path);
      return undefined;
  }
}
