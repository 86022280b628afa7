/**
 * Which files of rc.d are run for which type of message. For `TYPE` that is `rc.d/TYPE`, then the executables in
 * `rc.d/TYPE.d` by name. Five names are another matter: Heartbeat's package puts its resource manager there, as scripts
 * that start and stop resources by themselves. Pairbeat has that built in, so a file of these names is never run,
 * changed or not; what an administrator wants to add has its place in `rc.d/status.d` and so on.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtInHooks, hookNamePattern } from '../../core/config/hook-names.ts';
import type { Problem } from '../../core/result.ts';

export interface HookList {
  /** Type in lower case to the files to run, in order. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Files that are there and are not run, each with the reason. */
  readonly problems: readonly Problem[];
}

/** Files in one directory that are looked at; rc.d is not a place for thousands. */
const entriesMax = 256;

export function readHookList(haDir: string): HookList {
  const directory = join(haDir, 'rc.d');
  const files = new Map<string, string[]>();
  const problems: Problem[] = [];
  const add = (type: string, file: string): void => {
    const fault = whyNotRun(file);
    if (fault === undefined) files.set(type, [...(files.get(type) ?? []), file]);
    else if (fault !== '') problems.push({ code: 'hook-unsafe', fields: { hook: file, reason: fault } });
  };
  for (const name of entriesOf(directory)) {
    if (name.endsWith('.d')) continue;
    if (builtInHooks.includes(name) || name === 'local_giveip') continue;
    add(name.toLowerCase(), join(directory, name));
  }
  for (const name of entriesOf(directory)) {
    if (!name.endsWith('.d')) continue;
    const type = name.slice(0, -2).toLowerCase();
    for (const each of entriesOf(join(directory, name))) add(type, join(directory, name, each));
  }
  const giveIp = join(directory, 'local_giveip');
  add('local_giveip', giveIp);
  return { files, problems };
}

/** Sorted, and only what could be a hook's name: no editors' back-up files. */
function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => hookNamePattern.test(name))
      .sort()
      .slice(0, entriesMax);
  } catch {
    return [];
  }
}

/** `''`: not meant to be run (no file, not executable). A root daemon does not run what others may write. */
export function whyNotRun(file: string): string | undefined {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined || !status.isFile() || (status.mode & 0o111) === 0) return '';
  if (status.uid !== 0 && status.uid !== process.geteuid?.()) return `it belongs to uid ${status.uid}`;
  if ((status.mode & 0o002) !== 0) return 'everybody may write to it';
  const foreignGroup = status.gid !== 0 && status.gid !== process.getegid?.();
  return (status.mode & 0o020) !== 0 && foreignGroup ? `group ${status.gid} may write to it` : undefined;
}
