/**
 * The same test without a daemon: the transport by itself, on a UDP port beside that of the cluster, with the keys and
 * links of the configuration. It must run on both nodes at the same time; they find each other as two daemons would.
 * Nothing is started, nothing is written, and no running Heartbeat listens on that port.
 */
import { randomBytes } from 'node:crypto';
import type { Configuration, LinkConfiguration, Timing } from '../core/config/configuration.ts';
import type { TransportEffect } from '../core/effects.ts';
import type { TransportEvent } from '../core/events.ts';
import { failure, type Result, success } from '../core/result.ts';
import { step, transportDeadline } from '../core/transport/machine.ts';
import type { TransportState } from '../core/transport/state.ts';
import { createClock } from '../io/clock.ts';
import { createNetwork } from '../io/network.ts';
import { setRealtime } from '../io/realtime.ts';
import type { Clock } from '../ports/clock.ts';
import type { Network } from '../ports/network.ts';
import type { LinkTestReport } from '../protocol/link-test.ts';
import { createEngine } from './engine-factory.ts';
import { createLinkTester } from './link-test.ts';

export interface LinkTestAloneOptions {
  readonly durationMs: number;
  readonly port: number;
  /** How long to wait for the other node to begin. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const patientDeadtimeMs = 30_000;
const quietMs = 1500;
const longestAnswerMs = 130_000;

export async function testLinksAlone(
  configuration: Configuration,
  options: LinkTestAloneOptions,
): Promise<Result<LinkTestReport>> {
  // As the daemon would: otherwise the load of this machine would be taken for the delay of a link.
  if (configuration.realtime.enabled) setRealtime(configuration.realtime.priority);
  const links = configuration.links.map((link) => movedTo(link, options.port));
  const clock = createClock();
  const engine = createEngine(
    { ...configuration, links, timing: patient(configuration.timing) },
    {
      uuid: randomBytes(16).toString('hex'),
      generation: clock.wallSeconds(),
      persistedPeers: [],
      seed: randomBytes(4).readUInt32LE(),
      entropy: randomBytes(32).toString('hex'),
      wallSeconds: clock.wallSeconds(),
      loadAverage: '0.00 0.00 0.00 1/1 1',
    },
  );
  if (!engine.ok) return engine;
  const { transport } = engine.value;
  const loop = new TransportLoop(transport, createNetwork(links, { nowUs: () => clock.nowUs() }), clock);
  const opened = await loop.open();
  if (!opened.ok) return opened;
  try {
    const met = await loop.until(() => transport.peer?.heard === 'up', options.patienceMs, options.signal);
    if (!met) return failure('link-test-nobody', { peer: transport.peer?.name ?? '', port: options.port });
    const tester = createLinkTester(configuration, transport, (durationMs) =>
      loop.give({ type: 'linkTest', nowUs: clock.nowUs(), durationMs }),
    );
    const report = await tester.run(options.durationMs);
    await loop.untilAskedNoMore(options.signal);
    return report.ok ? success({ ...report.value, sidePort: options.port }) : report;
  } finally {
    loop.close();
  }
}

/** When this process is late, that says nothing about a link. */
function patient(timing: Timing): Timing {
  const deadtimeMs = Math.max(timing.deadtimeMs, patientDeadtimeMs);
  return { ...timing, deadtimeMs, warntimeMs: deadtimeMs, initdeadMs: deadtimeMs, deadpingMs: deadtimeMs };
}

function movedTo(link: LinkConfiguration, port: number): LinkConfiguration {
  return link.kind === 'serial' ? link : { ...link, port };
}

/** Feeds the transport and carries its effects out; there is no node machine, so what is for it is dropped. */
class TransportLoop {
  readonly #transport: TransportState;
  readonly #network: Network;
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | undefined;

  constructor(transport: TransportState, network: Network, clock: Clock) {
    this.#transport = transport;
    this.#network = network;
    this.#clock = clock;
  }

  async open(): Promise<Result<void>> {
    const opened = await this.#network.open({
      datagram: (link, bytes, source) =>
        this.give({ type: 'datagram', nowUs: this.#clock.nowUs(), link, bytes, source }),
      linkProblem: () => {},
      linkRecovered: () => {},
    });
    if (!opened.ok) return opened;
    this.give({ type: 'start', nowUs: this.#clock.nowUs() });
    return success(undefined);
  }

  give(event: TransportEvent): void {
    for (const effect of step(this.#transport, event)) this.#carryOut(effect);
    clearTimeout(this.#timer);
    const deadline = transportDeadline(this.#transport);
    if (deadline === undefined) return;
    const waitMs = Math.max(0, (deadline - this.#clock.nowUs()) / 1000);
    this.#timer = setTimeout(() => this.give({ type: 'timer', nowUs: this.#clock.nowUs() }), waitMs);
  }

  /** Whether it became so in time. */
  async until(met: () => boolean, patienceMs: number, signal: AbortSignal): Promise<boolean> {
    const endUs = this.#clock.nowUs() + patienceMs * 1000;
    while (!met() && !signal.aborted && this.#clock.nowUs() < endUs)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return met();
  }

  /** The other node may have begun later: its probes are answered until none came for a while. */
  async untilAskedNoMore(signal: AbortSignal): Promise<void> {
    const asked = (): number => {
      const links = this.#transport.peer?.probes?.links.values() ?? [];
      return [...links].reduce((sum, { got }) => sum + got, 0);
    };
    const endUs = this.#clock.nowUs() + longestAnswerMs * 1000;
    for (let before = -1; before !== asked() && this.#clock.nowUs() < endUs; ) {
      before = asked();
      if (!(await this.until(() => asked() > before, quietMs, signal))) return;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#network.close();
  }

  #carryOut(effect: TransportEffect): void {
    const nowUs = this.#clock.nowUs();
    if (effect.type === 'transmit') this.#network.transmit(effect.link, effect.bytes);
    // Later, not within the step that asked.
    if (effect.type === 'persistPeerGeneration')
      queueMicrotask(() => this.give({ type: 'peerGenerationPersisted', nowUs, requestId: effect.requestId }));
    if (effect.type === 'drainSockets')
      this.#network.drain(() => this.give({ type: 'socketsDrained', nowUs: this.#clock.nowUs(), token: effect.token }));
    // It slept: no harm here, a new life and on.
    if (effect.type === 'toNode' && effect.event.type === 'ownPause')
      queueMicrotask(() => this.give({ type: 'rejoin', nowUs, generation: this.#transport.generation + 1 }));
  }
}
