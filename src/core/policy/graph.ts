/**
 * The transition graph: what must be done, and in which order, to get from what is to what was decided. It is data: the
 * transition runner carries it out, `simulate` plays it on paper, the simulator breaks it.
 */

export interface GraphAction {
  /** Ascending; inputs refer to it. */
  readonly id: number;
  /**
   * `resource`: an operation of an agent. `fence`: a fencing request for `node`. `cluster`: done by the managers themselves
   * (lrm_delete, clear_failcount, do_shutdown). `pseudo`: a point in the order, done at once.
   */
  readonly kind: 'resource' | 'fence' | 'cluster' | 'pseudo';
  /** `web_start_0`, `web_monitor_10000`, `stonith-node2-reboot`, `clone_running_0`, ... */
  readonly key: string;
  /** start, stop, promote, demote, monitor, migrate_to, migrate_from, notify, reload-agent, stonith, ... */
  readonly task: string;
  /** The id under which the operation is recorded: an anonymous instance has its configured id. */
  readonly resource?: string;
  /** The instance (`web:0`) where that differs. */
  readonly instance?: string;
  readonly node?: string;
  readonly intervalMs: number;
  readonly timeoutMs?: number;
  /** The exit code that means success: 0 for most, 7 for a probe. */
  readonly expectedRc: number;
  /** Actions that must have ended before this one may begin. */
  readonly inputs: readonly number[];
  readonly priority: number;
  /** A failure does not abort the transition. */
  readonly canFail: boolean;
  /** off, reboot, on, for a fencing request; migrate_source, migrate_target; notify's variables; ... */
  readonly meta: Readonly<Record<string, string>>;
  readonly reason?: string;
}

export interface TransitionGraph {
  readonly actions: readonly GraphAction[];
  /** A circle in the ordering that was found: the actions in it and the constraint that should be dropped. */
  readonly cycles: readonly OrderingCycle[];
  /** What ought to be done and cannot be, and why. Nothing in `actions` waits for it. */
  readonly blocked: readonly BlockedAction[];
}

export interface BlockedAction {
  readonly key: string;
  readonly task: string;
  readonly resource?: string;
  readonly node?: string;
  /** `no quorum`, `unrunnable db start`, `waits for db_stop_0`, ... */
  readonly reason: string;
}

export interface OrderingCycle {
  readonly actions: readonly string[];
  /** The id of the configured constraint whose removal breaks the circle, when one takes part. */
  readonly dropConstraint: string | undefined;
}
