/**
 * Compressed messages, as Heartbeat 3 makes them when a message exceeds `compression_threshold`:
 *
 *   the whole message (`traditional_compression yes`): two fields take its place, `_compressed_payload` with the
 *   compressed text of the message and a NUL behind it, and `_compression_algorithm`
 *   single fields: a structure (type 5) becomes type 4 with the compressed text, and `_compression_algorithm` follows
 *
 * All of this happens inside what the MAC covers: nothing is decompressed before it verifies, and nothing grows beyond
 * a limit afterwards.
 */

import type { CompressionConfiguration } from '../config/configuration.ts';
import { bunzip2 } from './bunzip2.ts';
import { ByteBuilder, hasMark } from './bytes.ts';
import { classicStart, decodeClassic, encodeClassic } from './classic.ts';
import { wireLimits } from './limits.ts';
import { bytesOf, type Field, type Message, textOf } from './message.ts';
import { decodeNetstring, netstringStart } from './netstring.ts';

export interface Zlib {
  compress(bytes: Uint8Array): Uint8Array;
  /** `undefined`: damaged, or more than `limit` bytes. */
  decompress(bytes: Uint8Array, limit: number): Uint8Array | undefined;
}

const payloadName = '_compressed_payload';
const algorithmName = '_compression_algorithm';

/** The message that was meant; `undefined` when it cannot be had: damaged, too large, or compressed in an unknown way. */
export function expandMessage(message: Message, zlib: Zlib): Message | undefined {
  const algorithm = textOf(message, algorithmName);
  if (algorithm === undefined) return message;
  const decompress = (bytes: Uint8Array, limit: number): Uint8Array | undefined => {
    const expanded =
      algorithm === 'zlib' ? zlib.decompress(bytes, limit) : algorithm === 'bz2' ? bunzip2(bytes, limit) : undefined;
    return expanded?.at(-1) === 0 ? expanded.subarray(0, -1) : expanded;
  };
  const payload = bytesOf(message, payloadName);
  if (payload === undefined) return expandFields(message, decompress);
  const text = decompress(payload, wireLimits.expandedBytes);
  return text === undefined ? undefined : decodeText(text);
}

/** Structures stay what they are to us: bytes that are carried and not read. */
function expandFields(
  message: Message,
  decompress: (bytes: Uint8Array, limit: number) => Uint8Array | undefined,
): Message | undefined {
  const fields: Field[] = [];
  let room = wireLimits.expandedBytes;
  for (const field of message.fields) {
    if (field.name === algorithmName) continue;
    if (field.opaqueType !== 4 || typeof field.value === 'string') {
      fields.push(field);
      continue;
    }
    const value = decompress(field.value, room);
    if (value === undefined) return undefined;
    room -= value.length;
    fields.push({ name: field.name, value, opaqueType: 2 });
  }
  return { fields };
}

/** The form that the sender's `msgfmt` names. Behind a netstring message there may be its own signature. */
function decodeText(text: Uint8Array): Message | undefined {
  const isClassic = hasMark(text, 0, classicStart);
  const end = hasMark(text, 0, netstringStart) ? endOfNetstrings(text) : undefined;
  const decoded = isClassic ? decodeClassic(text) : end === undefined ? undefined : decodeNetstring(text, end);
  return decoded?.ok === true ? decoded.value : undefined;
}

function endOfNetstrings(text: Uint8Array): number | undefined {
  const mark = '%%%\n';
  for (let at = text.length - mark.length; at >= 0; at--) if (hasMark(text, at, mark)) return at + mark.length;
  return undefined;
}

/**
 * As it should leave: compressed if that was asked for, the message is long enough, and it helps. bz2 is read, not
 * written; and this node sends no structures, so without `traditional_compression` there is nothing to compress.
 */
export function compressMessage(message: Message, sending: CompressionConfiguration, zlib: Zlib): Message {
  if (!sending.wholeMessage || sending.algorithm !== 'zlib') return message;
  const text = encodeClassic(message);
  if (text.length <= sending.thresholdBytes) return message;
  const payload = zlib.compress(new ByteBuilder().raw(text).raw(new Uint8Array(1)).finish());
  if (payload.length >= text.length) return message;
  return {
    fields: [
      { name: payloadName, value: payload },
      { name: algorithmName, value: sending.algorithm },
    ],
  };
}
