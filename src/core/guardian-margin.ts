/** How long before the peer's deadtime for this node runs out the guardian lets go, when the configuration does not say. */

const smallestMs = 2;
const largestMs = 2000;

/** A tenth of the deadtime: room for a late timer and for the release itself, and still most of the time to come back. */
export function guardianMarginMs(deadtimeMs: number): number {
  return Math.min(largestMs, Math.max(smallestMs, Math.trunc(deadtimeMs / 10)));
}
