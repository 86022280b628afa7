/**
 * Whether a datagram is worth a MAC computation at all (L5: a flood of garbage must not make this node late).
 *
 * Only packets that fail cost anything. Each source has a budget of failures; all sources that never sent a valid
 * packet share a second one, because addresses are easily forged. A source that recently sent a valid packet is
 * always heard as long as the packet is small: otherwise anyone who forges the peer's address could silence the peer,
 * and checking a small packet costs less than having received it.
 */
import { type Microseconds, usPerSecond } from '../types.ts';
import { hasMark } from './bytes.ts';
import { sealedStart } from './sealed.ts';

export interface Admission {
  readonly sources: Map<string, SourceAccount>;
  readonly strangers: Bucket;
}

interface Bucket {
  tokens: number;
  refilledUs: Microseconds;
}

interface SourceAccount extends Bucket {
  /** When a packet of this source last verified. */
  trustedUs: Microseconds | undefined;
}

const failuresPerSourceAndSecond = 5_000;
const failuresOfStrangersPerSecond = 20_000;
const trustUs = 60 * usPerSecond;
const smallPacketBytes = 2_048;
const maximumSources = 64;

export function createAdmission(): Admission {
  return { sources: new Map(), strangers: { tokens: failuresOfStrangersPerSecond, refilledUs: 0 } };
}

export function isAdmitted(admission: Admission, source: string, packet: Uint8Array, nowUs: Microseconds): boolean {
  const account = accountOf(admission, source, nowUs);
  const trusted = account.trustedUs !== undefined && nowUs - account.trustedUs < trustUs;
  if (trusted && packet.length <= smallPacketBytes) return true;
  refill(account, failuresPerSourceAndSecond, nowUs);
  refill(admission.strangers, failuresOfStrangersPerSecond, nowUs);
  const cost = costOf(packet);
  return account.tokens >= cost && (trusted || admission.strangers.tokens >= cost);
}

/** The packet did not verify. */
export function chargeFailure(admission: Admission, source: string, packet: Uint8Array, nowUs: Microseconds): void {
  const account = accountOf(admission, source, nowUs);
  const cost = costOf(packet);
  account.tokens = Math.max(0, account.tokens - cost);
  if (account.trustedUs === undefined) admission.strangers.tokens = Math.max(0, admission.strangers.tokens - cost);
}

/** The packet verified. */
export function trustSource(admission: Admission, source: string, nowUs: Microseconds): void {
  accountOf(admission, source, nowUs).trustedUs = nowUs;
}

/** The time for a MAC grows with the length; under a salt never seen before a sealed packet takes four times as long. */
function costOf(packet: Uint8Array): number {
  const each = hasMark(packet, 0, sealedStart) ? 4 : 1;
  return each * (1 + Math.floor(packet.length / smallPacketBytes));
}

function refill(bucket: Bucket, perSecond: number, nowUs: Microseconds): void {
  const elapsedUs = nowUs - bucket.refilledUs;
  bucket.tokens = Math.min(perSecond, bucket.tokens + (elapsedUs * perSecond) / usPerSecond);
  bucket.refilledUs = nowUs;
}

function accountOf(admission: Admission, source: string, nowUs: Microseconds): SourceAccount {
  const known = admission.sources.get(source);
  if (known !== undefined) return known;
  if (admission.sources.size >= maximumSources) forgetOne(admission);
  const account = { tokens: failuresPerSourceAndSecond, refilledUs: nowUs, trustedUs: undefined };
  admission.sources.set(source, account);
  return account;
}

/** The oldest stranger goes first, so that a flood of forged addresses does not push out the peer. */
function forgetOne(admission: Admission): void {
  for (const [source, account] of admission.sources) {
    if (account.trustedUs !== undefined) continue;
    admission.sources.delete(source);
    return;
  }
  const [oldest] = admission.sources.keys();
  if (oldest !== undefined) admission.sources.delete(oldest);
}
