/**
 * The ping port in memory: a world of addresses that answer or do not. An answer comes with a later turn of the event
 * loop, or when the test says so.
 */
import type { PingTarget } from '../../src/core/config/configuration.ts';
import type { Ping, PingHandlers } from '../../src/ports/ping.ts';

export interface PingTwin extends Ping {
  /** Addresses that answer. */
  readonly reachable: Set<string>;
  /** Every address asked, in order. */
  readonly asked: string[];
}

export function createPingTwin(reachable: Iterable<string> = []): PingTwin {
  const answering = new Set(reachable);
  const asked: string[] = [];
  let handlers: PingHandlers | undefined;
  let closed = false;
  return {
    reachable: answering,
    asked,
    open(_targets, given) {
      handlers = given;
      return [];
    },
    ask(targets: readonly PingTarget[]) {
      for (const { address } of targets) {
        asked.push(address);
        if (!answering.has(address)) continue;
        setImmediate(() => {
          if (!closed) handlers?.answered(address);
        });
      }
    },
    close() {
      closed = true;
    },
  };
}
