/** The load average for the `ld` field, which Heartbeat nodes put into every message. Informative only. */
import { readFileSync } from 'node:fs';

const unknownLoad = '0.00 0.00 0.00 0/0 0';

/** First line of /proc/loadavg; procfs answers from memory, so a synchronous read does not wait for a disk. */
export function readLoadAverage(file = '/proc/loadavg'): string {
  try {
    const line = readFileSync(file, 'latin1').split('\n', 1)[0]!.trim();
    return /^[0-9./ ]{1,100}$/.test(line) ? line : unknownLoad;
  } catch {
    return unknownLoad;
  }
}
