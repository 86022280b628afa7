/**
 * One JSON object a line, both ways. A reader holds at most one frame in memory and says at once when the other side
 * sends more than that: neither a daemon nor a tool can be made to grow by whoever is at the other end.
 */
import { failure, type Result, success } from '../core/result.ts';

export const maximumFrameBytes = 1024 * 1024;

const newline = 0x0a;

/** The line to write, or `frame-oversized`: what one side would refuse to read is never sent by the other. */
export function encodeFrame(message: object): Result<Uint8Array> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  if (bytes.byteLength > maximumFrameBytes) {
    return failure('frame-oversized', { bytes: bytes.byteLength, limit: maximumFrameBytes });
  }
  return success(bytes);
}

export interface FrameReader {
  /** Complete frames in this chunk. After a failure the reader is useless: the connection has to be closed. */
  push(chunk: Uint8Array): Result<readonly unknown[]>;
}

export function createFrameReader(limitBytes = maximumFrameBytes): FrameReader {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  return {
    push(chunk) {
      const frames: unknown[] = [];
      let start = 0;
      while (start < chunk.byteLength) {
        const end = chunk.indexOf(newline, start);
        const piece = chunk.subarray(start, end < 0 ? chunk.byteLength : end);
        if (pendingBytes + piece.byteLength >= limitBytes) return failure('frame-oversized', { limit: limitBytes });
        pending.push(piece);
        pendingBytes += piece.byteLength;
        if (end < 0) break;
        const frame = parseLine(joined(pending, pendingBytes));
        if (!frame.ok) return frame;
        if (frame.value !== undefined) frames.push(frame.value);
        pending = [];
        pendingBytes = 0;
        start = end + 1;
      }
      return success(frames);
    },
  };
}

/** `undefined` for an empty line, which is allowed (a person typing into the socket). */
function parseLine(bytes: Uint8Array): Result<unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
    return success(text === '' ? undefined : JSON.parse(text));
  } catch {
    return failure('frame-malformed', { bytes: bytes.byteLength });
  }
}

function joined(pieces: readonly Uint8Array[], total: number): Uint8Array {
  const only = pieces[0];
  if (pieces.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(total);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}
