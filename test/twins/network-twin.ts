/**
 * The network port in memory: a cable that several stations plug into. Who receives what follows the same plan as the
 * real adapter (src/io/udp/plan.ts). Datagrams wait in a queue per station, as in a socket, until the event loop turns
 * or the station drains.
 */
import { assert } from '../../src/core/assert.ts';
import type { DatagramLink } from '../../src/core/config/configuration.ts';
import { success } from '../../src/core/result.ts';
import type { LinkId } from '../../src/core/types.ts';
import { attribute, planReceivers, type ReceiverPlan } from '../../src/io/udp/plan.ts';
import type { Network, NetworkHandlers } from '../../src/ports/network.ts';

/** What fits into one UDP datagram over IPv4. */
const datagramLimitBytes = 65_507;

export interface Cable {
  /** `address`: of every device of this station. */
  plugIn(address: string, links: readonly DatagramLink[], listenPort?: number): Station;
}

export interface Station extends Network {
  /** From now on sending on the link fails with this error; `undefined` mends it. */
  failSending(link: LinkId, error: string | undefined): void;
}

interface Socket {
  readonly plan: ReceiverPlan;
  readonly address: string;
  readonly port: number;
  receive(bytes: Uint8Array, sourceAddress: string): void;
}

export function createCable(): Cable {
  const sockets = new Set<Socket>();
  return {
    plugIn: (address, links, listenPort) => createStation(sockets, address, links, listenPort),
  };
}

function createStation(
  sockets: Set<Socket>,
  address: string,
  links: readonly DatagramLink[],
  listenPort: number | undefined,
): Station {
  const queue: (() => void)[] = [];
  const own: Socket[] = [];
  const failures = new Map<LinkId, string>();
  const troubled = new Set<LinkId>();
  let handlers: NetworkHandlers | undefined;

  const deliverAll = (): void => {
    for (let deliver = queue.shift(); deliver !== undefined; deliver = queue.shift()) deliver();
  };
  const openSocket = (plan: ReceiverPlan): void => {
    const receive = (bytes: Uint8Array, source: string): void => {
      queue.push(() => handlers?.datagram(attribute(plan, source).id, bytes, `${source}:50000`));
      setImmediate(deliverAll);
    };
    own.push({ plan, address, port: listenPort ?? plan.port, receive });
  };
  const report = (link: LinkId, error: string | undefined): void => {
    if (error !== undefined && !troubled.has(link)) {
      troubled.add(link);
      handlers?.linkProblem(link, { code: 'link-send-failed', fields: { link, error, lost: 1 } });
    } else if (error === undefined && troubled.delete(link)) handlers?.linkRecovered(link);
  };

  return {
    async open(given) {
      handlers = given;
      planReceivers(links).forEach(openSocket);
      for (const socket of own) sockets.add(socket);
      return success([]);
    },
    change: () => [],
    transmit(id, bytes) {
      const link = links.find((candidate) => candidate.id === id);
      assert(link !== undefined, `transmit on a link that is not configured: ${id}`);
      const error = failures.get(id) ?? (bytes.length > datagramLimitBytes ? 'EMSGSIZE' : undefined);
      report(id, error);
      if (error !== undefined) return;
      for (const socket of sockets) if (reaches(link, socket)) socket.receive(bytes.slice(), address);
    },
    drain(done) {
      queueMicrotask(() => {
        if (handlers === undefined) return;
        deliverAll();
        done();
      });
    },
    close() {
      handlers = undefined;
      for (const socket of own) sockets.delete(socket);
    },
    failSending(link, error) {
      if (error === undefined) failures.delete(link);
      else failures.set(link, error);
    },
  };
}

function reaches(link: DatagramLink, socket: Socket): boolean {
  const { plan } = socket;
  if (plan.device !== link.device || socket.port !== link.port) return false;
  switch (link.kind) {
    case 'ucast':
    case 'ucast6':
      return plan.bindTo === 'any' && socket.address === link.peerAddress;
    case 'bcast':
      return plan.bindTo === 'broadcast' || (plan.bindTo === 'any' && !plan.refuseBroadcasts);
    case 'mcast':
    case 'mcast6':
      return typeof plan.bindTo !== 'string' && plan.bindTo.group === link.group;
  }
}
