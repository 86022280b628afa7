/**
 * Why a resource is where it is: every change of a score and every decision is recorded as data when it happens. `explain`, the
 * what-if view and the status page read these; nothing is reconstructed afterwards.
 */

/** Where a contribution to a score comes from. `constraint` is the id a user can look up. */
export interface ScoreReason {
  readonly kind:
    | 'location'
    | 'location-rule'
    | 'opt-in'
    | 'stickiness'
    | 'colocation'
    | 'colocation-dependent'
    | 'promotion-score'
    | 'promotion-location'
    | 'node-health'
    | 'failure-threshold'
    | 'failed-start'
    | 'failed-stop'
    | 'failed-probe'
    | 'failure-stops'
    | 'hard-error'
    | 'ticket'
    | 'shutdown-lock'
    | 'exclusive-discovery'
    | 'multiple-active'
    | 'clone-limit'
    | 'utilization'
    | 'node-unavailable'
    | 'unmanaged'
    | 'group'
    | 'target-role'
    | 'stop-all'
    | 'no-quorum'
    | 'orphan'
    | 'other';
  /** The id of the constraint, rule, ticket or attribute that made it. */
  readonly constraint?: string;
  /** Another resource that is involved (the colocation's partner). */
  readonly resource?: string;
  readonly detail?: string;
}

/** One line of `explain RESOURCE NODE`. `phase`: while placing, or while choosing who is promoted. */
export interface Contribution {
  readonly resource: string;
  readonly node: string;
  readonly phase: 'placement' | 'promotion';
  readonly amount: number;
  readonly sum: number;
  readonly reason: ScoreReason;
}
