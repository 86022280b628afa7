/**
 * Which receiving sockets the configured links need. The kernel hands a unicast datagram to exactly one socket and a
 * broadcast or multicast one to every matching socket, so links that share device and port are told apart like this:
 *
 *   ucast   one socket for all of them, bound to any address; the source address tells the link
 *   bcast   bound to any address; beside a ucast link it is bound to the broadcast address instead, and the ucast
 *           socket filters broadcasts out
 *   mcast   one socket per group, bound to the group
 */
import type { LinkConfiguration } from '../../core/config/configuration.ts';
import { anyAddress } from './ipv4.ts';

export interface ReceiverPlan {
  readonly device: string;
  readonly port: number;
  /** `broadcast`: that of the device, looked up when the socket is opened. */
  readonly bindTo: 'any' | 'broadcast' | { readonly group: string };
  /** Broadcasts belong to another socket of this device and port. */
  readonly refuseBroadcasts: boolean;
  /** Never empty. */
  readonly links: readonly LinkConfiguration[];
}

export function planReceivers(links: readonly LinkConfiguration[]): ReceiverPlan[] {
  const plans = new Map<string, ReceiverPlan>();
  for (const link of links) {
    const hasUcast = shares(links, link, 'ucast');
    const plan = planFor(link, hasUcast, shares(links, link, 'bcast'));
    const key = `${plan.device} ${plan.port} ${typeof plan.bindTo === 'string' ? plan.bindTo : plan.bindTo.group}`;
    const known = plans.get(key);
    plans.set(key, known === undefined ? plan : { ...known, links: [...known.links, link] });
  }
  return [...plans.values()];
}

/**
 * The link that a datagram came in on. A ucast datagram from an address that no link names (the peer has several
 * addresses) counts for the first one: it came through this device, and its MAC says who sent it.
 */
export function attribute(plan: ReceiverPlan, sourceAddress: string): LinkConfiguration {
  const bySource = plan.links.find((link) => link.kind === 'ucast' && link.peerAddress === sourceAddress);
  return bySource ?? plan.links[0]!;
}

export function bindAddress(plan: ReceiverPlan, broadcast: string | undefined): string | undefined {
  if (plan.bindTo === 'any') return anyAddress;
  return plan.bindTo === 'broadcast' ? broadcast : plan.bindTo.group;
}

function planFor(link: LinkConfiguration, hasUcast: boolean, hasBcast: boolean): ReceiverPlan {
  const common = { device: link.device, port: link.port, links: [link] };
  switch (link.kind) {
    case 'ucast':
      return { ...common, bindTo: 'any', refuseBroadcasts: hasBcast };
    case 'bcast':
      return { ...common, bindTo: hasUcast ? 'broadcast' : 'any', refuseBroadcasts: false };
    case 'mcast':
      return { ...common, bindTo: { group: link.group }, refuseBroadcasts: false };
  }
}

function shares(
  links: readonly LinkConfiguration[],
  link: LinkConfiguration,
  kind: LinkConfiguration['kind'],
): boolean {
  return links.some((other) => other.kind === kind && other.device === link.device && other.port === link.port);
}
