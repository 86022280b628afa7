/**
 * What the strings of a CIB mean, said once: scores, yes and no, times, integers, roles, versions. Each parser returns
 * undefined for what Pacemaker would not understand; which default holds then is for the one who asks.
 */

/** Scores saturate here; written `INFINITY`. */
export const infinity = 1_000_000;

/**
 * `100`, `-5`, `+3`, `INFINITY`, `-INFINITY`, in any case. An integer with something after it counts as far as it goes, as
 * in Pacemaker; finite scores are clamped to plus and minus infinity.
 */
export function parseScore(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^\s*([+-]?)(?:(infinity)$|(\d+))/i.exec(text);
  if (match === null) return undefined;
  const size = match[2] === undefined ? Math.min(Number(match[3]), infinity) : infinity;
  return match[1] === '-' ? 0 - size : size;
}

/** Minus infinity beats everything, then plus infinity, then sums clamp. */
export function addScores(left: number, right: number): number {
  if (left <= -infinity || right <= -infinity) return -infinity;
  if (left >= infinity || right >= infinity) return infinity;
  return Math.max(-infinity, Math.min(infinity, left + right));
}

export function printScore(score: number): string {
  if (score >= infinity) return 'INFINITY';
  return score <= -infinity ? '-INFINITY' : String(score);
}

const yes = new Set(['true', 'on', 'yes', 'y', '1']);
const no = new Set(['false', 'off', 'no', 'n', '0']);

/** Pacemaker's words for yes and no, in any case. */
export function parseBoolean(text: string | undefined): boolean | undefined {
  const word = text?.toLowerCase();
  if (word === undefined) return undefined;
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

/** A whole number with an optional sign; nothing may follow it. */
export function parseInteger(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*[+-]?\d+\s*$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Units by how they begin, as Pacemaker reads them: `s`, `sec` and `seconds` are the same. The first that fits counts. */
const units: readonly (readonly [beginning: string, factorMs: number])[] = [
  ['ms', 1],
  ['us', 0.001],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
];

/**
 * An interval, a timeout or another length of time in whole milliseconds: a number (a fraction of it is ignored) with `us`,
 * `ms`, `s` (without a unit: seconds), `min` or `h`, or an ISO 8601 duration such as `PT30S`.
 */
export function parseDurationMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  let known = durations.get(text);
  if (known === undefined) {
    if (durations.size >= durationsMax) durations.clear();
    known = { ms: readDurationMs(text) };
    durations.set(text, known);
  }
  return known.ms;
}

/** A configuration writes the same few durations thousands of times. */
const durations = new Map<string, { readonly ms: number | undefined }>();
const durationsMax = 500;

function readDurationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^p/i.test(trimmed)) return parseIsoDurationMs(trimmed);
  const match = /^(\d+)[.\d]*\s*(.*)$/.exec(trimmed);
  const unit = match?.[2]?.toLowerCase();
  const factorMs = unit === '' ? 1000 : units.find(([beginning]) => unit?.startsWith(beginning))?.[1];
  if (match === null || factorMs === undefined) return undefined;
  const value = Math.trunc(Number(match[1]) * factorMs);
  return Number.isSafeInteger(value) ? value : undefined;
}

const dayMs = 86_400_000;

/** Years count 365 days and months 30: an interval has no calendar to lean on. */
function parseIsoDurationMs(text: string): number | undefined {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d*)?S)?)?$/i.exec(
    text,
  );
  if (match === null || /[PT]$/i.test(text)) return undefined;
  const [years, months, weeks, days, , hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const wholeDays = years! * 365 + months! * 30 + weeks! * 7 + days!;
  const value = wholeDays * dayMs + hours! * 3_600_000 + minutes! * 60_000 + seconds! * 1000;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The roles in the words of 2.1 and 3.0. */
export type Role = 'Stopped' | 'Started' | 'Unpromoted' | 'Promoted';

const roles: Readonly<Record<string, Role>> = {
  stopped: 'Stopped',
  started: 'Started',
  unpromoted: 'Unpromoted',
  slave: 'Unpromoted',
  promoted: 'Promoted',
  master: 'Promoted',
};

/** `Master` and `Slave` are the old words for `Promoted` and `Unpromoted`; any case. */
export function parseRole(text: string | undefined): Role | undefined {
  const word = text?.toLowerCase() ?? '';
  return Object.hasOwn(roles, word) ? roles[word] : undefined;
}

/** Dotted numbers, part by part; a missing part counts as 0. @returns below, at or above 0, as a sort wants it. */
export function compareVersions(left: string, right: string): number {
  const lefts = left.split('.');
  const rights = right.split('.');
  for (let part = 0; part < Math.max(lefts.length, rights.length); part += 1) {
    const difference = leadingNumber(lefts[part]) - leadingNumber(rights[part]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function leadingNumber(text: string | undefined): number {
  return Number(/^\d+/.exec(text ?? '')?.[0] ?? 0);
}
