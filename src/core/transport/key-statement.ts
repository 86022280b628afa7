/**
 * What a node says of its keys in every keepalive (`pbkeys`): the number that signs, and each number that it accepts,
 * with its method and a fingerprint of the secret. The fingerprint is bound to both nodes' present generations, so it
 * says nothing but whether both have the same secret under that number now.
 */
import type { Authentication, AuthenticationKey } from '../config/configuration.ts';
import { ByteBuilder } from './bytes.ts';
import type { Hashes } from './mac.ts';

export interface KeyStatement {
  readonly signsWith: number;
  readonly accepts: readonly StatedKey[];
}

export interface StatedKey {
  readonly index: number;
  /** As the sender's version calls it; may be one that this version does not know. */
  readonly method: string;
  readonly fingerprint: string;
}

/** Who says it to whom: the fingerprint of the same secret is another one in every pair of incarnations. */
export interface FingerprintBinding {
  readonly uuid: string;
  readonly generation: number;
  /** Generation of the receiver as the sender has accepted it; 0 when it has accepted none. */
  readonly receiverGeneration: number;
}

const fingerprintDigits = 12;
/** Numbers 0 to 15. */
const keysMax = 16;

export function encodeKeyStatement(
  { sendIndex, keys }: Authentication,
  binding: FingerprintBinding,
  hashes: Hashes,
): string {
  const stated = keys.map((key) => `${key.index}:${key.method}:${fingerprintOf(key, binding, hashes)}`);
  return [String(sendIndex), ...stated].join(' ');
}

/** `undefined` when it makes no sense. */
export function decodeKeyStatement(text: string): KeyStatement | undefined {
  const [first = '', ...words] = text.split(' ');
  const accepts: StatedKey[] = [];
  for (const word of words) {
    const match = /^(\d{1,2}):([a-z0-9]{1,32}):([0-9a-f]{12})$/.exec(word);
    if (match === null || accepts.length === keysMax) return undefined;
    accepts.push({ index: Number(match[1]), method: match[2]!, fingerprint: match[3]! });
  }
  return /^\d{1,2}$/.test(first) && accepts.length > 0 ? { signsWith: Number(first), accepts } : undefined;
}

export function fingerprintOf(key: AuthenticationKey, binding: FingerprintBinding, hashes: Hashes): string {
  const { uuid, generation, receiverGeneration } = binding;
  const bound = `pairbeat key ${key.index} ${key.method} ${uuid} ${generation} ${receiverGeneration}`;
  return hashes.hmac('sha256', key.secret, new ByteBuilder().text(bound).finish()).slice(0, fingerprintDigits);
}
