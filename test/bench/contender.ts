/**
 * What a product must offer to be measured. The benchmark does not know how it works: it makes a host crash or asks
 * for a change, and looks at the client. One contender object lives as long as its lab.
 */
import type { Host } from '../lab/host.ts';
import type { Lab } from '../lab/lab.ts';

/** The address that is moved, on the service network of the seed configuration. */
export const sharedAddress = '192.168.1.100';

export interface Timers {
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
}

export interface Contender {
  readonly name: string;
  /** Starts the product on a host; node1 is the preferred owner and takes the address back when it returns. */
  readonly start: (host: Host) => Promise<void>;
  /** Graceful stop, returns when the product has ended. */
  readonly stop: (host: Host) => Promise<void>;
  /** Asks the host to hand its resources over and stay up; absent where the product has no such command. */
  readonly standby?: (host: Host) => Promise<void>;
  /** Brings the address back to node1 after a standby. */
  readonly takeBack?: (lab: Lab) => Promise<void>;
  /** Returns when both nodes have seen each other and nothing is under way. */
  readonly settled: (lab: Lab) => Promise<void>;
}

export interface ContenderFactory {
  readonly name: string;
  /** Why it cannot run here, or undefined. */
  readonly unavailable: (timers: Timers) => string | undefined;
  readonly create: (lab: Lab, timers: Timers) => Contender;
}
