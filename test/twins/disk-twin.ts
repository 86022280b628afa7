/**
 * The file operations in memory, as pessimistic as a real disk may be: after a crash, content that was not synced is
 * the old one, a torn part of the new one, or zeros; and of the names changed since the directory was synced, any
 * subset has survived. `createDurableFiles` on top of it gives the disk port.
 */
import { dirname } from 'node:path';
import { createRandom, type RandomState, randomBetween } from '../../src/core/random.ts';
import { createDurableFiles } from '../../src/io/durable-file.ts';
import type { FileOperations } from '../../src/io/file-operations.ts';
import type { Disk } from '../../src/ports/disk.ts';

export interface DiskTwin {
  readonly files: FileOperations;
  /** The disk port over a directory of this twin. */
  disk(directory: string): Disk;
  /** The machine stops after this many more steps: that step and all later ones reject. */
  crashAfter(steps: number): void;
  /** Power is back: what was not durable is decided now, and steps work again. */
  restart(): void;
  /** Every write fails with this error code (`ENOSPC`); `undefined` mends it. */
  failWrites(code: string | undefined): void;
  /** Changes a file behind everyone's back. */
  tamper(path: string, change: (bytes: Uint8Array) => Uint8Array): void;
  exists(path: string): boolean;
  /** Steps taken since the twin was made. */
  readonly steps: number;
}

export class SimulatedCrash extends Error {
  readonly code = 'CRASH';
}

/** One inode: what a reader sees, and what is sure to survive. */
interface Content {
  seen: Uint8Array;
  durable: Uint8Array;
}

type NameChange = (names: Map<string, Content>) => void;

export function createDiskTwin(seed = 1): DiskTwin {
  const random = createRandom(seed);
  let names = new Map<string, Content>();
  let durableNames = new Map<string, Content>();
  /** Not yet synced, per directory, in order. */
  let unsynced: { readonly directory: string; readonly change: NameChange }[] = [];
  let steps = 0;
  let crashAt = Number.POSITIVE_INFINITY;
  let writeError: string | undefined;

  const step = async (): Promise<void> => {
    await Promise.resolve();
    steps += 1;
    if (steps > crashAt) throw new SimulatedCrash(`crash at step ${steps}`);
  };
  const changeNames = (path: string, change: NameChange): void => {
    change(names);
    unsynced.push({ directory: dirname(path), change });
  };

  const files: FileOperations = {
    read: async (path, limitBytes) => {
      await step();
      return names.get(path)?.seen.slice(0, limitBytes + 1);
    },
    writeSynced: async (path, bytes) => {
      await step();
      if (writeError !== undefined) throw Object.assign(new Error(`${writeError}: simulated`), { code: writeError });
      const content = names.get(path) ?? { seen: new Uint8Array(), durable: new Uint8Array() };
      if (!names.has(path)) changeNames(path, (target) => target.set(path, content));
      content.seen = bytes.slice();
      await step();
      content.durable = content.seen;
    },
    rename: async (from, to) => {
      await step();
      const content = names.get(from);
      if (content === undefined) throw Object.assign(new Error(`no such file: ${from}`), { code: 'ENOENT' });
      // One change: a rename is atomic, the file never loses both names and never keeps both.
      changeNames(to, (target) => {
        target.delete(from);
        target.set(to, content);
      });
    },
    remove: async (path) => {
      await step();
      if (names.has(path)) changeNames(path, (target) => target.delete(path));
    },
    syncDirectory: async (directory) => {
      await step();
      for (const { change } of unsynced.filter((each) => each.directory === directory)) change(durableNames);
      unsynced = unsynced.filter((each) => each.directory !== directory);
    },
  };

  return {
    files,
    disk: (directory) => createDurableFiles(directory, { files }),
    crashAfter: (count) => {
      crashAt = steps + count;
    },
    restart: () => {
      for (const { change } of unsynced) if (randomBetween(random, 0, 1) === 1) change(durableNames);
      unsynced = [];
      for (const content of durableNames.values()) {
        content.seen = content.durable = afterPowerLoss(content, random);
      }
      names = new Map(durableNames);
      durableNames = new Map(names);
      crashAt = Number.POSITIVE_INFINITY;
    },
    failWrites: (code) => {
      writeError = code;
    },
    tamper: (path, change) => {
      const content = names.get(path);
      if (content === undefined) throw new Error(`nothing to tamper with: ${path}`);
      content.seen = content.durable = change(content.seen);
    },
    exists: (path) => names.has(path),
    get steps() {
      return steps;
    },
  };
}

function afterPowerLoss({ seen, durable }: Content, random: RandomState): Uint8Array {
  if (seen === durable) return durable;
  const torn = randomBetween(random, 0, seen.length);
  const outcomes = [durable, seen.slice(0, torn), new Uint8Array(seen.length), seen];
  return outcomes[randomBetween(random, 0, outcomes.length - 1)]!;
}
