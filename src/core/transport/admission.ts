/**
 * Whether a datagram is worth a MAC computation at all (L5: a flood must not make this node late). Only packets that are
 * of no use cost anything: garbage, and what is genuine but has been here before. Each source has a budget of them; all
 * sources that never sent anything useful share a second one, because addresses are easily forged.
 *
 * Beyond its budget a source is not silenced, or anyone who forges the peer's address could silence the peer: of its
 * packets those are opened that claim to be news (`claims.ts`). What cannot be checked against anything known, such as
 * the first word of a peer that has been restarted, has a budget of its own, and so have large packets that claim to be
 * news: a peer with many groups sends no others, and nothing but their size makes a forged one costly.
 */
import { type Microseconds, usPerSecond } from '../types.ts';
import { hasMark } from './bytes.ts';
import type { Claim } from './claims.ts';
import { sealedStart } from './sealed.ts';

export interface Admission {
  readonly sources: Map<string, SourceAccount>;
  readonly strangers: Bucket;
  readonly unknown: Bucket;
  /** In bytes. */
  readonly largeNew: Bucket;
}

interface Bucket {
  tokens: number;
  refilledUs: Microseconds;
}

interface SourceAccount extends Bucket {
  /** When this source last said something new that verified. */
  trustedUs: Microseconds | undefined;
}

/** At keepalive 10 ms a broadcast link brings a node a hundred of its own packets back. One costs up to 0.1 ms. */
const uselessPerSourceAndSecond = 500;
const uselessOfStrangersPerSecond = 500;
const unknownPerSecond = 500;
/**
 * Enough for the largest keepalives (60,000 bytes) a hundred times a second. To open and refuse so much takes at most 8 %
 * of one core, whatever the method: packets of 2 KiB at 20 µs each, most of it the same for every packet; of large ones
 * 0.5 to 3 %. Who forges more of them than this, with numbers that the peer would use next, can still crowd it out.
 */
export const largeNewBytesPerSecond = 8 * 1024 * 1024;
const trustUs = 60 * usPerSecond;
const smallPacketBytes = 2_048;
const maximumSources = 64;

export function createAdmission(): Admission {
  const full = (tokens: number): Bucket => ({ tokens, refilledUs: 0 });
  return {
    sources: new Map(),
    strangers: full(uselessOfStrangersPerSecond),
    unknown: full(unknownPerSecond),
    largeNew: full(largeNewBytesPerSecond),
  };
}

export function isAdmitted(
  admission: Admission,
  source: string,
  packet: Uint8Array,
  nowUs: Microseconds,
  claimed: () => Claim,
): boolean {
  const cost = costOf(packet);
  if (hasBudget(admission, source, cost, nowUs)) return true;
  const claim = claimed();
  if (claim === 'unknown') return spend(admission.unknown, unknownPerSecond, cost, nowUs);
  if (claim === 'old') return false;
  const isLarge = packet.length > smallPacketBytes;
  return !isLarge || spend(admission.largeNew, largeNewBytesPerSecond, packet.length, nowUs);
}

/** Sources that are not known yet are not even remembered while the budget of strangers is used up. */
function hasBudget(admission: Admission, source: string, cost: number, nowUs: Microseconds): boolean {
  const known = admission.sources.get(source);
  if (known !== undefined) {
    refill(known, uselessPerSourceAndSecond, nowUs);
    if (known.tokens < cost) return false;
    if (known.trustedUs !== undefined && nowUs - known.trustedUs < trustUs) return true;
  }
  refill(admission.strangers, uselessOfStrangersPerSecond, nowUs);
  return admission.strangers.tokens >= cost;
}

/** The packet did not verify, or had no effect. */
export function chargeUseless(admission: Admission, source: string, packet: Uint8Array, nowUs: Microseconds): void {
  const account = accountOf(admission, source, nowUs);
  const cost = costOf(packet);
  account.tokens = Math.max(0, account.tokens - cost);
  if (account.trustedUs === undefined) admission.strangers.tokens = Math.max(0, admission.strangers.tokens - cost);
}

/** The packet verified and said something new. */
export function trustSource(admission: Admission, source: string, nowUs: Microseconds): void {
  accountOf(admission, source, nowUs).trustedUs = nowUs;
}

function spend(bucket: Bucket, perSecond: number, cost: number, nowUs: Microseconds): boolean {
  refill(bucket, perSecond, nowUs);
  if (bucket.tokens < cost) return false;
  bucket.tokens -= cost;
  return true;
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
  const account = { tokens: uselessPerSourceAndSecond, refilledUs: nowUs, trustedUs: undefined };
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
