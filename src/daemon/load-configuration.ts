/**
 * Reads the configuration directory and what the parsers want to know about this machine, and hands both to the pure
 * core. Used at start, at reload and by `check`; it changes nothing.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AuthkeysFile } from '../core/config/host-facts.ts';
import type {
  ConfigurationTexts,
  FileText,
  ParsedAuthkeys,
  ParsedConfiguration,
} from '../core/config/parse-configuration.ts';
import { maxFileBytes, parseAuthkeysFile, parseConfiguration } from '../core/config/parse-configuration.ts';
import type { Directories } from '../protocol/directories.ts';
import { machineFacts } from './machine-facts.ts';

export interface LoadOptions {
  /** Check as if on this node: nothing of this machine (devices, users, scripts) is then compared. */
  readonly node?: string;
}

export interface LoadedConfiguration extends ParsedConfiguration {
  readonly directory: string;
  readonly node: string;
}

export async function loadConfiguration(
  directories: Pick<Directories, 'haDir'>,
  options: LoadOptions = {},
): Promise<LoadedConfiguration> {
  const directory = directories.haDir;
  const authkeys = await readAuthkeys(join(directory, 'authkeys'));
  const [haCf, haresources, pairbeatConf] = await Promise.all(
    ['ha.cf', 'haresources', 'pairbeat.conf'].map((name) => readText(join(directory, name))),
  );
  const texts: ConfigurationTexts = {
    ...(haCf === undefined ? {} : { haCf }),
    ...(haresources === undefined ? {} : { haresources }),
    ...(pairbeatConf === undefined ? {} : { pairbeatConf }),
    ...(authkeys.text === undefined ? {} : { authkeys: authkeys.text }),
  };
  const node = (options.node ?? (await localNodeName(directory))).toLowerCase();
  const parsed = parseConfiguration(texts, {
    nodeName: node,
    directory,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    ...(authkeys.file === undefined ? {} : { authkeysFile: authkeys.file }),
    ...(options.node === undefined ? machineFacts(directory) : {}),
  });
  return { ...parsed, directory, node };
}

/** authkeys alone, with every check that a start makes. */
export async function loadAuthkeys(haDir: string): Promise<ParsedAuthkeys> {
  const { text, file } = await readAuthkeys(join(haDir, 'authkeys'));
  return parseAuthkeysFile(text, { directory: haDir, ...(file === undefined ? {} : { authkeysFile: file }) });
}

/** The first line of nodeinfo, if there is one, else `uname -n`. */
async function localNodeName(directory: string): Promise<string> {
  const nodeinfo = await readText(join(directory, 'nodeinfo'));
  const first = typeof nodeinfo === 'string' ? nodeinfo.split('\n')[0]!.trim() : '';
  return first === '' ? hostname() : first;
}

async function readText(path: string): Promise<FileText | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readBounded(file, maxFileBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    return isMissing(error) ? undefined : { unreadable: reasonOf(error) };
  }
}

async function readBounded(file: Awaited<ReturnType<typeof open>>, limit: number): Promise<FileText> {
  const status = await file.stat();
  if (!status.isFile()) return { unreadable: 'it is not a plain file' };
  if (status.size > limit) return { tooLarge: status.size };
  const buffer = Buffer.alloc(limit + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length > limit ? { tooLarge: length } : buffer.toString('utf8', 0, length);
}

/** O_NOFOLLOW, then fstat of what was opened: nothing can be exchanged between the look and the reading. */
async function readAuthkeys(path: string): Promise<{ text?: FileText; file?: AuthkeysFile }> {
  const runningId = process.geteuid?.() ?? 0;
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const status = await file.stat();
      const { mode, uid, size } = status;
      const regular = status.isFile();
      const facts: AuthkeysFile = { kind: regular ? 'regular' : 'other', mode, ownerId: uid, runningId, size };
      // A file of the wrong kind or size is reported by the check of these facts.
      return { file: facts, text: regular && size <= maxFileBytes ? await readBounded(file, maxFileBytes) : '' };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return {};
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') return { text: { unreadable: reasonOf(error) } };
    return { file: { kind: 'symlink', mode: 0, ownerId: 0, runningId, size: 0 } };
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'ENOTDIR') return 'a part of the path is not a directory';
  return code ?? String(error);
}
