import type { PingTarget } from '../core/config/configuration.ts';
import type { Problem } from '../core/result.ts';

/** Echo requests to addresses outside the cluster, and their answers. */
export interface Ping {
  /**
   * Opens what is needed for these addresses; others may be asked later. Never fatal: what could not be had is told as
   * problems, and such addresses are asked by other means, or answer never.
   */
  open(targets: readonly PingTarget[], handlers: PingHandlers): readonly Problem[];
  /** One echo request to each, fire and forget. */
  ask(targets: readonly PingTarget[]): void;
  close(): void;
}

export interface PingHandlers {
  /** A question of this very port was answered by the address it was put to. Once for each question at the most. */
  answered(address: string): void;
  /** What could not be had for an address that `open` was not told of. */
  problem?(problem: Problem): void;
}
