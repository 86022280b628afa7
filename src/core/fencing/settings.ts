/**
 * What the core knows of fencing: which devices this node may use against the other one, and how patient to be. What a
 * device needs to be reached (addresses, passwords) stays with the agent host; here it is only a name.
 */
export interface FencingSettings {
  /** In the order of ha.cf; none: fencing is configured, but this node has no device against its peer. */
  readonly devices: readonly FenceDeviceSettings[];
  readonly action: FenceAction;
  /** A device that has not answered by then has failed. */
  readonly timeoutMs: number;
  /** The node that has more to lose from a mutual kill strikes first; the other waits so long before its first attempt. */
  readonly delayMs: number;
  /** A node that boots and never sees its peer waits for it, or for an operator; otherwise it fences first. */
  readonly waitForAll: boolean;
  /** How often each device is asked whether it is there; 0: never. */
  readonly probeIntervalMs: number;
}

export interface FenceDeviceSettings {
  /** As `status` and the log name it; unique among the devices. */
  readonly name: string;
  readonly type: string;
}

export type FenceAction = 'reset' | 'off';

/**
 * What a device has to say in the end. `confirmed`: it said that the target is off, or was reset. `unknown`: nobody can
 * say what has happened (timeout, lost, garbage, only a part of it done). Both others are failures (S8).
 */
export type FenceOutcome = 'confirmed' | 'failed' | 'unknown';
