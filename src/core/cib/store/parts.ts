/**
 * A version file on its way to the other node: cut into numbered parts, each with a digest of its own, so that one that was
 * spoilt or left out is asked for alone. Parts may come in any order and more than once. What is not whole has no effect.
 */
import { type Digest, entryBytesMax, type Sha256 } from './entry.ts';

/** Together with field names, base64 (the classic form) and the transport's own fields well below 60,000 bytes. */
export const partBytes = 32 * 1024;
/** Parts that are sent at one request, so that they fit into a receive buffer. */
export const windowParts = 4;
/** A configuration with 5,000 primitives takes about 5 MiB. */
export const documentBytesMax = 16 * 1024 * 1024;
export const fileBytesMax = documentBytesMax + entryBytesMax;
const sumDigits = 16;

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly sum: string;
  readonly bytes: Uint8Array;
}

export function partsOf(bytes: number): number {
  return Math.ceil(bytes / partBytes);
}

export function cutPart(file: Uint8Array, number: number, sha256: Sha256): Part {
  const bytes = file.slice((number - 1) * partBytes, number * partBytes);
  return { number, sum: sumOf(bytes, sha256), bytes };
}

/** What has come of one file. Its size was promised beforehand, so it cannot grow beyond that. */
export interface Reassembly {
  readonly file: Digest;
  readonly bytes: number;
  readonly parts: (Uint8Array | undefined)[];
  missing: number;
}

/** `undefined`: larger than anything this store keeps, or nothing. */
export function beginReassembly(file: Digest, bytes: number): Reassembly | undefined {
  if (!Number.isSafeInteger(bytes) || bytes < 1 || bytes > fileBytesMax) return undefined;
  const count = partsOf(bytes);
  return { file, bytes, parts: Array.from({ length: count }, () => undefined), missing: count };
}

/** `false`: not a part of this file, spoilt, or here already. */
export function addPart(reassembly: Reassembly, part: Part, sha256: Sha256): boolean {
  const { parts } = reassembly;
  const index = part.number - 1;
  const length = index === parts.length - 1 ? reassembly.bytes - index * partBytes : partBytes;
  if (!(index in parts) || parts[index] !== undefined) return false;
  if (part.bytes.length !== length || sumOf(part.bytes, sha256) !== part.sum) return false;
  parts[index] = part.bytes;
  reassembly.missing -= 1;
  return true;
}

/** The first part that is missing, and the last of those to ask for with it. */
export function missingWindow({ parts }: Reassembly): { readonly from: number; readonly to: number } | undefined {
  const first = parts.indexOf(undefined);
  if (first < 0) return undefined;
  return { from: first + 1, to: Math.min(first + windowParts, parts.length) };
}

/** `undefined`: not whole, or whole and yet not what was promised. */
export function assemble({ file, bytes, parts, missing }: Reassembly, sha256: Sha256): Uint8Array | undefined {
  if (missing > 0) return undefined;
  const whole = new Uint8Array(bytes);
  parts.forEach((part, index) => {
    whole.set(part!, index * partBytes);
  });
  return sha256(whole) === file ? whole : undefined;
}

function sumOf(bytes: Uint8Array, sha256: Sha256): string {
  return sha256(bytes).slice(0, sumDigits);
}
