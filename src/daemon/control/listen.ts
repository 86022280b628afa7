/**
 * Puts the control sockets in place. Nobody may ever find one with wider rights than it is meant to have, not even for
 * an instant (CVE-2022-2735): the umask is set before the bind, the group only ever added after it.
 */
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, unlinkSync } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import { failure, type Result, success } from '../../core/result.ts';
import type { ControlSocket } from '../../protocol/sockets.ts';

/** Root's (or, without root, our own) directory, 0755. A directory left by another owner is taken over, or refused. */
export function prepareRunDirectory(runDir: string): Result<void> {
  const self = process.geteuid?.() ?? 0;
  try {
    mkdirSync(runDir, { recursive: true, mode: 0o755 });
    const found = lstatSync(runDir);
    if (!found.isDirectory()) return failure('run-directory-unsafe', { directory: runDir, reason: 'not a directory' });
    if (found.uid !== self) {
      if (self !== 0)
        return failure('run-directory-unsafe', { directory: runDir, reason: `owned by uid ${found.uid}` });
      chownSync(runDir, 0, 0);
    }
    chmodSync(runDir, 0o755);
    return success(undefined);
  } catch (error) {
    return failure('run-directory-unusable', { directory: runDir, error: codeOf(error) });
  }
}

/** Removes what a dead daemon left. A socket that somebody still answers on belongs to a living one. */
export async function clearStaleSocket(path: string): Promise<Result<void>> {
  try {
    if (!lstatSync(path).isSocket()) return failure('socket-path-taken', { path });
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? success(undefined) : failure('socket-unusable', { path, error: codeOf(error) });
  }
  if (await answers(path)) return failure('already-running', { path });
  try {
    unlinkSync(path);
    return success(undefined);
  } catch (error) {
    return failure('socket-unusable', { path, error: codeOf(error) });
  }
}

export async function listenAt(
  server: Server,
  path: string,
  socket: ControlSocket,
  groupId?: number,
): Promise<Result<void>> {
  const outcome = new Promise<Result<void>>((resolve) => {
    server.once('listening', () => resolve(success(undefined)));
    server.once('error', (error) => resolve(failure('socket-unusable', { path, error: codeOf(error) })));
  });
  const umask = process.umask(~socket.mode & 0o777);
  // libuv binds inside this call, so the umask covers exactly the creation of the socket.
  server.listen({ path, backlog: 64 });
  process.umask(umask);
  const listening = await outcome;
  if (!listening.ok || socket.group === undefined || groupId === undefined) return listening;
  try {
    chownSync(path, process.geteuid?.() ?? 0, groupId);
  } catch (error) {
    // Not root, or a user namespace that does not know the group (EINVAL): the socket stays the owner's alone, which is
    // less than meant and never more.
    if (!['EPERM', 'EINVAL'].includes(codeOf(error))) return failure('socket-unusable', { path, error: codeOf(error) });
  }
  return listening;
}

/** From /etc/group; `undefined` where the group does not exist. */
export function groupIdOf(name: string): number | undefined {
  try {
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const id = Number.parseInt(line?.split(':')[2] ?? '', 10);
    return Number.isInteger(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** A stalled daemon still counts as living: the kernel accepts the connection for it (EAGAIN: its queue is full). */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error) => resolve(codeOf(error) !== 'ECONNREFUSED' && codeOf(error) !== 'ENOENT'));
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
