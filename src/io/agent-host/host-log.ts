/**
 * The host's own log, `<run-dir>/guardian.log`: what happened while no daemon was there to log it. Bounded: at 256 KiB
 * it becomes `guardian.log.1` and a new one begins.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { Problem } from '../../core/result.ts';
import type { LogLevel } from '../../ports/log.ts';

export type HostLog = (level: LogLevel, message: Problem) => void;

const maximumBytes = 256 * 1024;

export function createHostLog(path: string): HostLog {
  return (level, message) => {
    const line = JSON.stringify({
      at: new Date().toISOString(),
      pid: process.pid,
      level,
      code: message.code,
      ...message.fields,
    });
    try {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maximumBytes) renameSync(path, `${path}.1`);
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not keep the guardian from its work.
    }
  };
}
