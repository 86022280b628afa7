/**
 * Who a user name is: /etc/passwd and /etc/group first, then whatever the machine's directory service says, through
 * `id`, which may take its time and is not waited for longer than a bound.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** All groups, the primary one among them. */
  readonly groups: readonly number[];
  /** Undefined when only the directory service knows. */
  readonly home?: string;
}

const directoryPatienceMs = 5000;

export async function findUser(name: string): Promise<User | undefined> {
  return findLocalUser(name) ?? (await askDirectory(name));
}

/** `files` only for tests. */
export function findLocalUser(
  name: string,
  files: { readonly passwd: string; readonly group: string } = { passwd: '/etc/passwd', group: '/etc/group' },
): User | undefined {
  const fields = linesOf(files.passwd).find((entry) => entry[0] === name && entry.length >= 6);
  if (fields === undefined) return undefined;
  const [uid, gid] = [Number(fields[2]), Number(fields[3])];
  if (!isId(uid) || !isId(gid)) return undefined;
  const groups = linesOf(files.group)
    .filter((entry) => entry[3]?.split(',').includes(name))
    .map((entry) => Number(entry[2]))
    .filter(isId);
  return { name, uid, gid, groups: [...new Set([gid, ...groups])], home: fields[5] || '/' };
}

/** Number of a group by its name or number as text. */
export function findGroupId(name: string, file = '/etc/group'): number | undefined {
  if (/^\d{1,10}$/.test(name)) return Number(name);
  const gid = Number(linesOf(file).find((entry) => entry[0] === name)?.[2]);
  return isId(gid) ? gid : undefined;
}

/** Number of a user by name or number as text. */
export function findUserId(name: string): number | undefined {
  return /^\d{1,10}$/.test(name) ? Number(name) : findLocalUser(name)?.uid;
}

async function askDirectory(name: string): Promise<User | undefined> {
  const [uid, gid, groups] = await Promise.all(['-u', '-g', '-G'].map((what) => id(what, name)));
  if (uid?.length !== 1 || gid?.length !== 1 || groups === undefined) return undefined;
  return { name, uid: uid[0]!, gid: gid[0]!, groups };
}

function id(what: string, name: string): Promise<number[] | undefined> {
  // A name cannot be taken for an option: "--" ends them.
  return new Promise((resolve) => {
    execFile('/usr/bin/id', [what, '--', name], { timeout: directoryPatienceMs, env: {} }, (error, output) => {
      const numbers = output.trim().split(/\s+/).map(Number);
      resolve(error === null && numbers.every(isId) ? numbers : undefined);
    });
  });
}

const isId = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 0xffffffff;

function linesOf(file: string): string[][] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}
