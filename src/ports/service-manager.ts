/**
 * The machine's service manager, for resources that are its units (`systemd::nginx` in haresources). Start and stop answer
 * when the job is done, not when it is queued. The adapter is src/io/agent-host/systemctl.ts.
 */
export interface ServiceManager {
  start(unit: string): Promise<JobEnd>;
  stop(unit: string): Promise<JobEnd>;
  state(unit: string): Promise<UnitState | UnitUnknown>;
}

export interface JobEnd {
  readonly ok: boolean;
  /** The time was up: the job may still be going on. */
  readonly timedOut?: true;
  /** What the service manager said, where it said anything. */
  readonly said?: string;
  readonly exitCode?: number;
}

export interface UnitState {
  readonly kind: 'state';
  /** loaded, not-found, masked, ... */
  readonly load: string;
  /** active, reloading, inactive, failed, activating, deactivating, ... */
  readonly active: string;
  readonly sub: string;
  /** success, exit-code, signal, timeout, ...: how its last run ended. */
  readonly result: string;
  /** The unit's main or control process is there, whatever its state says. */
  readonly hasProcess: boolean;
}

/** No answer: not to be read as "not running". */
export interface UnitUnknown {
  readonly kind: 'unknown';
  readonly timedOut: boolean;
  readonly reason: string;
}
