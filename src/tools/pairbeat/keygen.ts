/**
 * `pairbeat keygen`: an authkeys file with a key that nobody can guess. It goes to stdout, or into place with mode 0600
 * from its first byte on, and never over an existing file.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { failure, type Result, success } from '../../core/result.ts';

/** `sha256` and `sha512` sign, the others encrypt as well. */
export const keygenMethods = ['sha256', 'sha512', 'aes256gcm', 'chacha20poly1305'] as const;

export interface KeygenOptions {
  readonly method: (typeof keygenMethods)[number];
  readonly index: number;
}

/** As many random bytes as hash or cipher use, in hex: the key is one word without a character that could be misread. */
const keyBytes = { sha256: 32, sha512: 64, aes256gcm: 32, chacha20poly1305: 32 } as const;

export function authkeysText(
  { method, index }: KeygenOptions,
  random: (bytes: number) => Buffer = randomBytes,
): string {
  return [
    '# Keys of this pair, made by "pairbeat keygen". The same file on both nodes, mode 0600, owner root.',
    `# Heartbeat 3 does not know ${method}: beside a real Heartbeat node, use "1 sha1 KEY" until it is replaced.`,
    `auth ${index}`,
    `${index} ${method} ${random(keyBytes[method]).toString('hex')}`,
    '',
  ].join('\n');
}

/** Problem codes: file-exists, file-not-writable. */
export function writeAuthkeys(haDir: string, text: string): Result<string> {
  const path = join(haDir, 'authkeys');
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return success(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return code === 'EEXIST' ? failure('file-exists', { path }) : failure('file-not-writable', { path, error: code });
  }
}
