/**
 * The value syntaxes of ha.cf, as Heartbeat 3.0.6 was seen to read them (test/core/config/heartbeat-verdicts.ts holds
 * its answers). It is lenient in odd places; where it is, the value is read alike and `odd` says so.
 */

export type Reading<Value> =
  | { readonly ok: true; readonly value: Value; readonly odd: boolean }
  | { readonly ok: false; readonly reason: 'syntax' | 'range' };

/** Larger than any sensible dead time, and what timers of 31 bits can count. */
export const maxTimeMs = 2_147_483_647;

/**
 * Seconds without unit, or a unit attached: anything that begins with `ms` or `us` in any case. Rounded to
 * milliseconds, halves up. `1s` and `2min` are no times; `1e1`, signs and hexadecimal neither.
 */
export function readTime(text: string): Reading<number> {
  const match = /^([0-9.]+)(.*)$/.exec(text);
  if (match === null) return { ok: false, reason: 'syntax' };
  const digits = match[1]!;
  const unit = match[2]!.toLowerCase();
  const factor = unit === '' ? 1000 : unit.startsWith('ms') ? 1 : unit.startsWith('us') ? 0.001 : undefined;
  if (factor === undefined) return { ok: false, reason: 'syntax' };
  // The second dot ends the number, as it does for C's atof.
  const number = /^(\d*)(?:\.(\d*))?/.exec(digits)!;
  const amount = Number(`${number[1] || '0'}.${number[2] || '0'}`);
  const milliseconds = Math.floor(amount * factor + 0.5);
  if (!(milliseconds <= maxTimeMs)) return { ok: false, reason: 'range' };
  const wellFormed = /^\d+(\.\d+)?$/.test(digits) && ['', 'ms', 'msec', 'us', 'usec'].includes(unit);
  return { ok: true, value: milliseconds, odd: !wellFormed };
}

/** The shortest spelling that reads back as the same number of milliseconds. */
export function printTime(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? String(milliseconds / 1000) : `${milliseconds}ms`;
}

const trueWords = ['true', 'on', 'yes', 'y', '1'];
const falseWords = ['false', 'off', 'no', 'n', '0'];
export const booleanWords: readonly string[] = ['on', 'off', 'yes', 'no', 'true', 'false', 'y', 'n', '1', '0'];

export function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return trueWords.includes(word) ? true : falseWords.includes(word) ? false : undefined;
}

/**
 * Heartbeat reads the leading digits and ignores the rest; without digits the value is 0. A value read that way is
 * `odd`; whether 0 is acceptable the range decides.
 */
export function readInteger(text: string, minimum: number, maximum: number): Reading<number> {
  const value = Number(/^[+-]?\d{1,15}/.exec(text)?.[0] ?? '0');
  if (value < minimum || value > maximum) return { ok: false, reason: 'range' };
  return { ok: true, value, odd: !/^\d+$/.test(text) };
}

/** Four decimal numbers up to 255; the only address form that Heartbeat's IPv4 media take without a name service. */
export function isIPv4Address(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/**
 * A number that the C library takes for an address although it is not written as one: `10` is 0.0.0.10, `192.16` is
 * 192.0.0.16, a part with a leading zero is octal. Heartbeat starts with such an address (but not with a hexadecimal one).
 */
export function isAbbreviatedIPv4(text: string): boolean {
  const parts = text.split('.');
  if (isIPv4Address(text) || parts.length > 4) return false;
  const numbers = parts.map((part) => {
    if (/^0[0-7]{0,11}$/.test(part)) return Number.parseInt(part, 8);
    return /^[1-9]\d{0,9}$/.test(part) ? Number(part) : Number.NaN;
  });
  const last = numbers.pop() ?? Number.NaN;
  return last < 256 ** (5 - parts.length) && numbers.every((number) => number <= 255);
}

/** Class D, without the reserved class E above it. */
export function isMulticastIPv4Address(text: string): boolean {
  const first = Number(text.split('.')[0]);
  return isIPv4Address(text) && first >= 224 && first <= 239;
}
