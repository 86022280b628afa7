/** An append-only file of JSON lines, bounded: when it grows, it is replaced by the present state (write, rename). */
import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import type { InventoryRecord } from './inventory.ts';
import { processRecord } from './process-identity.ts';

export interface RecordFile {
  append(record: InventoryRecord, present: () => readonly InventoryRecord[]): void;
}

export interface RecordHeader {
  /** /proc/sys/kernel/random/boot_id: records of another boot describe nothing that still runs. */
  readonly boot: string;
  readonly hostPid: number;
  readonly hostStartTime: number;
}

export interface EarlierRecords {
  readonly header: RecordHeader;
  readonly records: readonly InventoryRecord[];
}

const maximumBytes = 256 * 1024;

/** Undefined when there is none of this boot. A torn last line is dropped. */
export function readRecords(path: string, boot: string = bootId()): EarlierRecords | undefined {
  const lines = linesOf(path);
  const header = parse(lines[0]) as RecordHeader | undefined;
  if (header?.boot !== boot) return undefined;
  const records = lines.slice(1).map(parse) as (InventoryRecord | undefined)[];
  return { header, records: records.filter((record) => typeof record?.key === 'string') as InventoryRecord[] };
}

/** `problem`: the file cannot be written (disk full). Agents go on: stopping must never wait for a disk. */
export function openRecordFile(
  path: string,
  present: readonly InventoryRecord[],
  problem: (reason: string) => void,
): RecordFile {
  const hostStartTime = processRecord(process.pid)?.startTime ?? 0;
  const header: RecordHeader = { boot: bootId(), hostPid: process.pid, hostStartTime };
  let descriptor = replace(path, header, present, undefined);
  let bytes = 0;
  return {
    append(record, state) {
      try {
        bytes += writeSync(descriptor, `${JSON.stringify(record)}\n`);
        if (bytes < maximumBytes) return;
        descriptor = replace(path, header, state(), descriptor);
        bytes = 0;
      } catch (error) {
        problem(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return 'unknown';
  }
}

/** The old file stays open until the new one is in place: without a free descriptor it goes on. */
function replace(
  path: string,
  header: RecordHeader,
  records: readonly InventoryRecord[],
  old: number | undefined,
): number {
  const temporary = `${path}.new`;
  const text = [header, ...records].map((record) => `${JSON.stringify(record)}\n`).join('');
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(descriptor, text);
    renameSync(temporary, path);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  if (old !== undefined) closeSync(old);
  return descriptor;
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function parse(line: string | undefined): object | undefined {
  if (line === undefined || line === '') return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
