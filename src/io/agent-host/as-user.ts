/**
 * Starting a program as another user, with that user's supplementary groups. Node's own `uid` and `gid` options drop all
 * of those, so the calling thread takes the user's identity for the moment of the fork: on Linux each thread has its own
 * (credentials(7)), the C library only pretends otherwise, so the raw system calls are used. The child inherits it; the
 * saved user id by which this thread finds back is overwritten in the child by exec, so there is no way back from there.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { libc } from '../libc.ts';
import type { User } from '../users.ts';

/** setgroups, setresuid, setresgid (the kernel's system call tables). */
const systemCalls: Readonly<Record<string, readonly [setgroups: number, setresuid: number, setresgid: number]>> = {
  x64: [116, 117, 119],
  arm64: [159, 147, 149],
};

export interface AsUser {
  readonly child: ChildProcess;
  /** False where the supplementary groups of the user could not be given. */
  readonly withGroups: boolean;
}

/** Throws what `spawn` throws, and when this process may not become that user. */
export function spawnAs(user: User, file: string, args: readonly string[], options: SpawnOptions): AsUser {
  const self = process.geteuid?.();
  if (user.uid === self) return { child: spawn(file, args, options), withGroups: true };
  if (self !== 0) throw new Error(`only root may start a program as ${user.name}`);
  const numbers = systemCalls[process.arch];
  const call = libc()?.syscall;
  if (numbers === undefined || call === undefined) {
    return { child: spawn(file, args, { ...options, uid: user.uid, gid: user.gid }), withGroups: false };
  }
  return { child: spawnWithIdentity(user, numbers, call, () => spawn(file, args, options)), withGroups: true };
}

type SystemCall = (number: number, first: bigint, second: bigint, third: bigint) => bigint | number;

function spawnWithIdentity(
  { uid, gid, groups, name }: User,
  [setgroups, setresuid, setresgid]: readonly [number, number, number],
  call: SystemCall,
  start: () => ChildProcess,
): ChildProcess {
  const own = process.getgroups?.() ?? [];
  const ids = (number: number, real: number, effective: number, saved: number): boolean =>
    Number(call(number, BigInt(real), BigInt(effective), BigInt(saved))) === 0;
  const becomeMember = (list: readonly number[]): boolean => {
    const bytes = new Uint8Array(new Uint32Array(list).buffer);
    const address = libc()?.addressOf(bytes) ?? 0n;
    return Number(call(setgroups, BigInt(list.length), address, 0n)) === 0;
  };
  try {
    if (!becomeMember(groups) || !ids(setresgid, gid, gid, 0) || !ids(setresuid, uid, uid, 0))
      throw new Error(`the kernel does not let this process become ${name}`);
    return start();
  } finally {
    // With root's saved user id this cannot be refused; a host without its rights could not release an address.
    const back = ids(setresuid, 0, 0, 0) && ids(setresgid, 0, 0, 0) && becomeMember(own);
    if (!back) process.abort();
  }
}
