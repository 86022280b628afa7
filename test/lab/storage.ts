/**
 * Where the lab keeps the private directories of its hosts: a memory file system, mounted in the lab's own mount
 * namespace over a directory that every machine has. It cannot be seen from outside and vanishes with the lab.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { currentLabMode } from './enter.ts';

let mountPoint: string | undefined;

/** A fresh directory for one machine of a lab. */
export function storageDirectory(...parts: string[]): string {
  const directory = join(storageRoot(), ...parts);
  mkdirSync(directory, { recursive: true });
  return directory;
}

function storageRoot(): string {
  if (currentLabMode() === undefined) throw new Error('lab storage exists only inside the lab (see enterLab)');
  if (mountPoint !== undefined) return mountPoint;
  const inUse = [process.execPath, process.cwd(), import.meta.dirname];
  const usable = ['/mnt', '/media', '/srv', '/opt'].find(
    (candidate) => existsSync(candidate) && !inUse.some((path) => path.startsWith(`${candidate}/`)),
  );
  if (usable === undefined) throw new Error('the lab found no directory to mount its memory file system on');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755,size=512m', 'pairbeat-lab', usable]);
  mountPoint = usable;
  return usable;
}
