/**
 * From the bytes of a serial line to the messages on it. Over serial Heartbeat speaks the classic form (its line strips
 * the eighth bit, so nothing binary would pass): a frame is what stands between a line `>>>` and a line `<<<`. Bytes
 * get lost on such a line and noise comes in, so whatever is no frame is passed over until the next start. A sealed
 * packet is binary: it travels as the only line of a frame, in base64.
 */
import { decodeBase64, encodeBase64 } from './base64.ts';
import { ByteBuilder, decodeText, hasMark } from './bytes.ts';
import { wireLimits } from './limits.ts';
import { sealedStart } from './sealed.ts';

export interface SerialReader {
  /** Bytes of the frame that has begun, start line included; empty while none has. */
  readonly frame: number[];
  /** The line that is being read, without its newline. */
  readonly line: number[];
  /** Bytes that belonged to no frame. */
  discarded: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const startMark = 0x3e;
const endMark = 0x3c;
const markLength = 3;

export function createSerialReader(): SerialReader {
  return { frame: [], line: [], discarded: 0 };
}

const sealedFrameStart = '>>>\npbsealed=';
const frameEnd = '\n<<<\n';

/** How a packet goes onto the line: in the classic form as it is, sealed inside a frame. */
export function frameForSerial(packet: Uint8Array): Uint8Array {
  if (!hasMark(packet, 0, sealedStart)) return packet;
  return new ByteBuilder().text(sealedFrameStart).text(encodeBase64(packet)).text(frameEnd).finish();
}

/** The packets that these bytes complete, as `openPacket` takes them. */
export function readSerial(reader: SerialReader, bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (const byte of bytes) {
    if (byte === carriageReturn) continue;
    if (byte !== newline) {
      reader.line.push(byte);
      if (reader.frame.length + reader.line.length >= wireLimits.receivedBytes) abandon(reader);
      continue;
    }
    const frame = endLine(reader);
    if (frame !== undefined) frames.push(frame);
  }
  return frames;
}

function endLine(reader: SerialReader): Uint8Array | undefined {
  const { frame, line } = reader;
  // Noise before the start does not hide it; inside a frame only a whole line is a mark, for a value may end like one.
  const starts = endsWithMark(line, startMark) && (frame.length === 0 || line.length === markLength);
  if (starts) {
    reader.discarded += frame.length + line.length - markLength;
    frame.length = 0;
    frame.push(startMark, startMark, startMark, newline);
    line.length = 0;
    return undefined;
  }
  if (frame.length === 0) {
    reader.discarded += line.length + 1;
    line.length = 0;
    return undefined;
  }
  const ends = endsWithMark(line, endMark) && line.length === markLength;
  for (const byte of line) frame.push(byte);
  frame.push(newline);
  line.length = 0;
  if (!ends) return undefined;
  const complete = Uint8Array.from(frame);
  frame.length = 0;
  return unwrap(complete);
}

/** What is no base64 stays a frame, and is refused as such. */
function unwrap(frame: Uint8Array): Uint8Array {
  if (!hasMark(frame, 0, sealedFrameStart)) return frame;
  const text = decodeText(frame, sealedFrameStart.length, frame.length - frameEnd.length);
  return (text === undefined ? undefined : decodeBase64(text)) ?? frame;
}

/** Longer than any message: the end was lost, or this is no line of ours at all. */
function abandon(reader: SerialReader): void {
  reader.discarded += reader.frame.length + reader.line.length - markLength;
  reader.frame.length = 0;
  // The last bytes may be the beginning of a start mark.
  reader.line.splice(0, reader.line.length - markLength);
}

function endsWithMark(line: readonly number[], mark: number): boolean {
  const { length } = line;
  return length >= markLength && line[length - 1] === mark && line[length - 2] === mark && line[length - 3] === mark;
}
