/** One record of the journal as one line with its own checksum; `readJournal` stops believing a segment where one fails. */
import type { JournalRecord } from '../../core/journal-records.ts';
import { verifiedJson, withChecksum } from '../checked-line.ts';

/** A checkpoint of a large configuration fits; anything longer is given up and said to be. */
export const lineLimitBytes = 4 * 1024 * 1024;

/** `undefined` when the record is too long. */
export function encodeLine(record: JournalRecord): Buffer | undefined {
  const line = Buffer.from(`${withChecksum(JSON.stringify(record, portable))}\n`);
  return line.length > lineLimitBytes ? undefined : line;
}

/** `line` without its newline; `undefined` when it does not verify. */
export function decodeLine(line: string): JournalRecord | undefined {
  const json = verifiedJson(line);
  if (json === undefined) return undefined;
  try {
    const record: unknown = JSON.parse(json, revive);
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Bytes and maps, which JSON does not know. Secrets never belong into a record; a field of that name is dropped in case
 * somebody journals a whole configuration one day.
 */
function portable(this: unknown, name: string, json: unknown): unknown {
  if (name === 'secret') return undefined;
  // `json` is what its own toJSON has made of it: of a Buffer no bytes any more.
  const value = (this as Record<string, unknown>)[name];
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Map) return { $map: [...value] };
  if (value instanceof Set) return { $set: [...value] };
  return json;
}

function revive(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$bytes' in value && typeof value.$bytes === 'string') return new Uint8Array(Buffer.from(value.$bytes, 'base64'));
  if ('$map' in value && Array.isArray(value.$map)) return new Map(value.$map as [unknown, unknown][]);
  if ('$set' in value && Array.isArray(value.$set)) return new Set(value.$set as unknown[]);
  return value;
}

function isRecord(value: unknown): value is JournalRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    'us' in value &&
    typeof value.us === 'number'
  );
}
