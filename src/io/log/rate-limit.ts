/**
 * Keeps a flood out of the log: each problem code may fill a burst and then gets one line a second. What was held back
 * is counted and told with the next line of that code.
 */
export interface RateLimit {
  /** `undefined`: hold this line back; else how many were held back since the last one that was let through. */
  admit(code: string, nowMs: number): { readonly heldBack: number } | undefined;
}

/** A failover of a hundred groups writes a hundred lines of one code, and every one matters. */
const burst = 100;
const refillPerMs = 1 / 1000;
/** Codes come from the source, not from the network; the bound is for the case that this ever changes. */
const codesMax = 500;

interface Bucket {
  tokens: number;
  updatedMs: number;
  heldBack: number;
}

export function createRateLimit(): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    admit(code, nowMs) {
      const bucket = buckets.get(code) ?? { tokens: burst, updatedMs: nowMs, heldBack: 0 };
      if (!buckets.has(code) && buckets.size >= codesMax) buckets.delete(buckets.keys().next().value!);
      buckets.set(code, bucket);
      const elapsedMs = Math.max(0, nowMs - bucket.updatedMs);
      bucket.tokens = Math.min(burst, bucket.tokens + elapsedMs * refillPerMs);
      bucket.updatedMs = nowMs;
      if (bucket.tokens < 1) {
        bucket.heldBack += 1;
        return undefined;
      }
      bucket.tokens -= 1;
      const { heldBack } = bucket;
      bucket.heldBack = 0;
      return { heldBack };
    },
  };
}
