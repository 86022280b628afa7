/**
 * Messages in the classic form out of a stream of bytes that any script may write to, several at once, well or badly: as
 * they come from the FIFO. The stream is in step again at the next `>>>`, whatever came before; nothing is kept beyond
 * one message; what is thrown away is said with the reason.
 */
import { classicStart, decodeClassic } from './classic.ts';
import type { Message } from './message.ts';

export type ClassicItem =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'refused'; readonly reason: ClassicRefusal; readonly bytes: number };

/** Outside of a message; a new one began; too long; a line is no field; the end did not come in time. */
export type ClassicRefusal = 'outside' | 'unfinished' | 'endless' | 'malformed' | 'silent';

export interface ClassicStream {
  /** The line that has begun, without its newline. */
  line: number[];
  /** The message that has begun, from `>>>` on. */
  frame: number[] | undefined;
  /** Bytes outside of messages that have not been reported yet. */
  outside: number;
  /** The present line is too long to be kept. */
  skipping: boolean;
}

/** Longer than any message that is sent on. */
const frameBytesMax = 12_288;
const newline = 0x0a;

export function createClassicStream(): ClassicStream {
  return { line: [], frame: undefined, outside: 0, skipping: false };
}

/** What the bytes complete, in order. */
export function readClassicStream(stream: ClassicStream, bytes: Uint8Array): ClassicItem[] {
  const items: ClassicItem[] = [];
  for (const byte of bytes) {
    if (byte === newline) endLine(stream, items);
    else if (stream.skipping) stream.outside++;
    else if (stream.line.push(byte) + (stream.frame?.length ?? 0) > frameBytesMax) giveUpFrame(stream, items);
  }
  reportOutside(stream, items);
  return items;
}

/** Nothing more came for a while: what has begun will not be finished. */
export function abandonClassicStream(stream: ClassicStream): ClassicItem[] {
  const items: ClassicItem[] = [];
  if (stream.frame !== undefined) refuse(items, 'silent', stream.frame.length + stream.line.length);
  else stream.outside += stream.line.length;
  reportOutside(stream, items);
  Object.assign(stream, createClassicStream());
  return items;
}

/** Whether `abandonClassicStream` would have anything to give up. */
export const hasBegun = (stream: ClassicStream): boolean =>
  stream.frame !== undefined || stream.line.length > 0 || stream.skipping;

function endLine(stream: ClassicStream, items: ClassicItem[]): void {
  const { line, frame } = stream;
  stream.line = [];
  if (stream.skipping) {
    stream.skipping = false;
    return;
  }
  if (isMark(line, '>')) {
    if (frame !== undefined) refuse(items, 'unfinished', frame.length);
    reportOutside(stream, items);
    stream.frame = [...classicStart].map((character) => character.charCodeAt(0));
    return;
  }
  if (frame === undefined) {
    stream.outside += line.length;
    return;
  }
  frame.push(...line, newline);
  if (!isMark(line, '<')) return;
  stream.frame = undefined;
  const decoded = decodeClassic(Uint8Array.from(frame));
  if (decoded.ok) items.push({ kind: 'message', message: decoded.value });
  else refuse(items, 'malformed', frame.length);
}

/** The rest of the line is skipped; the lines after it stand outside. */
function giveUpFrame(stream: ClassicStream, items: ClassicItem[]): void {
  if (stream.frame === undefined) stream.outside += stream.line.length;
  else refuse(items, 'endless', stream.frame.length + stream.line.length);
  stream.frame = undefined;
  stream.line = [];
  stream.skipping = true;
}

function reportOutside(stream: ClassicStream, items: ClassicItem[]): void {
  if (stream.outside > 0) refuse(items, 'outside', stream.outside);
  stream.outside = 0;
}

function refuse(items: ClassicItem[], reason: ClassicRefusal, bytes: number): void {
  items.push({ kind: 'refused', reason, bytes });
}

/** `>>>` or `<<<`. */
function isMark(line: readonly number[], character: string): boolean {
  const code = character.charCodeAt(0);
  return line.length === 3 && line.every((byte) => byte === code);
}
