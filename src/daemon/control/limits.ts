import { maximumFrameBytes } from '../../protocol/frames.ts';
import type { RightsClass } from '../../protocol/verbs.ts';

/** What one client may cost the daemon (security.md 3.3, point 7). Tests lower these; nothing else changes them. */
export interface ControlLimits {
  readonly clientsPerSocket: number;
  readonly requestsInFlight: number;
  /** Of all clients together; what comes faster waits in its sockets. */
  readonly requestsPerSecond: number;
  /** So many are answered without a pause when it was quiet before. */
  readonly requestsAtOnce: number;
  /** Unprivileged users get less: what they send is held in memory until its line is complete. */
  readonly frameBytes: Readonly<Record<RightsClass, number>>;
  /** Answers that a client has not read. Beyond this it is disconnected: the daemon never waits for a reader. */
  readonly unreadBytes: number;
  /** A connection that asks nothing and waits for nothing is closed after this. */
  readonly idleMs: number;
}

export const defaultLimits: ControlLimits = {
  clientsPerSocket: 32,
  requestsInFlight: 16,
  requestsPerSecond: 200,
  requestsAtOnce: 100,
  frameBytes: { read: 16 * 1024, operate: maximumFrameBytes, admin: maximumFrameBytes },
  unreadBytes: 4 * 1024 * 1024,
  idleMs: 120_000,
};
