/** What tools are told of the watchdog device that `watchdog` of ha.cf names, and how long it waits. */

export interface WatchdogSettings {
  readonly device: string;
  readonly timeoutSeconds: number;
  readonly keepaliveMs: number;
}

export interface WatchdogView {
  readonly device: string;
  /**
   * waiting: opened with the first keepalive. armed: this machine is reset when keepalives stop. unavailable: nothing
   * guards it; tried again. condemned: something could not be let go, so the device is left to do its work.
   */
  readonly state: 'waiting' | 'armed' | 'unavailable' | 'condemned';
  /** What the device says that it waits; undefined when it cannot be asked. */
  readonly timeoutSeconds?: number;
  readonly reason?: string;
}

/** As 3.0.6 sets it: deadtime and 10 ms, in whole seconds, rounded up. */
export function watchdogTimeoutSeconds(deadtimeMs: number): number {
  return Math.ceil((deadtimeMs + 10) / 1000);
}
