/** Files of the agent host in the run directory, and the lock that makes it the only one there. */
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { libc } from '../libc.ts';
import { appendingFlags } from '../plain-file.ts';

export interface HostFiles {
  readonly socket: string;
  readonly lock: string;
  /** Who the host is: process id and start time. */
  readonly identity: string;
  readonly inventory: string;
  /** Programs of respawn and failfast lines. */
  readonly services: string;
  readonly log: string;
}

export function hostFiles(runDir: string): HostFiles {
  return {
    socket: join(runDir, 'host.sock'),
    lock: join(runDir, 'host.lock'),
    identity: join(runDir, 'host.pid'),
    inventory: join(runDir, 'host-inventory.ndjson'),
    services: join(runDir, 'host-services.json'),
    log: join(runDir, 'guardian.log'),
  };
}

/** flock(2) */
const LOCK_EX = 2;
const LOCK_NB = 4;

/** Held until this process ends, however it ends. False: another host has it. */
export function takeLock(path: string): boolean {
  const descriptor = openSync(path, appendingFlags, 0o600);
  const system = libc();
  // Without native calls the listening socket is the only, weaker, lock.
  return system === undefined || system.flock(descriptor, LOCK_EX | LOCK_NB) === 0;
}
