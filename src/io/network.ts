/** The network port over everything that ha.cf can name: UDP links and serial lines behind one face. */
import type { DatagramLink, LinkConfiguration, SerialLink } from '../core/config/configuration.ts';
import { failure, success } from '../core/result.ts';
import type { LinkId } from '../core/types.ts';
import type { Network } from '../ports/network.ts';
import { createSerialNetwork } from './serial/network.ts';
import { createUdpNetwork, type NetworkOptions } from './udp/network.ts';

export function createNetwork(links: readonly LinkConfiguration[], options: NetworkOptions): Network {
  const serial = links.filter((link): link is SerialLink => link.kind === 'serial');
  const datagram = links.filter((link): link is DatagramLink => link.kind !== 'serial');
  if (serial.length === 0) return createUdpNetwork(datagram, options);
  if (datagram.length === 0) return createSerialNetwork(serial, options);
  const both = { ...options, keepTrying: true };
  return together(createUdpNetwork(datagram, both), createSerialNetwork(serial, both), serial, links.length);
}

function together(sockets: Network, lines: Network, serial: readonly SerialLink[], linkCount: number): Network {
  const serialIds = new Set<LinkId>(serial.map(({ id }) => id));
  const close = (): void => {
    sockets.close();
    lines.close();
  };
  return {
    /** Opens if either does; the other goes on trying. */
    async open(handlers) {
      const [first, second] = [await sockets.open(handlers), await lines.open(handlers)];
      if (first.ok || second.ok) return success([...(first.ok ? first.value : []), ...(second.ok ? second.value : [])]);
      close();
      return failure('no-link-opens', { ...first.problem.fields, links: linkCount });
    },
    transmit: (link, bytes) => (serialIds.has(link) ? lines : sockets).transmit(link, bytes),
    drain: (done) => sockets.drain(() => lines.drain(done)),
    change: (links) => sockets.change(links),
    dropped: () => sockets.dropped?.() ?? 0,
    close,
  };
}
