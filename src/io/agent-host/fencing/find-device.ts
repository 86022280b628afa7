/**
 * Where the program of a fence device lies: own ones in `<ha-dir>/stonith`, agents of fence-agents in /usr/sbin, scripts
 * and plugins of cluster-glue below /usr/lib/stonith/plugins. The host runs it as root, so a file that somebody else
 * may write to is refused.
 */
import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FenceDeviceKind, fenceKindOf, fenceProgramOf } from '../../../core/config/fencing/fence-device.ts';

const agentDirectories = ['/usr/sbin', '/sbin', '/usr/local/sbin'];
const pluginDirectories = ['/usr/lib/stonith/plugins', '/usr/lib64/stonith/plugins', '/usr/local/lib/stonith/plugins'];
/** The command of cluster-glue that loads a plugin. */
export const stonithCommand = '/usr/sbin/stonith';

/** The executable to run, or undefined. Of a plugin: the `stonith` command. */
export function findFenceProgram(type: string, haDir: string): string | undefined {
  const kind = fenceKindOf(type);
  if (kind === undefined) return undefined;
  if (kind === 'plugin' && !placesOf(kind, type, haDir).some(isTrusted)) return undefined;
  const places = kind === 'plugin' ? [stonithCommand] : placesOf(kind, type, haDir);
  return places.find((file) => isTrusted(file) && isExecutable(file));
}

/** Undefined when the device can be run. */
export function missingFenceProgram(
  type: string,
  haDir: string,
): { readonly places: string; readonly agent: boolean } | undefined {
  const kind = fenceKindOf(type);
  if (kind === undefined || findFenceProgram(type, haDir) !== undefined) return undefined;
  const command = kind === 'plugin' ? [`${stonithCommand} with`] : [];
  return {
    places: [...command, placesOf(kind, type, haDir).slice(0, 2).join(' or ')].join(' '),
    agent: kind === 'agent',
  };
}

function placesOf(kind: FenceDeviceKind, type: string, haDir: string): string[] {
  const name = fenceProgramOf(type);
  switch (kind) {
    case 'agent':
      return [join(haDir, 'stonith'), ...agentDirectories].map((directory) => join(directory, name));
    case 'external':
      return [join(haDir, 'stonith'), ...pluginDirectories].map((directory) => join(directory, 'external', name));
    case 'plugin':
      return pluginDirectories.map((directory) => join(directory, 'stonith2', `${name}.so`));
  }
}

function isExecutable(file: string): boolean {
  return ((statusOf(file)?.mode ?? 0) & 0o111) !== 0;
}

function isTrusted(file: string): boolean {
  const status = statusOf(file);
  if (status === undefined || !status.isFile()) return false;
  const ownerTrusted = status.uid === 0 || status.uid === process.geteuid?.();
  const groupWrites = (status.mode & 0o020) !== 0 && status.gid !== 0 && status.gid !== process.getegid?.();
  return ownerTrusted && !groupWrites && (status.mode & 0o002) === 0;
}

function statusOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
