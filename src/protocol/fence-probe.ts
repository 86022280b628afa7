/** What `pairbeat fence-status` is told: whether each fence device of this node could act against the other one now. */
export interface FenceProbeReport {
  readonly node: string;
  readonly peer: string;
  readonly devices: readonly FenceProbeAnswer[];
}

export interface FenceProbeAnswer {
  readonly name: string;
  readonly type: string;
  readonly ok: boolean;
  /** The device's last words; empty when it had none. */
  readonly detail: string;
}
