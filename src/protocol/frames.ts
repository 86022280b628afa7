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
  const splitter = createFrameSplitter(limitBytes);
  return {
    push(chunk) {
      const frames: unknown[] = [];
      splitter.feed(chunk);
      for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) {
        if (!frame.ok) return frame;
        if (frame.value.message !== undefined) frames.push(frame.value.message);
      }
      return success(frames);
    },
  };
}

export interface Frame {
  /** `undefined`: an empty line. */
  readonly message: unknown;
  readonly bytes: number;
}

/** A reader that is asked for one frame at a time: what nobody asks for costs nothing but its place in memory. */
export interface FrameSplitter {
  feed(chunk: Uint8Array): void;
  /** `undefined`: what was fed holds no complete frame any more. After a failure the splitter is useless. */
  next(): Result<Frame> | undefined;
}

export function createFrameSplitter(limitBytes = maximumFrameBytes): FrameSplitter {
  const fed: Uint8Array[] = [];
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  return {
    feed(chunk) {
      if (chunk.byteLength > 0) fed.push(chunk);
    },
    next() {
      for (let chunk = fed.shift(); chunk !== undefined; chunk = fed.shift()) {
        const end = chunk.indexOf(newline);
        const piece = end < 0 ? chunk : chunk.subarray(0, end);
        if (end >= 0 && end + 1 < chunk.byteLength) fed.unshift(chunk.subarray(end + 1));
        if (pendingBytes + piece.byteLength >= limitBytes) return failure('frame-oversized', { limit: limitBytes });
        pending.push(piece);
        pendingBytes += piece.byteLength;
        if (end < 0) continue;
        const bytes = pendingBytes;
        const parsed = parseLine(joined(pending, bytes));
        pending = [];
        pendingBytes = 0;
        return parsed.ok ? success({ message: parsed.value, bytes }) : parsed;
      }
      return undefined;
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
