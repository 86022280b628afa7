/** What `pairbeat fence-status` is told: whether each fence device of this node could act against the other one now. */
export interface FenceProbeReport {
  readonly node: string;
  readonly peer: string;
  readonly devices: readonly FenceProbeAnswer[];
  /** `fence_delay`: what a device takes must be shorter. */
  readonly delayMs?: number;
}

export interface FenceProbeAnswer {
  readonly name: string;
  readonly type: string;
  readonly ok: boolean;
  /** The device's last words; empty when it had none. */
  readonly detail: string;
  /** From the question to the answer, of a device that works. An attempt takes longer: it asks, switches, and asks again. */
  readonly tookMs?: number;
}
