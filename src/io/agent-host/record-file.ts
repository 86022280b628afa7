/**
 * An append-only file of JSON lines, bounded: when it grows, it is replaced by the present state (write, rename). Every
 * line carries its checksum. A file in which something is missing or does not verify never counts as one that says that
 * nothing runs: it says that it is not complete. So does one that could not be written for a while (a full run
 * directory): its first byte is overwritten, which takes no room, until the whole of it could be written anew.
 */
import { closeSync, constants, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { verifiedJson, withChecksum } from '../checked-line.ts';
import { readPlainFile } from '../plain-file.ts';
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
  readonly records: readonly InventoryRecord[];
  /** False: more may run than the records say. */
  readonly complete: boolean;
}

const maximumBytes = 256 * 1024;
/** A file grows to twice its limit and the present state; this is far more than any can have. */
const readableBytes = 16 * 1024 * 1024;
const incompleteMark = '!';

/** Undefined when there is none of this boot. A torn last line is dropped: it stands for a change that had not begun. */
export function readRecords(path: string, boot: string = bootId()): EarlierRecords | undefined {
  const text = textOf(path);
  if (text === undefined) return undefined;
  const lines = (text.length < readableBytes ? text : '').split('\n').slice(0, -1);
  const header = readHeader(lines[0]);
  if (header === undefined) return { records: [], complete: false };
  if (header.boot !== boot) return undefined;
  // A host of an earlier version wrote no checksums.
  const read = header.checked ? (line: string) => parse(verifiedJson(line)) : parse;
  const records = lines.slice(1).map((line) => read(line) as InventoryRecord | undefined);
  const good = records.filter((record) => typeof record?.key === 'string') as InventoryRecord[];
  return { records: good, complete: good.length === records.length && good.length >= header.atFirst };
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
  let incomplete = false;

  const write = (record: InventoryRecord, state: () => readonly InventoryRecord[]): void => {
    if (incomplete) {
      descriptor = replace(path, header, state(), descriptor);
      incomplete = false;
      bytes = 0;
      return;
    }
    const line = lineOf(record);
    const length = Buffer.byteLength(line);
    let written = 0;
    try {
      written = writeSync(descriptor, line);
    } finally {
      if (written !== length) incomplete = true;
    }
    if (incomplete) throw new Error('ENOSPC: no space left on device, write');
    bytes += length;
    if (bytes < maximumBytes) return;
    descriptor = replace(path, header, state(), descriptor);
    bytes = 0;
  };

  return {
    append(record, state) {
      try {
        write(record, state);
      } catch (error) {
        if (incomplete) markIncomplete(descriptor);
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

/** In place, so that even a full disk takes it. */
function markIncomplete(descriptor: number): void {
  try {
    writeSync(descriptor, incompleteMark, 0);
  } catch {
    // A disk that takes nothing at all: the caller has reported it.
  }
}

/** The old file stays open until the new one is in place: without a free descriptor or room it goes on. */
function replace(
  path: string,
  header: RecordHeader,
  records: readonly InventoryRecord[],
  old: number | undefined,
): number {
  const temporary = `${path}.new`;
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openSync(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    writeFileSync(descriptor, [{ ...header, atFirst: records.length }, ...records].map(lineOf).join(''));
    renameSync(temporary, path);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  if (old !== undefined) closeSync(old);
  return descriptor;
}

const lineOf = (record: object): string => `${withChecksum(JSON.stringify(record))}\n`;

/** Undefined: no file. Empty: one that says nothing, or something else in its place. */
function textOf(path: string): string | undefined {
  try {
    return readPlainFile(path, readableBytes)?.toString();
  } catch {
    return '';
  }
}

/** `atFirst`: how many records the file began with. */
function readHeader(
  line: string | undefined,
): (RecordHeader & { readonly checked: boolean; readonly atFirst: number }) | undefined {
  const verified = line === undefined ? undefined : verifiedJson(line);
  const header = parse(verified ?? line) as Partial<RecordHeader & { readonly atFirst: number }> | undefined;
  if (typeof header?.boot !== 'string' || !Number.isInteger(header.hostPid)) return undefined;
  // Changed: it says that it has been checked, and does not verify.
  if (verified === undefined && 'crc' in header) return undefined;
  return { ...(header as RecordHeader), checked: verified !== undefined, atFirst: header.atFirst ?? 0 };
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
