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
    if (hasMark(bytes, at, netstringEnd)) return readSeal(bytes, at + netstringEnd.length);
  }
  return failure('truncated');
}

function readSeal(bytes: Uint8Array, coveredEnd: number): Result<NetstringSeal> {
  const text = decodeText(bytes, coveredEnd, bytes.length);
  const match = text === undefined ? null : /^([1-9][0-9]{0,2}):([0-9]{1,2}) ([0-9a-f]{1,128}),$/.exec(text);
  if (match === null) return failure('malformed');
  const [, length, index, mac] = match as unknown as readonly [string, string, string, string];
  if (Number(length) !== index.length + 1 + mac.length) return failure('malformed');
  return success({ keyIndex: Number(index), mac, coveredEnd });
}

/** `###\n` through `%%%\n`: exactly the bytes that the MAC covers. */
export function encodeNetstringBody(message: Message): Uint8Array {
  const output = new ByteBuilder().text(netstringStart);
  for (const field of message.fields) {
    const value = field.value;
    const valueLength = typeof value === 'string' ? textLength(value) : value.length;
    const type = typeof value === 'string' ? 0 : (field.opaqueType ?? 1);
    output.text(`${textLength(field.name) + valueLength + 4}:(${type})${field.name}=`);
    if (typeof value === 'string') output.text(value);
    else output.raw(value);
    output.text(',');
  }
  return output.text(netstringEnd).finish();
}

export function encodeNetstringSeal(claim: MacClaim): string {
  const text = `${claim.keyIndex} ${claim.mac}`;
  return `${text.length}:${text},`;
}

/** Reads the fields of a datagram whose MAC has verified. One pass; every length is checked before it is used. */
export function decodeNetstring(bytes: Uint8Array, coveredEnd: number): Result<Message> {
  const end = coveredEnd - netstringEnd.length;
  if (!hasMark(bytes, 0, netstringStart) || !hasMark(bytes, end, netstringEnd)) return failure('malformed');
  const fields: Field[] = [];
  let at = netstringStart.length;
  while (at < end) {
    if (fields.length === wireLimits.fields) return failure('too-many-fields');
    const length = readLength(bytes, at, end);
    if (length === undefined) return failure('malformed');
    const valueEnd = length.contentStart + length.bytes;
    if (valueEnd >= end || bytes[valueEnd] !== comma) return failure('malformed');
    const field = decodeField(bytes, length.contentStart, valueEnd);
    if (field === undefined) return failure('malformed');
    fields.push(field);
    at = valueEnd + 1;
  }
  return at === end && fields.length > 0 ? success({ fields }) : failure('malformed');
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

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
