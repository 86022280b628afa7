/** The files whose guards are tried one by one: ownership, fencing, membership, and who decides whether a node may act. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findGuards, type GuardMutant, type Site } from './guards.ts';
import { instrument } from './instrument.ts';
import { root } from './root.ts';

const files = [
  'src/core/ownership.ts',
  'src/core/membership.ts',
  'src/core/host-events.ts',
  'src/core/haresources/facts.ts',
  'src/core/haresources/split.ts',
];
const folders = ['src/core/fencing'];

export interface GuardedFile {
  readonly file: string;
  readonly sites: readonly Site[];
  readonly instrumented: string;
}

/** `part`: only files whose path contains it. Ids are unique among the files returned. */
export function guardedFiles(part = ''): readonly GuardedFile[] {
  let firstId = 1;
  const guarded = listed()
    .filter((file) => file.includes(part))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const sites = findGuards(file, text, firstId);
      firstId += sites.reduce((sum, site) => sum + site.mutants.length, 0);
      return { file, sites, instrumented: instrument(text, sites) };
    });
  return guarded.filter(({ sites }) => sites.length > 0);
}

export function mutantsOf(guarded: readonly GuardedFile[]): readonly GuardMutant[] {
  return guarded.flatMap(({ sites }) => sites.flatMap(({ mutants }) => mutants));
}

function listed(): string[] {
  const inFolders = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)));
  return [...files, ...inFolders.filter((file) => file.endsWith('.ts')).sort()];
}
