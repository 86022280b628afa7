/** What `status` says of programs of respawn and failfast lines and of the watchdog. */

export interface ServiceReport {
  readonly kind: 'respawn' | 'failfast';
  readonly user: string;
  /** Path and arguments. */
  readonly program: string;
  /** running, pausing, stopping, finished (exit code 100), given-up, reboot-failed. */
  readonly phase: string;
}

export interface WatchdogReport {
  readonly device: string;
  /** waiting, armed, unavailable, condemned. */
  readonly state: string;
  /** Seconds without a keepalive after which it resets this machine; absent when the device does not say. */
  readonly timeoutSeconds?: number;
  readonly reason?: string;
}
