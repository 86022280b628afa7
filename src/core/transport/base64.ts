/** Standard base64 with padding, as the classic message format writes binary fields. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const first = bytes[at]!;
    const second = bytes[at + 1] ?? 0;
    const third = bytes[at + 2] ?? 0;
    text += alphabet[first >> 2]! + alphabet[((first & 3) << 4) | (second >> 4)]!;
    text += at + 1 < bytes.length ? alphabet[((second & 15) << 2) | (third >> 6)]! : '=';
    text += at + 2 < bytes.length ? alphabet[third & 63]! : '=';
  }
  return text;
}

/** Accepts exactly what `encodeBase64` writes; anything else is `undefined`. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let collected = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < text.length - padding; index++) {
    const value = digitOf(text.charCodeAt(index));
    if (value < 0) return undefined;
    collected = ((collected << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (collected >> bits) & 0xff;
    }
  }
  const leftOver = collected & ((1 << bits) - 1);
  return leftOver === 0 ? bytes : undefined;
}

function digitOf(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === 43) return 62;
  return code === 47 ? 63 : -1;
}
