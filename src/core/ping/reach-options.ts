/** From the configuration to what is asked, how often, and by whom it is used. */
import type { Configuration, PingdConfiguration } from '../config/configuration.ts';
import { usPerMs } from '../types.ts';
import type { PingNodeOptions } from './ping-nodes.ts';
import type { ReachOptions } from './reach-state.ts';

export function reachOptions({ pingNodes, helpers, timing, autoFailback }: Configuration): ReachOptions {
  const pingd = helpers.filter((helper) => helper.kind === 'pingd');
  const listed = pingNodes.map(
    (node): PingNodeOptions => ({
      ...node,
      intervalUs: timing.keepaliveMs * usPerMs,
      deadUs: timing.deadpingMs * usPerMs,
      listed: true,
    }),
  );
  return {
    pingNodes: [...listed, ...pingd.flatMap(hostsOf)],
    // There is no standby to ask for in legacy mode; real ipfail ends there.
    ipfail: autoFailback !== 'legacy' && helpers.some((helper) => helper.kind === 'ipfail'),
    pingd,
  };
}

/** A host of pingd's own is dead when the last `-n` questions went unanswered. */
function hostsOf({ hosts, intervalMs, attempts }: PingdConfiguration): PingNodeOptions[] {
  return hosts.map((address) => ({
    name: address,
    kind: 'ping',
    targets: [{ address, family: address.includes(':') ? 6 : 4 }],
    intervalUs: intervalMs * usPerMs,
    deadUs: intervalMs * attempts * usPerMs,
    listed: false,
  }));
}
