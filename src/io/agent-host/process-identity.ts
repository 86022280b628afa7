/**
 * Which process a process id means. Ids are reused, so whoever kills later than at once compares the start time
 * (field 22 of /proc/PID/stat, proc(5)) and kills only what it recorded.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot. */
  readonly startTime: number;
}

export interface ProcessRecord extends ProcessIdentity {
  readonly processGroup: number;
  readonly session: number;
  readonly state: string;
}

export function processRecord(pid: number): ProcessRecord | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** The name in parentheses may contain anything, also parentheses: fields count from the last one. */
export function parseStat(stat: string): ProcessRecord | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const pid = Number.parseInt(stat, 10);
  const [state, , processGroup, session] = fields;
  const startTime = Number(fields[19]);
  if (!Number.isInteger(pid) || state === undefined || !Number.isFinite(startTime)) return undefined;
  return { pid, state, processGroup: Number(processGroup), session: Number(session), startTime };
}

export function isStill(identity: ProcessIdentity): boolean {
  const record = processRecord(identity.pid);
  return record !== undefined && record.startTime === identity.startTime && record.state !== 'Z';
}

export function allProcesses(): ProcessRecord[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map((name) => processRecord(Number(name)))
    .filter((record) => record !== undefined);
}

/** Sends the signal; false when there is nobody (any more). */
export function signal(target: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, name);
    return true;
  } catch {
    return false;
  }
}
