/** The round's handle on the outside observer (watcher-main.ts). Times are microseconds of the boot-time clock. */
import type { HoldingSpell, OverlapSpell } from './holdings.ts';
import { type JsonChild, startJsonChild } from './json-child.ts';

export type WatcherOrder =
  /** A machine has power now; `pid` is its first process as the lab sees it. */
  | { readonly do: 'attach'; readonly name: string; readonly pid: number }
  | { readonly do: 'holders' }
  | { readonly do: 'report' };

/** Resource (`address 192.168.1.100`, `service one`) to the nodes that hold it now. */
export type Holders = Readonly<Record<string, readonly string[]>>;

/** A writer that began while another one had the lock. */
export interface LockConflict {
  readonly atUs: number;
  readonly service: string;
  readonly node: string;
  /** Nodes with a writer of the service at that moment, as far as the watcher knows. */
  readonly holders: readonly string[];
}

export interface WatcherReport {
  readonly atUs: number;
  readonly overlaps: readonly OverlapSpell[];
  readonly holdings: readonly HoldingSpell[];
  readonly conflicts: readonly LockConflict[];
  /** The longest time for which the watcher itself did not run: overlaps shorter than this can hide in it. */
  readonly longestStallMs: number;
  readonly polls: number;
  readonly descriptors: number;
}

export class Watcher {
  private readonly child: JsonChild;

  private constructor(child: JsonChild) {
    this.child = child;
  }

  static async start(
    sharedDirectory: string,
    addresses: readonly string[],
    services: readonly string[],
  ): Promise<Watcher> {
    return new Watcher(await startJsonChild('watcher-main', [sharedDirectory, addresses.join(), services.join()]));
  }

  /** Answers false when the machine has lost its power again meanwhile. */
  attach(name: string, pid: number): Promise<boolean> {
    return this.child.ask<boolean>({ do: 'attach', name, pid } satisfies WatcherOrder);
  }

  holders(): Promise<Holders> {
    return this.child.ask<Holders>({ do: 'holders' } satisfies WatcherOrder);
  }

  report(): Promise<WatcherReport> {
    return this.child.ask<WatcherReport>({ do: 'report' } satisfies WatcherOrder);
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
