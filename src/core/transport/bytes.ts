/**
 * Text and bytes for the codec. Text on the wire is UTF-8 without NUL; nearly all of it is ASCII, which takes the
 * short path. Nothing here throws on hostile input.
 */
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** `undefined` when the bytes are not UTF-8 or contain a NUL: the field would not survive being sent on unchanged. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > longText) return decodeUtf8(bytes.subarray(start, end));
  let text = '';
  let at = start;
  // Four at a time: a text that grows by single characters is a tree of its pieces.
  for (; at + 4 <= end; at += 4) {
    const first = bytes[at]!;
    const second = bytes[at + 1]!;
    const third = bytes[at + 2]!;
    const fourth = bytes[at + 3]!;
    if ((first | second | third | fourth) > 0x7f) return decodeUtf8(bytes.subarray(start, end));
    if (first === 0 || second === 0 || third === 0 || fourth === 0) return undefined;
    text += String.fromCharCode(first, second, third, fourth);
  }
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0) return undefined;
    if (byte > 0x7f) return decodeUtf8(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** From here on the engine's own decoder is faster. */
const longText = 48;

function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return utf8Decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Collects output in one growing array, which can be used again: a new one for every packet costs more than the packet. */
export class ByteBuilder {
  private bytes = new Uint8Array(512);
  private length = 0;

  clear(): this {
    this.length = 0;
    return this;
  }

  get size(): number {
    return this.length;
  }

  text(text: string): this {
    this.reserve(text.length * 3);
    const start = this.length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        this.length = start + utf8Encoder.encodeInto(text, this.bytes.subarray(start)).written;
        return this;
      }
      this.bytes[start + index] = code;
    }
    this.length = start + text.length;
    return this;
  }

  /** Decimal digits of a whole number below ten thousand million. */
  number(value: number): this {
    this.reserve(10);
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    let rest = value;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      this.bytes[at] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.length += digits;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  /** What was collected since `start`, in place: gone with the next call. */
  view(start = 0): Uint8Array {
    return this.bytes.subarray(start, this.length);
  }

  /** A copy of exactly what was collected. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Bytes that `text` takes as UTF-8. */
export function textLength(text: string): number {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return utf8Encoder.encode(text).length;
  }
  return text.length;
}

/** Whether the ASCII `mark` stands at `offset`. */
export function hasMark(bytes: Uint8Array, offset: number, mark: string): boolean {
  if (offset < 0 || offset + mark.length > bytes.length) return false;
  for (let index = 0; index < mark.length; index++) {
    if (bytes[offset + index] !== mark.charCodeAt(index)) return false;
  }
  return true;
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += hexPairs[bytes[at]!];
  return text;
}

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The caller vouches for an even number of hexadecimal digits. */
export function bytesFromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
  return bytes;
}

/** Hexadecimal number as the wire writes counters; `undefined` unless 1 to 12 lower- or upper-case digits. */
export function parseHexNumber(text: string | undefined): number | undefined {
  if (text === undefined || text.length < 1 || text.length > 12) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return code >= 0x41 && code <= 0x46 ? code - 0x37 : -1;
}

/** Decimal number; `undefined` unless 1 to 14 digits. */
export function parseDecimalNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,14}$/.test(text) ? Number.parseInt(text, 10) : undefined;
}
