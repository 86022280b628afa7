/**
 * The network port over UDP: every configured bcast, mcast and ucast link, and those of IPv6. Sockets that cannot be opened, and
 * links whose device vanished or changed, are looked at again every second until they work.
 */
import { assert } from '../../core/assert.ts';
import type { DatagramLink } from '../../core/config/configuration.ts';
import { failure, type Problem, type Result, success } from '../../core/result.ts';
import type { LinkId, Microseconds } from '../../core/types.ts';
import type { LinkWarning, Network, NetworkHandlers } from '../../ports/network.ts';
import { type Libc, libc } from '../libc.ts';
import { type Device, lookUpDevice } from './device.ts';
import { createLinkHealth, type LinkHealth } from './link-health.ts';
import { allowSharing, openReceiveSocket, openSendSocket } from './open-socket.ts';
import { attribute, planReceivers, type ReceiverPlan } from './plan.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { createSender, type Sender } from './sender.ts';
import { datagramsDropped } from './socket-options.ts';

export interface NetworkOptions {
  readonly nowUs: () => Microseconds;
  /** Where to listen when that differs from the port sent to: two nodes on the loopback device of one machine. */
  readonly listenPort?: number;
  readonly retryIntervalMs?: number;
  /** Go on trying even if `open` finds that no link works: another medium may carry the keepalives meanwhile. */
  readonly keepTrying?: boolean;
  /** With which every datagram begins that is worth a look; four characters each. Absent: all are. */
  readonly starts?: readonly string[];
  readonly native?: Libc | undefined;
}

/** The sockets of one plan or one link, and what they were opened for. */
interface Opening<Opened> {
  readonly opened: Opened;
  readonly device: Device;
}

interface ReceivingEnd {
  plan: ReceiverPlan;
  opening: Opening<Receiver> | undefined;
}

interface SendingEnd {
  readonly link: DatagramLink;
  readonly health: LinkHealth;
  opening: Opening<Sender> | undefined;
}

export function createUdpNetwork(links: readonly DatagramLink[], options: NetworkOptions): Network {
  const native = 'native' in options ? options.native : libc();
  if (native === undefined) return networkWithoutNativeCalls;
  let machinery: Machinery | undefined;
  return {
    async open(handlers) {
      assert(machinery === undefined, 'a network is opened once');
      machinery = new Machinery(native, links, options, handlers);
      return machinery.open();
    },
    transmit: (link, bytes) => machinery?.transmit(link, bytes),
    drain: (done) => queueMicrotask(() => machinery?.drain(done)),
    change: (all) => machinery?.change(all.filter((link): link is DatagramLink => link.kind !== 'serial')) ?? [],
    dropped: () => machinery?.dropped() ?? 0,
    close: () => machinery?.close(),
  };
}

class Machinery {
  readonly #native: Libc;
  readonly #options: NetworkOptions;
  readonly #handlers: NetworkHandlers;
  #receiving: readonly ReceivingEnd[];
  #sending: ReadonlyMap<LinkId, SendingEnd>;
  readonly #warnings: LinkWarning[] = [];
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(native: Libc, links: readonly DatagramLink[], options: NetworkOptions, handlers: NetworkHandlers) {
    this.#native = native;
    this.#options = options;
    this.#handlers = handlers;
    this.#receiving = planReceivers(links).map((plan) => ({ plan, opening: undefined }));
    this.#sending = new Map(links.map((link) => [link.id, this.#sendingEnd(link)]));
  }

  #sendingEnd(link: DatagramLink): SendingEnd {
    return { link, health: createLinkHealth(link.id, this.#options.nowUs, this.#handlers), opening: undefined };
  }

  /** Sockets that serve as well as they are stay open; a socket that is not needed any more is closed before others open. */
  change(links: readonly DatagramLink[]): readonly LinkWarning[] {
    const receiving = planReceivers(links).map((plan): ReceivingEnd => {
      const known = this.#receiving.find((end) => sameSocket(end.plan, plan));
      if (known === undefined) return { plan, opening: undefined };
      known.plan = plan;
      return known;
    });
    const sending = links.map((link): [LinkId, SendingEnd] => {
      const known = this.#sending.get(link.id);
      return [link.id, known !== undefined && sameLink(known.link, link) ? known : this.#sendingEnd(link)];
    });
    for (const end of this.#receiving) if (!receiving.includes(end)) closeEnd(end);
    const kept = new Map(sending);
    for (const end of this.#sending.values()) if (kept.get(end.link.id) !== end) closeEnd(end);
    this.#receiving = receiving;
    this.#sending = kept;
    if (this.#openWhatIsNot().size > 0) this.#retryLater();
    return this.#warnings.splice(0);
  }

  open(): Result<readonly LinkWarning[]> {
    const problems = this.#openWhatIsNot();
    const openLinks = this.#sending.size - problems.size;
    if (openLinks === 0) {
      if (this.#options.keepTrying === true) this.#retryLater();
      else this.close();
      const [first] = problems.values();
      return failure('no-link-opens', {
        links: this.#sending.size,
        first: first?.code ?? 'none configured',
        ...first?.fields,
      });
    }
    if (problems.size > 0) this.#retryLater();
    return success(this.#warnings.splice(0));
  }

  transmit(id: LinkId, bytes: Uint8Array): void {
    const end = this.#sending.get(id);
    assert(end !== undefined, `transmit on a link that is not configured: ${id}`);
    if (end.opening === undefined) return;
    end.health.sent(end.opening.opened.send(bytes));
    if (end.health.troubled) this.#retryLater();
  }

  drain(done: () => void): void {
    if (this.#closed) return;
    for (const end of this.#receiving) end.opening?.opened.drain();
    if (!this.#closed) done();
  }

  /** A socket that is opened anew counts from zero again. */
  dropped(): number {
    const counts = this.#receiving.map(({ opening }) =>
      opening ? datagramsDropped(this.#native, opening.opened.fd) : 0,
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    for (const end of [...this.#receiving, ...this.#sending.values()]) closeEnd(end);
  }

  /** Only while there is trouble; a device that vanishes is noticed by the next keepalive that cannot leave. */
  #retryLater(): void {
    if (this.#closed || this.#retryTimer !== undefined) return;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#closeWhatIsStale();
      const problems = this.#openWhatIsNot();
      for (const warning of this.#warnings.splice(0)) this.#handlers.linkProblem(warning.link, warning.problem);
      const troubled = [...this.#sending.values()].some((end) => end.health.troubled);
      if (problems.size > 0 || troubled) this.#retryLater();
    }, this.#options.retryIntervalMs ?? 1000);
  }

  /** A device of the same name that was made anew, or whose broadcast address changed, needs new sockets. */
  #closeWhatIsStale(): void {
    const looked = new Map<string, Result<Device>>();
    for (const end of [...this.#receiving, ...this.#sending.values()]) {
      if (end.opening === undefined) continue;
      const { name } = end.opening.device;
      const found = looked.get(name) ?? lookUpDevice(this.#native, name);
      looked.set(name, found);
      if (!found.ok || !sameDevice(found.value, end.opening.device)) closeEnd(end);
    }
  }

  /** Returns the links that do not work, with the reason. */
  #openWhatIsNot(): Map<LinkId, Problem> {
    const problems = new Map<LinkId, Problem>();
    for (const end of this.#receiving) {
      const problem = end.opening === undefined ? this.#openReceiving(end) : undefined;
      if (problem !== undefined) for (const link of end.plan.links) problems.set(link.id, problem);
    }
    for (const end of this.#sending.values()) {
      const problem = end.opening === undefined ? this.#openSending(end) : undefined;
      if (problem !== undefined) problems.set(end.link.id, problem);
      end.health.opened(problems.get(end.link.id));
    }
    return problems;
  }

  #openReceiving(end: ReceivingEnd): Problem | undefined {
    const { plan } = end;
    const device = lookUpDevice(this.#native, plan.device);
    if (!device.ok) return device.problem;
    const port = this.#options.listenPort ?? plan.port;
    const neighbours = this.#receiving.filter(
      ({ plan: other }) => other.device === plan.device && other.port === plan.port && other.family === plan.family,
    );
    for (const { opening } of neighbours) if (opening) allowSharing(this.#native, opening.opened.fd, true);
    const socket = openReceiveSocket(this.#native, plan, device.value, port, this.#options.starts);
    if (socket.ok) {
      end.opening = { opened: this.#receiver(end, socket.value), device: device.value };
      this.#warn(plan.links, socket.value.warnings);
    }
    // Sockets bound to a group or to the broadcast address may be shared: the kernel gives each one a copy.
    for (const other of neighbours) {
      if (other.opening && other.plan.bindTo === 'any') allowSharing(this.#native, other.opening.opened.fd, false);
    }
    return socket.ok ? undefined : socket.problem;
  }

  #receiver(end: ReceivingEnd, socket: Parameters<typeof createReceiver>[1]): Receiver {
    return createReceiver(this.#native, socket, {
      datagram: (bytes, sourceAddress, sourcePort) => {
        if (this.#closed) return;
        const source = end.plan.family === 4 ? sourceAddress : `[${sourceAddress}]`;
        this.#handlers.datagram(attribute(end.plan, sourceAddress).id, bytes, `${source}:${sourcePort}`);
      },
      broken: (problem) => {
        closeEnd(end);
        for (const link of end.plan.links) this.#sending.get(link.id)?.health.opened(problem);
        this.#retryLater();
      },
    });
  }

  #openSending(end: SendingEnd): Problem | undefined {
    const device = lookUpDevice(this.#native, end.link.device);
    if (!device.ok) return device.problem;
    const socket = openSendSocket(this.#native, end.link, device.value);
    if (!socket.ok) return socket.problem;
    end.opening = { opened: createSender(this.#native, socket.value), device: device.value };
    this.#warn([end.link], socket.value.warnings);
    return undefined;
  }

  #warn(links: readonly DatagramLink[], problems: readonly Problem[]): void {
    for (const { id } of links) this.#warnings.push(...problems.map((problem) => ({ link: id, problem })));
  }
}

function closeEnd(end: ReceivingEnd | SendingEnd): void {
  end.opening?.opened.close();
  end.opening = undefined;
}

/** The same socket serves both plans; which link a datagram came in on is looked up for each one. */
function sameSocket(left: ReceiverPlan, right: ReceiverPlan): boolean {
  const socketOf = ({ links: _, ...socket }: ReceiverPlan): string => JSON.stringify(socket);
  return socketOf(left) === socketOf(right);
}

function sameLink(left: DatagramLink, right: DatagramLink): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function sameDevice(left: Device, right: Device): boolean {
  return left.index === right.index && left.broadcast === right.broadcast;
}

const networkWithoutNativeCalls: Network = {
  open: async () => failure('native-calls-unavailable', { needed: 'sockets bound to a device' }),
  transmit: () => {},
  drain: (done) => queueMicrotask(done),
  change: () => [],
  dropped: () => 0,
  close: () => {},
};
