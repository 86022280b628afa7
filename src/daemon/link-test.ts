/** A test of the links beside the running pair: the transport probes, this waits and puts the result into words. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Configuration } from '../core/config/configuration.ts';
import { failure, type Result, success } from '../core/result.ts';
import { answerPatienceUs, linkTestView } from '../core/transport/link-test.ts';
import type { TransportState } from '../core/transport/state.ts';
import { transportView } from '../core/transport/view.ts';
import { usPerMs } from '../core/types.ts';
import type { LinkTestReport } from '../protocol/link-test.ts';

export interface LinkTester {
  /** Problem code `link-test-running`. */
  run(durationMs: number): Promise<Result<LinkTestReport>>;
}

export function createLinkTester(
  configuration: Configuration,
  transport: TransportState,
  begin: (durationMs: number) => void,
): LinkTester {
  let running = false;
  return {
    async run(durationMs) {
      if (running) return failure('link-test-running');
      running = true;
      try {
        begin(durationMs);
        await pause(durationMs + answerPatienceUs / usPerMs);
        return success(linkTestReport(configuration, transport));
      } finally {
        running = false;
      }
    },
  };
}

export function linkTestReport(configuration: Configuration, transport: TransportState): LinkTestReport {
  const view = linkTestView(transport);
  const { peer } = transportView(transport);
  const ms = (us: number): number => Math.round(us / 10) / 100;
  return {
    node: configuration.localNode,
    peer: peer?.node ?? '',
    product: peer?.heard === 'up' ? peer.product : 'unknown',
    durationMs: view?.durationMs ?? 0,
    keepaliveMs: configuration.timing.keepaliveMs,
    deadtimeMs: configuration.timing.deadtimeMs,
    links: (view?.links ?? []).map(({ link, reached, roundTripsUs, ...counts }) => ({
      link,
      device: configuration.links.find(({ id }) => id === link)?.device ?? '',
      ...counts,
      ...(reached === undefined ? {} : { reached }),
      ...(roundTripsUs === undefined
        ? {}
        : {
            roundTripMs: {
              least: ms(roundTripsUs.least),
              median: ms(roundTripsUs.median),
              most: ms(roundTripsUs.most),
            },
          }),
    })),
  };
}
