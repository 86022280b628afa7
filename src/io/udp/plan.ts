/**
 * Which receiving sockets the configured links need. The kernel hands a unicast datagram to exactly one socket and a
 * broadcast or multicast one to every matching socket, so links that share device and port are told apart like this:
 *
 *   ucast   one socket for all of them, bound to any address; the source address tells the link
 *   bcast   bound to any address; beside a ucast link it is bound to the broadcast address instead, and the ucast
 *           socket filters broadcasts out
 *   mcast   one socket per group, bound to the group
 *
 * ucast6 and mcast6 likewise, on sockets for IPv6 only, which share no datagram with those for IPv4.
 */
import type { DatagramLink } from '../../core/config/configuration.ts';
import { anyAddress } from './ipv4.ts';
import { anyAddress6 } from './ipv6.ts';

export interface ReceiverPlan {
  readonly family: 4 | 6;
  readonly device: string;
  readonly port: number;
  /** `broadcast`: that of the device, looked up when the socket is opened. */
  readonly bindTo: 'any' | 'broadcast' | { readonly group: string };
  /** Broadcasts belong to another socket of this device and port. */
  readonly refuseBroadcasts: boolean;
  /** Never empty. */
  readonly links: readonly DatagramLink[];
}

export function planReceivers(links: readonly DatagramLink[]): ReceiverPlan[] {
  const plans = new Map<string, ReceiverPlan>();
  for (const link of links) {
    const hasUcast = shares(links, link, 'ucast');
    const plan = planFor(link, hasUcast, shares(links, link, 'bcast'));
    const key = `${plan.family} ${plan.device} ${plan.port} ${typeof plan.bindTo === 'string' ? plan.bindTo : plan.bindTo.group}`;
    const known = plans.get(key);
    plans.set(key, known === undefined ? plan : { ...known, links: [...known.links, link] });
  }
  return [...plans.values()];
}

/**
 * The link that a datagram came in on. A ucast datagram from an address that no link names (the peer has several
 * addresses) counts for the first one: it came through this device, and its MAC says who sent it.
 */
export function attribute(plan: ReceiverPlan, sourceAddress: string): DatagramLink {
  const bySource = plan.links.find(
    (link) => (link.kind === 'ucast' || link.kind === 'ucast6') && link.peerAddress === sourceAddress,
  );
  return bySource ?? plan.links[0]!;
}

export function bindAddress(plan: ReceiverPlan, broadcast: string | undefined): string | undefined {
  if (plan.bindTo === 'any') return plan.family === 4 ? anyAddress : anyAddress6;
  return plan.bindTo === 'broadcast' ? broadcast : plan.bindTo.group;
}

function planFor(link: DatagramLink, hasUcast: boolean, hasBcast: boolean): ReceiverPlan {
  const family = familyOf(link);
  const common = { family, device: link.device, port: link.port, links: [link] };
  switch (link.kind) {
    case 'ucast':
      return { ...common, bindTo: 'any', refuseBroadcasts: hasBcast };
    case 'ucast6':
      return { ...common, bindTo: 'any', refuseBroadcasts: false };
    case 'bcast':
      return { ...common, bindTo: hasUcast ? 'broadcast' : 'any', refuseBroadcasts: false };
    case 'mcast':
    case 'mcast6':
      return { ...common, bindTo: { group: link.group }, refuseBroadcasts: false };
  }
}

export function familyOf(link: DatagramLink): 4 | 6 {
  return link.kind === 'ucast6' || link.kind === 'mcast6' ? 6 : 4;
}

function shares(links: readonly DatagramLink[], link: DatagramLink, kind: DatagramLink['kind']): boolean {
  return links.some((other) => other.kind === kind && other.device === link.device && other.port === link.port);
}
