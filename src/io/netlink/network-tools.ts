/**
 * The network as agents see it: netlink and raw sockets where the platform allows, else the commands `ip` and `arping`.
 */
import type { NetworkTools } from '../../../resource-agents/context.ts';
import { libc } from '../libc.ts';
import { openPacketSockets, type PacketSockets } from '../raw-socket/packet-socket.ts';
import { createCommandTools } from './command-tools.ts';
import { openRouteSocket, type RouteSocket } from './route-socket.ts';

/** False: every call is a command and a fork, so nothing is worth rehearsing. */
export function nativeNetwork(): boolean {
  return libc() !== undefined;
}

export function createNetworkTools(): NetworkTools {
  const system = libc();
  if (system === undefined) return createCommandTools();
  const routes = openRouteSocket(system);
  if (!routes.ok) return createCommandTools();
  const packets = openPacketSockets(system);
  const commands = createCommandTools();
  return packets.ok
    ? nativeTools(routes.value, packets.value)
    : { ...nativeTools(routes.value, undefined), announce: commands.announce };
}

function nativeTools(routes: RouteSocket, packets: PacketSockets | undefined): NetworkTools {
  return {
    links: () => routes.links(),
    addresses: () => routes.addresses(),
    routes: (family) => routes.routes(family),
    addAddress: (address) => routes.addAddress(address),
    deleteAddress: (address) => routes.deleteAddress(address),
    setLinkUp: (link) => routes.setLinkUp(link.index),
    announce: (link, family, address) => packets?.announce(link, family, address) ?? { ok: true, value: undefined },
    probe(link, family, address) {
      const links = routes.links();
      const own = links.ok ? links.value.map((other) => other.hardware) : [link.hardware];
      return packets?.probe(link, family, address, own);
    },
  };
}
