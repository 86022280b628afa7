/**
 * The host's own log, `<run-dir>/guardian.log`: what happened while no daemon was there to log it. Bounded: at 256 KiB
 * it becomes `guardian.log.1` and a new one begins.
 */
import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import type { Problem } from '../../core/result.ts';
import type { LogLevel } from '../../ports/log.ts';
import { appendingFlags } from '../plain-file.ts';

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
      const file = openSync(path, appendingFlags, 0o600);
      try {
        writeSync(file, `${line}\n`);
      } finally {
        closeSync(file);
      }
    } catch {
      // A full disk must not keep the guardian from its work.
    }
  };
}
