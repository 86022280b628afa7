/**
 * authkeys: which key signs what this node sends, and which keys it accepts. Everything that 3.0.6 accepts is accepted,
 * weak keys are named; sha256, sha512 and the sealed
 * methods are added. No finding carries a key: the lines it shows are masked.
 */
import { assert } from '../assert.ts';
import type { Authentication, AuthenticationKey, AuthenticationMethod } from './configuration.ts';
import { weaknessTexts } from './finding-texts/authkeys.ts';
import type { Place, Reporter } from './findings.ts';
import { wholeFile } from './findings.ts';
import type { AuthkeysFile } from './host-facts.ts';
import type { Line, Word } from './lexer.ts';
import { maxLineLength, splitLines, wordsOf } from './lexer.ts';
import { nearestWord } from './nearest.ts';
import { isReadable } from './parse-ha-cf.ts';
import { placeholderKeys } from './placeholder-keys.ts';

const heartbeatMethods: readonly AuthenticationMethod[] = ['sha1', 'md5', 'crc'];
const methods: readonly AuthenticationMethod[] = [
  'sha256',
  'sha512',
  'aes256gcm',
  'chacha20poly1305',
  ...heartbeatMethods,
];

export const maxAuthkeysBytes = 4096;
const minSecretLength = 16;

interface Parsed {
  readonly keys: Map<number, { key: AuthenticationKey; place: Place }>;
  auth: { index: number; place: Place } | undefined;
  /** The auth line in force named a key that came below it: what Heartbeat asks for. */
  found: boolean;
  failed: boolean;
}

export function parseAuthkeys(text: string, reporter: Reporter): Authentication | undefined {
  const parsed: Parsed = { keys: new Map(), auth: undefined, found: false, failed: false };
  for (const line of splitLines('authkeys', text)) {
    const shown = masked(line);
    if (!isReadable({ ...line, source: shown.text }, reporter)) {
      parsed.failed = true;
      if (line.text.length > maxLineLength) continue;
    }
    parseLine(asScanned(line), masked(asScanned(line)), parsed, reporter);
  }
  const { auth } = parsed;
  if (auth === undefined) {
    if (!parsed.failed) reporter.report('authkeys-auth-missing', wholeFile('authkeys'));
    return undefined;
  }
  if (!parsed.found || !parsed.keys.has(auth.index)) {
    const fields = { index: auth.index, above: parsed.keys.has(auth.index) };
    if (!parsed.failed) reporter.report('authkeys-key-missing', auth.place, fields);
    return undefined;
  }
  const keys = [...parsed.keys.values()].sort((left, right) => left.key.index - right.key.index);
  if (keys.length > 1) reporter.report('authkeys-rotation', wholeFile('authkeys'));
  const weaknesses = keys.flatMap(({ key, place }) => reportWeaknesses(key, place, reporter));
  return { sendIndex: auth.index, keys: keys.map(({ key }) => key), weaknesses };
}

/** As the C library's scanf goes over a line: a NUL ends it, a carriage return is a blank. */
function asScanned(line: Line): Line {
  return { ...line, text: (line.text.split('\0', 1)[0] ?? '').replaceAll('\r', ' ') };
}

/** Plain file, owner root or this process's user, nothing at all for group and others, at most 4 KiB (security.md 3.3). */
export function checkAuthkeysFile(file: AuthkeysFile, path: string, reporter: Reporter): void {
  const whole = wholeFile('authkeys');
  if (file.kind !== 'regular') {
    reporter.report('authkeys-not-regular', whole, {
      path,
      kind: file.kind === 'symlink' ? 'a symbolic link' : 'something else',
    });
    return;
  }
  const mode = (file.mode & 0o777).toString(8).padStart(4, '0');
  if ((file.mode & 0o044) !== 0) reporter.report('authkeys-mode', whole, { mode, path });
  else if ((file.mode & 0o033) !== 0) reporter.report('authkeys-mode-writable', whole, { mode, path });
  if (file.ownerId !== 0 && file.ownerId !== file.runningId) {
    const expected = file.runningId === 0 ? 'root' : `root or user ${file.runningId}`;
    reporter.report('authkeys-owner', whole, { owner: file.ownerId, expected, path });
  }
  if (file.size > maxAuthkeysBytes)
    reporter.report('file-too-large', whole, { size: file.size, limit: maxAuthkeysBytes });
}

/**
 * The line as it may be shown: numbers, `auth`, and what is or looks like a method. Whatever else stands there may be
 * a key, also where no key belongs, and its length is nobody's business either.
 */
function masked(line: Line): Line {
  const words = line.text.trim().replace(/\s+/g, ' ').split(' ');
  return { ...line, text: words.map((word, index) => (index < 2 && isHarmless(word) ? word : '********')).join(' ') };
}

function isHarmless(word: string): boolean {
  const bare = word.replace(/^[-+]?\d{1,4}/, '');
  return bare === '' || bare === '#' || bare.startsWith('auth') || nearestWord(bare, methods) !== undefined;
}

function parseLine(line: Line, shown: Line, parsed: Parsed, reporter: Reporter): void {
  const first = line.text.trimStart().charAt(0);
  if (first === '' || first === '#') return;
  const place = { ...wordsOf(shown, 'blank')[0]! };
  if (first === 'a') parseAuthLine(line, place, parsed, reporter);
  else if (/^\s*[-+]?\d/.test(line.text)) parseKeyLine(line, shown, parsed, reporter);
  else {
    reporter.report('authkeys-line', place);
    parsed.failed = true;
  }
}

/** `auth1` and `auth 1x` are read as `auth 1`, as the C library's scanf does. */
function parseAuthLine(line: Line, place: Word, parsed: Parsed, reporter: Reporter): void {
  const match = /^\s*auth\s*([-+]?\d{1,9})/.exec(line.text);
  if (match === null) {
    reporter.report('authkeys-auth-line', place);
    parsed.failed = true;
    return;
  }
  const index = Number(match[1]);
  if (index < 0 || index > 15) {
    reporter.report('authkeys-index', place, { index });
    parsed.failed = true;
    return;
  }
  const key = parsed.keys.get(index);
  if (parsed.auth !== undefined) {
    reporter.report('authkeys-auth-again', place, { line: parsed.auth.place.line });
    if (key !== undefined && parsed.found)
      reporter.report('authkeys-auth-late', place, { index, line: key.place.line });
  }
  parsed.auth = { index, place };
}

function parseKeyLine(line: Line, shown: Line, parsed: Parsed, reporter: Reporter): void {
  const match = /^\s*([-+]?\d{1,9})\s*(\S*)\s*(\S*)\s*(.*)$/s.exec(line.text);
  assert(match !== null, 'the caller has seen a number at the start of the key line');
  const index = Number(match[1]);
  const [method, secret, rest] = [match[2]!, match[3]!, match[4]!];
  const words = wordsOf(shown, 'blank');
  const [first, second, last] = [words[0]!, words[1] ?? words[0]!, words.at(-1)!];
  const known = methods.find((name) => name === method);
  if (index < 0 || index > 15) {
    reporter.report('authkeys-index', first, { index });
  } else if (known === undefined) {
    const nearest = nearestWord(method, methods) ?? '';
    reporter.report('authkeys-method', second, { method: nearest === '' ? '********' : method, nearest });
  } else if (known === 'crc' && secret !== '') {
    reporter.report('authkeys-crc-key', last);
  } else if (known !== 'crc' && secret === '') {
    reporter.report('authkeys-secret-missing', last, { method });
  } else {
    if (rest !== '') reporter.report('authkeys-words-ignored', last);
    keepKey({ index, method: known, secret }, first, second, parsed, reporter);
    return;
  }
  parsed.failed = true;
}

function keepKey(key: AuthenticationKey, number: Place, method: Place, parsed: Parsed, reporter: Reporter): void {
  const { index } = key;
  if (!heartbeatMethods.includes(key.method)) {
    reporter.report('authkeys-unknown-to-heartbeat', method, { method: key.method });
  }
  if (index === 0) reporter.report('authkeys-index-zero', number);
  const before = parsed.keys.get(index);
  if (before !== undefined) reporter.report('authkeys-index-again', number, { index, line: before.place.line });
  parsed.keys.set(index, { key, place: number });
  if (parsed.auth?.index === index) parsed.found = true;
}

function reportWeaknesses(key: AuthenticationKey, place: Place, reporter: Reporter): string[] {
  const weaknesses: string[] = [];
  if (key.method === 'crc') weaknesses.push(weaknessTexts.crc(key.index));
  else {
    if (key.method === 'md5' || key.method === 'sha1') weaknesses.push(weaknessTexts.oldHash(key.index, key.method));
    if (placeholderKeys.includes(key.secret.toLowerCase())) weaknesses.push(weaknessTexts.placeholder(key.index));
    else if (key.secret.length < minSecretLength) weaknesses.push(weaknessTexts.short(key.index));
  }
  for (const weakness of weaknesses) reporter.report('authkeys-weak', place, { weakness });
  return weaknesses;
}
