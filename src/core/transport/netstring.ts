/**
 * The form in which Heartbeat 3 puts messages on the network: `###\n`, one netstring per field, `%%%\n`, and one
 * netstring with the MAC over everything before it. The MAC is found from the end, without looking at a single field,
 * so that nothing is parsed before it verifies (S15).
 */
import { failure, type Result, success } from '../result.ts';
import { ByteBuilder, decodeText, hasMark, textLength } from './bytes.ts';
import { wireLimits } from './limits.ts';
import type { Field, Message, OpaqueFieldType } from './message.ts';

export const netstringStart = '###\n';
const netstringEnd = '%%%\n';

const comma = 0x2c;
const colon = 0x3a;
const percent = 0x25;
const space = 0x20;
/** Of HMAC-SHA512. */
const macDigitsMax = 128;

/** The beginning of a message that is said over and over, as it goes on the wire in either form. */
export interface EncodedHead {
  readonly fields: readonly Field[];
  readonly netstring: Uint8Array;
  /** Once it was asked for: most packets have no inner `auth`. */
  classic: Uint8Array | undefined;
}

/** What a packet claims about its own authenticity. */
export interface MacClaim {
  readonly keyIndex: number;
  readonly mac: string;
}

export interface NetstringSeal extends MacClaim {
  /** The MAC covers the bytes before this offset. */
  readonly coveredEnd: number;
}

/** Finds the MAC at the end of a datagram; looks at no more than the last 140 bytes. */
export function findNetstringSeal(bytes: Uint8Array): Result<NetstringSeal> {
  if (bytes[bytes.length - 1] !== comma) return failure('truncated');
  const lowest = Math.max(netstringStart.length, bytes.length - wireLimits.macTextBytes - 10);
  for (let at = bytes.length - netstringEnd.length; at >= lowest; at--) {
    if (bytes[at] === percent && hasMark(bytes, at, netstringEnd)) return readSeal(bytes, at + netstringEnd.length);
  }
  return failure('truncated');
}

/** `<length>:<key index, one or two digits> <lower-case hex>,` up to the last byte, which is known to be a comma. */
function readSeal(bytes: Uint8Array, coveredEnd: number): Result<NetstringSeal> {
  const length = readLength(bytes, coveredEnd, bytes.length);
  if (length === undefined || length.contentStart + length.bytes !== bytes.length - 1) return failure('malformed');
  let keyIndex = 0;
  let at = length.contentStart;
  while (at < length.contentStart + 2 && isDigit(bytes[at]!)) keyIndex = keyIndex * 10 + bytes[at++]! - 0x30;
  if (at === length.contentStart || bytes[at] !== space) return failure('malformed');
  const start = at + 1;
  const end = bytes.length - 1;
  if (start >= end || end - start > macDigitsMax) return failure('malformed');
  for (at = start; at < end; at++) if (!isLowerHex(bytes[at]!)) return failure('malformed');
  return success({ keyIndex, mac: decodeText(bytes, start, end)!, coveredEnd });
}

/** `###\n` through `%%%\n`: exactly the bytes that the MAC covers. */
export function encodeNetstringBody(message: Message): Uint8Array {
  const output = new ByteBuilder();
  appendNetstringBody(output, message);
  return output.finish();
}

/** Fields of which the first ones are there already, as `encodeNetstringFields` gives them. */
export function appendNetstringBody(output: ByteBuilder, { fields }: Message, head?: EncodedHead): void {
  output.text(netstringStart);
  if (head !== undefined) output.raw(head.netstring);
  for (let at = head?.fields.length ?? 0; at < fields.length; at++) appendField(output, fields[at]!);
  output.text(netstringEnd);
}

/** The fields alone, one netstring each. */
export function encodeNetstringFields(fields: readonly Field[]): Uint8Array {
  const output = new ByteBuilder();
  for (const field of fields) appendField(output, field);
  return output.finish();
}

function appendField(output: ByteBuilder, { name, value, opaqueType }: Field): void {
  const isText = typeof value === 'string';
  const length = textLength(name) + (isText ? textLength(value) : value.length) + 4;
  output.number(length).text(isText ? ':(0)' : `:(${opaqueType ?? 1})`);
  output.text(name).text('=');
  if (isText) output.text(value);
  else output.raw(value);
  output.text(',');
}

export function encodeNetstringSeal(claim: MacClaim): string {
  const text = `${claim.keyIndex} ${claim.mac}`;
  return `${text.length}:${text},`;
}

/**
 * Reads the fields of a datagram whose MAC has verified. One pass; every length is checked before it is used. What
 * stands in the bytes as it stood in those of the last status is not read anew: the field is the same object.
 */
export function decodeNetstring(bytes: Uint8Array, coveredEnd: number, memo?: FieldMemo): Result<Message> {
  const end = coveredEnd - netstringEnd.length;
  if (!hasMark(bytes, 0, netstringStart) || !hasMark(bytes, end, netstringEnd)) return failure('malformed');
  const fields: Field[] = [];
  const ends: number[] = [];
  let at = netstringStart.length;
  while (at < end) {
    if (fields.length === wireLimits.fields) return failure('too-many-fields');
    const knownEnd = memo === undefined ? undefined : endOfKnown(memo, fields.length, bytes, at, end);
    if (knownEnd !== undefined) {
      fields.push(memo!.fields[fields.length]!);
      ends.push(knownEnd);
      at = knownEnd;
      continue;
    }
    const length = readLength(bytes, at, end);
    if (length === undefined) return failure('malformed');
    const valueEnd = length.contentStart + length.bytes;
    if (valueEnd >= end || bytes[valueEnd] !== comma) return failure('malformed');
    const field = decodeField(bytes, length.contentStart, valueEnd);
    if (field === undefined) return failure('malformed');
    fields.push(field);
    at = valueEnd + 1;
    ends.push(at);
  }
  if (at !== end || fields.length === 0) return failure('malformed');
  if (memo !== undefined && fields[0]?.value === 'status') {
    memo.bytes = bytes;
    memo.ends = ends;
    memo.fields = fields;
  }
  return success({ fields });
}

/** The bytes and fields of the last status that was read. A sender says nearly the same every time. */
export interface FieldMemo {
  bytes: Uint8Array;
  /** Where each field ends, its comma included. */
  ends: readonly number[];
  fields: readonly Field[];
}

export const createFieldMemo = (): FieldMemo => ({ bytes: new Uint8Array(0), ends: [], fields: [] });

/** Where the field ends that begins at `at`, if it is byte for byte the one that stood in this place. */
function endOfKnown(memo: FieldMemo, index: number, bytes: Uint8Array, at: number, end: number): number | undefined {
  const knownEnd = memo.ends[index];
  if (knownEnd === undefined) return undefined;
  const start = index === 0 ? netstringStart.length : memo.ends[index - 1]!;
  if (at + knownEnd - start > end) return undefined;
  const known = memo.bytes;
  for (let from = start, to = at; from < knownEnd; from++, to++) if (known[from] !== bytes[to]) return undefined;
  return at + knownEnd - start;
}

function readLength(
  bytes: Uint8Array,
  start: number,
  end: number,
): { bytes: number; contentStart: number } | undefined {
  let value = 0;
  let at = start;
  while (at < end && at - start < wireLimits.lengthDigits && isDigit(bytes[at]!))
    value = value * 10 + bytes[at++]! - 0x30;
  const leadingZero = bytes[start] === 0x30;
  if (at === start || leadingZero || at >= end || bytes[at] !== colon) return undefined;
  return { bytes: value, contentStart: at + 1 };
}

/** `(` type digit `)` name `=` value. */
function decodeField(bytes: Uint8Array, start: number, end: number): Field | undefined {
  if (end - start < 5 || bytes[start] !== 0x28 || bytes[start + 2] !== 0x29) return undefined;
  const type = bytes[start + 1]! - 0x30;
  const name = decodeName(bytes, start + 3, end);
  if (name === undefined || type < 0 || type > 5) return undefined;
  const valueStart = start + 4 + name.length;
  if (type !== 0) {
    const value = bytes.slice(valueStart, end);
    return type === 1 ? { name, value } : { name, value, opaqueType: type as OpaqueFieldType };
  }
  const value = decodeText(bytes, valueStart, end);
  return value === undefined ? undefined : { name, value };
}

/** Printable ASCII up to the first `=`, which must come within the limit. */
export function decodeName(bytes: Uint8Array, start: number, end: number): string | undefined {
  const last = Math.min(end, start + wireLimits.nameBytes + 1);
  let name = '';
  for (let at = start; at < last; at++) {
    const byte = bytes[at]!;
    if (byte === 0x3d) return name.length > 0 ? name : undefined;
    if (byte <= 0x20 || byte > 0x7e) return undefined;
    name += String.fromCharCode(byte);
  }
  return undefined;
}

function isLowerHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x66);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
