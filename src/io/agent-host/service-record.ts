/**
 * Which processes are programs of `respawn` and `failfast` lines: written down in `<run-dir>/host-services.json`, so that
 * a new agent host ends what a dead one left running before it starts the same programs again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { readPlainFile, replacePlainFile } from '../plain-file.ts';
import { isStill, type ProcessIdentity, processRecord, signal } from './process-identity.ts';
import { bootId } from './record-file.ts';

export interface ServiceRecord {
  /** With the processes that run now. A disk that is full costs the record, never the program. */
  write(pids: readonly number[]): void;
  /** Ends what the host before this one left. Resolves at once when there is nothing. */
  endLeftovers(): Promise<number>;
}

interface Content {
  readonly boot: string;
  readonly processes: readonly ProcessIdentity[];
}

const contentMaxBytes = 64 * 1024;
const patienceMs = 3000;
const pollMs = 20;

export function createServiceRecord(path: string): ServiceRecord {
  return {
    write(pids) {
      const processes = pids.map((pid) => ({ pid, startTime: processRecord(pid)?.startTime ?? 0 }));
      try {
        replacePlainFile(path, JSON.stringify({ boot: bootId(), processes } satisfies Content), 0o600);
      } catch {
        // The next change tries again.
      }
    },
    async endLeftovers() {
      const left = read(path).filter(isStill);
      for (const { pid } of left) signal(-pid, 'SIGTERM');
      for (let waitedMs = 0; left.some(isStill) && waitedMs < patienceMs; waitedMs += pollMs) await delay(pollMs);
      for (const each of left.filter(isStill)) signal(-each.pid, 'SIGKILL');
      return left.length;
    },
  };
}

function read(path: string): readonly ProcessIdentity[] {
  try {
    const content = JSON.parse(readPlainFile(path, contentMaxBytes)?.toString() ?? '') as Partial<Content>;
    const { processes } = content;
    if (content.boot !== bootId() || !Array.isArray(processes)) return [];
    return processes.filter(({ pid, startTime }) => Number.isInteger(pid) && pid > 1 && Number.isInteger(startTime));
  } catch {
    return [];
  }
}
