/**
 * One committed version as one file: the document, byte for byte, and behind it a comment that says which version it is, who
 * made it from what, and what changed, with a digest of the document and a checksum of its own. So the file is a plain CIB for
 * every tool that reads XML, is the same on both nodes, and shows by itself whether it is whole. It is either written completely
 * or not there: no second file has to agree with it.
 *
 *     <cib ...> ... </cib>
 *     <!-- pairbeat {"version":"0.18.0","digest":"...","parent":"...","who":"root","when":"...", ...} 0f3a... -->
 */
import { decodeText, hasMark } from '../../transport/bytes.ts';
import { parseVersion, type Version, versionText } from './version.ts';

/** SHA-256 in lower-case hexadecimal; the core imports no hash. */
export type Sha256 = (bytes: Uint8Array) => string;

/** Of a document with its version in it; identifies a version. `''`: none. */
export type Digest = string;

/** What spoke for a node while it was apart from its peer. It decides which of two diverged histories goes on. */
export interface Standing {
  /** It fenced the other one, successfully. */
  readonly fenced: boolean;
  readonly quorum: boolean;
  /** Number of resources that ran there. */
  readonly held: number;
}

/** What was decided when two histories had diverged. */
export interface Settlement {
  readonly winner: Digest;
  readonly winnerVersion: Version;
  readonly lost: Digest;
  readonly lostVersion: Version;
  /** The first of these in which the two sides differed; `leads`: in none, so the coordinator's side goes on. */
  readonly reason: 'fenced' | 'quorum' | 'held' | 'leads';
}

export interface Entry {
  readonly version: Version;
  readonly digest: Digest;
  /** The version that it was made from. */
  readonly parent: Digest;
  readonly who: string;
  /** For people: as the caller's wall clock said. */
  readonly when: string;
  readonly tool: string;
  /** Name of the node on which it was asked for. */
  readonly node: string;
  /** Readable lines, `-` before what went and `+` before what came. */
  readonly difference: readonly string[];
  /** Of a commit that the other node asked for: the digest of its request. */
  readonly request?: Digest;
  /** Of a commit made while the peer was no member. */
  readonly alone?: Standing;
  readonly settled?: Settlement;
}

export interface VersionFile {
  readonly document: Uint8Array;
  readonly entry: Entry;
}

/** What an entry may take in a file, comment marks included. */
export const entryBytesMax = 64 * 1024;
const nameLength = 128;
const digestPattern = /^[0-9a-f]{64}$/;
const opening = '\n<!-- pairbeat ';
const closing = ' -->\n';
const checksumDigits = 32;
const encoder = new TextEncoder();

export const nobody: Standing = { fenced: false, quorum: false, held: 0 };

export function encodeVersionFile({ document, entry }: VersionFile, sha256: Sha256): Uint8Array {
  const json = entryJson(entry);
  const trailer = encoder.encode(`${opening}${json} ${checksum(json, sha256)}${closing}`);
  const bytes = new Uint8Array(document.length + trailer.length);
  bytes.set(document);
  bytes.set(trailer, document.length);
  return bytes;
}

/** `undefined`: torn, changed, or never made by this store. */
export function decodeVersionFile(bytes: Uint8Array, sha256: Sha256): VersionFile | undefined {
  const start = startOfTrailer(bytes);
  if (start === undefined) return undefined;
  const text = decodeText(bytes, start + opening.length, bytes.length);
  const match = /^(\{.*\}) ([0-9a-f]{32}) -->\n$/.exec(text ?? '');
  if (match === null || checksum(match[1]!, sha256) !== match[2]) return undefined;
  const entry = entryFromJson(match[1]!);
  const document = bytes.subarray(0, start);
  return entry === undefined || sha256(document) !== entry.digest ? undefined : { document, entry };
}

/** Texts from outside, cut to what an entry may keep. */
export function tidyName(text: string): string {
  return tidyText(text, nameLength);
}

/** One line, without what XML does not allow in a comment. */
export function tidyText(text: string, length: number): string {
  return text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]+|[\ud800-\udfff]/g, ' ').slice(0, length);
}

function startOfTrailer(bytes: Uint8Array): number | undefined {
  for (let at = bytes.length - opening.length; at >= 0 && at > bytes.length - entryBytesMax; at--)
    if (hasMark(bytes, at, opening)) return at;
  return undefined;
}

/** Two hyphens would end the comment. */
function entryJson(entry: Entry): string {
  const { alone, settled, ...plain } = entry;
  const written = {
    ...plain,
    version: versionText(entry.version),
    ...(alone === undefined ? {} : { alone }),
    ...(settled === undefined
      ? {}
      : {
          settled: {
            ...settled,
            winnerVersion: versionText(settled.winnerVersion),
            lostVersion: versionText(settled.lostVersion),
          },
        }),
  };
  return JSON.stringify(written).replaceAll('--', '-\\u002d').replaceAll('--', '-\\u002d');
}

function checksum(json: string, sha256: Sha256): string {
  return sha256(encoder.encode(json)).slice(0, checksumDigits);
}

type Loose = Readonly<Record<string, unknown>>;

/** Of a peer that has the key but no sense, too. */
function entryFromJson(json: string): Entry | undefined {
  const raw = parseObject(json);
  if (raw === undefined) return undefined;
  const version = versionIn(raw, 'version');
  const settled = settlementFrom(raw['settled']);
  const alone = standingFrom(raw['alone']);
  const names = ['who', 'when', 'tool', 'node'].map((name) => raw[name]);
  const difference = raw['difference'];
  if (version === undefined || !isDigest(raw['digest']) || !isDigestOrNone(raw['parent'])) return undefined;
  if (!names.every(isShort) || !Array.isArray(difference) || !difference.every((line) => typeof line === 'string'))
    return undefined;
  if ((raw['settled'] !== undefined && settled === undefined) || (raw['alone'] !== undefined && alone === undefined))
    return undefined;
  if (raw['request'] !== undefined && !isDigest(raw['request'])) return undefined;
  const [who, when, tool, node] = names as string[];
  return {
    version,
    digest: raw['digest'],
    parent: raw['parent'],
    who: who!,
    when: when!,
    tool: tool!,
    node: node!,
    difference,
    ...(raw['request'] === undefined ? {} : { request: raw['request'] as string }),
    ...(alone === undefined ? {} : { alone }),
    ...(settled === undefined ? {} : { settled }),
  };
}

function parseObject(json: string): Loose | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : undefined;
  } catch {
    return undefined;
  }
}

function settlementFrom(value: unknown): Settlement | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const raw = value as Loose;
  const winnerVersion = versionIn(raw, 'winnerVersion');
  const lostVersion = versionIn(raw, 'lostVersion');
  const reason = raw['reason'];
  if (reason !== 'fenced' && reason !== 'quorum' && reason !== 'held' && reason !== 'leads') return undefined;
  if (winnerVersion === undefined || lostVersion === undefined) return undefined;
  if (!isDigest(raw['winner']) || !isDigest(raw['lost'])) return undefined;
  return { winner: raw['winner'], winnerVersion, lost: raw['lost'], lostVersion, reason };
}

function standingFrom(value: unknown): Standing | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { fenced, quorum, held } = value as Loose;
  if (typeof fenced !== 'boolean' || typeof quorum !== 'boolean') return undefined;
  return typeof held === 'number' && Number.isSafeInteger(held) && held >= 0 ? { fenced, quorum, held } : undefined;
}

function versionIn(raw: Loose, name: string): Version | undefined {
  const text = raw[name];
  return typeof text === 'string' ? parseVersion(text) : undefined;
}

export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && digestPattern.test(value);
}

export function isDigestOrNone(value: unknown): value is Digest {
  return value === '' || isDigest(value);
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= nameLength;
}
