/**
 * Ends what a dead host had in flight, before anything is tried again: otherwise the old `start` and a new one would
 * run side by side. A process is killed only if it is proven to be ours: the recorded process with the recorded start
 * time, a member of its session that is not older, or one that carries the operation's marker in its environment.
 */
import { readFileSync } from 'node:fs';
import { operationMarker } from './agent-environment.ts';
import type { InventoryRecord } from './inventory.ts';
import { allProcesses, type ProcessRecord, signal } from './process-identity.ts';

export interface Reaped {
  readonly token: string;
  readonly pids: readonly number[];
}

/** Kills at once: what half an operation left behind is repaired by the stop that follows. */
export function reap(
  records: readonly InventoryRecord[],
  processes: () => readonly ProcessRecord[] = allProcesses,
): Reaped[] {
  const inFlight = records.filter((record) => record.token !== undefined);
  if (inFlight.length === 0) return [];
  const present = processes().filter((process) => process.state !== 'Z');
  return inFlight.map((record) => {
    const token = record.token ?? '';
    const pids = present.filter((process) => belongsTo(process, record, token)).map((process) => process.pid);
    for (const pid of pids) signal(pid, 'SIGKILL');
    return { token, pids };
  });
}

function belongsTo(process: ProcessRecord, { process: leader }: InventoryRecord, token: string): boolean {
  if (leader !== undefined && process.pid === leader.pid) return process.startTime === leader.startTime;
  const inGroup = leader !== undefined && process.processGroup === leader.pid && process.session === leader.pid;
  if (inGroup && process.startTime >= leader.startTime) return true;
  // Killed between the fork and its record: the group is not known, so only the marker can tell; a daemon that an
  // earlier, finished operation started carries that one's marker and is left alone.
  return leader === undefined && carriesMarker(process.pid, token);
}

function carriesMarker(pid: number, token: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${operationMarker}=${token}`);
  } catch {
    return false;
  }
}
