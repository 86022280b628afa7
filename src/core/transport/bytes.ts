/**
 * Text and bytes for the codec. Text on the wire is UTF-8 without NUL; nearly all of it is ASCII, which takes the
 * short path. Nothing here throws on hostile input.
 */
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** `undefined` when the bytes are not UTF-8 or contain a NUL: the field would not survive being sent on unchanged. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0) return undefined;
    if (byte > 0x7f) return decodeUtf8(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return utf8Decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Collects output in one growing array. */
export class ByteBuilder {
  private bytes = new Uint8Array(512);
  private length = 0;

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

  raw(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
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
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}

/** The caller vouches for an even number of hexadecimal digits. */
export function bytesFromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
  return bytes;
}

/** Hexadecimal number as the wire writes counters; `undefined` unless 1 to 12 lower- or upper-case digits. */
export function parseHexNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9a-fA-F]{1,12}$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** Decimal number; `undefined` unless 1 to 14 digits. */
export function parseDecimalNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,14}$/.test(text) ? Number.parseInt(text, 10) : undefined;
}
