/** placeholder filled in below */
import type { Microseconds } from './types.ts';

/**
 * Why a start is permissible (S2). Logged, shown by `status`, kept in the journal, checked by the simulator.
 * `unprotected` is a statement, not a proof: it is never counted as protection.
 */
export type StartEvidence =
  /** The peer's present incarnation says, freshly, that it does not hold the group and will not start it. */
  | { readonly kind: 'peerConfirmedStopped'; readonly peerGeneration: number; readonly reportVersion: number }
  /** Both nodes are in their first round: the peer has started nothing in this generation. */
  | { readonly kind: 'peerNeverRan'; readonly peerGeneration: number }
  /** The peer said goodbye (`shutdone`) and has not come back. */
  | { readonly kind: 'peerShutDown'; readonly peerGeneration: number }
  /** The peer fell silent, or was never seen during initdead. */
  | { readonly kind: 'unprotected'; readonly silentSinceUs: Microseconds; readonly deadtimeMs: number; readonly linkViewVersion: number }
  | { readonly kind: 'operator'; readonly who: string };
