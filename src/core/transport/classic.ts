/**
 * The older, line based form: `>>>\n`, one `name=value` line per field, `<<<\n`. Heartbeat accepts it on the network
 * and uses it on its FIFO. Here the MAC is a field called `auth` among the others and covers the lines of all other
 * fields, so the one thing done before it verifies is a bounded walk from line to line that looks for `auth=` (S15).
 */
import { failure, type Result, success } from '../result.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { ByteBuilder, decodeText, hasMark } from './bytes.ts';
import { wireLimits } from './limits.ts';
import type { Field, Message } from './message.ts';
import { decodeName, type EncodedHead, type MacClaim } from './netstring.ts';

export const classicStart = '>>>\n';
const classicEnd = '<<<\n';
const newline = 0x0a;

/** Stands for a newline inside a value, because a newline ends the line. */
const newlineSubstitute = '\x13';

export interface ClassicSeal extends MacClaim {
  /** All lines but the one with `auth`: what the MAC covers. */
  readonly covered: Uint8Array;
}

export function findClassicSeal(bytes: Uint8Array): Result<ClassicSeal> {
  const end = bytes.length - classicEnd.length;
  if (end < classicStart.length || !hasMark(bytes, end, classicEnd)) return failure('truncated');
  let found: { start: number; end: number } | undefined;
  let lines = 0;
  for (let at = classicStart.length; at < end; ) {
    const lineEnd = bytes.indexOf(newline, at);
    if (lineEnd < 0 || lineEnd >= end) return failure('malformed');
    if (++lines > wireLimits.fields) return failure('too-many-fields');
    if (hasMark(bytes, at, 'auth=')) {
      if (found !== undefined) return failure('malformed');
      found = { start: at, end: lineEnd + 1 };
    }
    at = lineEnd + 1;
  }
  if (found === undefined || found.end - found.start > wireLimits.macTextBytes + 6) return failure('malformed');
  const claim = parseAuthValue(decodeText(bytes, found.start + 5, found.end - 1));
  if (claim === undefined) return failure('malformed');
  return success({ ...claim, covered: withoutRange(bytes.subarray(0, end), classicStart.length, found) });
}

/** `<key index> <hex>`, the value of an `auth` field. */
function parseAuthValue(text: string | undefined): MacClaim | undefined {
  const match = text === undefined ? null : /^([0-9]{1,2}) ([0-9a-f]{1,128})$/.exec(text);
  return match === null ? undefined : { keyIndex: Number(match[1]), mac: match[2]! };
}

function withoutRange(bytes: Uint8Array, from: number, range: { start: number; end: number }): Uint8Array {
  const rest = new Uint8Array(bytes.length - from - (range.end - range.start));
  rest.set(bytes.subarray(from, range.start));
  rest.set(bytes.subarray(range.end), range.start - from);
  return rest;
}

/** The lines that an `auth` field covers. Opaque fields have no classic form that we know, and we never send any. */
export function classicLines(fields: readonly Field[]): Uint8Array {
  const output = new ByteBuilder();
  appendClassicLines(output, fields);
  return output.finish();
}

/** Of which the first ones are there already. */
export function appendClassicLines(output: ByteBuilder, fields: readonly Field[], head?: EncodedHead): void {
  if (head !== undefined) {
    head.classic ??= classicLines(head.fields);
    output.raw(head.classic);
  }
  for (let at = head?.fields.length ?? 0; at < fields.length; at++) {
    const { name, value, opaqueType } = fields[at]!;
    if (typeof value !== 'string') output.text(`(${opaqueType ?? 1})${name}=${encodeBase64(value)}\n`);
    else if (value.includes('\n')) output.text(`${name}=${value.replaceAll('\n', newlineSubstitute)}\n`);
    else output.text(name).text('=').text(value).text('\n');
  }
}

/** The whole datagram; `auth` must already be among the fields. */
export function encodeClassic(message: Message): Uint8Array {
  return new ByteBuilder().text(classicStart).raw(classicLines(message.fields)).text(classicEnd).finish();
}

/** Reads the fields of a datagram whose MAC has verified. */
export function decodeClassic(bytes: Uint8Array): Result<Message> {
  const end = bytes.length - classicEnd.length;
  if (!hasMark(bytes, 0, classicStart) || !hasMark(bytes, end, classicEnd)) return failure('malformed');
  const fields: Field[] = [];
  for (let at = classicStart.length; at < end; ) {
    const lineEnd = bytes.indexOf(newline, at);
    if (lineEnd < 0 || lineEnd >= end) return failure('malformed');
    if (fields.length === wireLimits.fields) return failure('too-many-fields');
    const field = decodeLine(bytes, at, lineEnd);
    if (field === undefined) return failure('malformed');
    fields.push(field);
    at = lineEnd + 1;
  }
  return fields.length > 0 ? success({ fields }) : failure('malformed');
}

function decodeLine(bytes: Uint8Array, start: number, end: number): Field | undefined {
  const binary = hasMark(bytes, start, '(1)');
  if (!binary && bytes[start] === 0x28) return undefined;
  const nameStart = binary ? start + 3 : start;
  const name = decodeName(bytes, nameStart, end);
  if (name === undefined) return undefined;
  const text = decodeText(bytes, nameStart + name.length + 1, end);
  if (text === undefined) return undefined;
  if (!binary) return { name, value: text.replaceAll(newlineSubstitute, '\n') };
  const value = decodeBase64(text);
  return value === undefined ? undefined : { name, value };
}
