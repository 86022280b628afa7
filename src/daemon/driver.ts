/**
 * The driver: feeds events to the pure core and carries out what it answers, in the order given. It is the only place
 * in the daemon where the core meets time, sockets, disk and processes. It decides nothing.
 *
 * An exception anywhere in here is a broken invariant: the daemon says so and ends, the guardian releases what this
 * node holds, the peer takes over (S19).
 */
import type { ClusterEvent } from '../core/cluster-events.ts';
import type { EngineEffect, EngineEvent } from '../core/engine.ts';
import { type Engine, engineDeadline, isUrgent, stepEngine, stepTimers } from '../core/engine.ts';
import type { NodeCommand } from '../core/events.ts';
import type { FenceProof } from '../core/fencing/fencing-state.ts';
import type { UnmanagedGroup } from '../core/haresources/unmanage.ts';
import type { FailoverRecord } from '../core/journal-records.ts';
import { failure, type Problem, type Result } from '../core/result.ts';
import type { AgentHost, HostHello } from '../ports/agents.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Network } from '../ports/network.ts';
import type { Ping } from '../ports/ping.ts';

export interface DriverPorts {
  readonly clock: Clock;
  readonly network: Network;
  readonly host: AgentHost;
  readonly ping: Pick<Ping, 'ask'>;
  readonly log: Log;
  readonly records: DurableRecords;
  readonly journal: DriverJournal;
  /** First line of /proc/loadavg, for the `ld` field. */
  readonly loadAverage: () => string;
  /** For hooks and other listeners; nothing comes back from there. */
  readonly clusterEvent: (event: ClusterEvent) => void;
  /** A keepalive has gone out: the sign that the whole of this process is at work. */
  readonly keepaliveSent?: () => void;
  /** The silence after which the peer takes over is another one: the guardian counts by it. */
  readonly ownDeadtime: (deadtimeMs: number) => void;
  /** The node has left: end the process. */
  readonly exit: (code: number, keepHost: boolean) => void;
  /** An invariant is broken: end the process now and let the guardian act. */
  readonly fault: (error: unknown) => void;
}

/** Small files that decisions wait for. */
export interface DurableRecords {
  savePeerGeneration(node: string, uuid: string, generation: number): Promise<Result<void>>;
  save(name: string, content: string): Promise<Result<void>>;
  nextGeneration(): Promise<Result<number>>;
}

export interface DriverJournal {
  event(nowUs: number, event: EngineEvent): void;
  effect(nowUs: number, effect: EngineEffect): void;
  milestone(record: FailoverRecord): void;
  /** Everything was carried out and nothing is waiting: time for what may take a moment. */
  settled(nowUs: number): void;
}

export interface CommandProgress {
  /** The request was taken; `finished` tells how it went. */
  readonly accepted: Promise<Problem | undefined>;
  readonly finished: Promise<Problem | undefined>;
}

/** What earlier daemons of this boot wrote down about the groups. */
export interface LeftBehind {
  readonly stickyStopFailures: readonly string[];
  readonly takenOnSilence: readonly string[];
  readonly splitGroups: readonly string[];
  readonly stuckAtPeer: readonly string[];
  readonly unmanaged: readonly UnmanagedGroup[];
  readonly fencedPeer: FenceProof | undefined;
}

export interface Driver {
  boot(hello: HostHello, left: LeftBehind): void;
  feed(event: EngineEvent): void;
  command(command: NodeCommand, who: string): CommandProgress;
  requestStop(): void;
  close(): void;
}

/** Requests that the core has not answered for good. Beyond this many the oldest is given up. */
const requestsMax = 256;

interface WakeUp {
  readonly timeout?: NodeJS.Timeout;
  readonly immediate?: NodeJS.Immediate;
}

const turnByTurnMs = 2;
/** Node cannot wait longer than 2^31 ms. */
const bounded = (milliseconds: number): number => Math.min(Math.max(0, milliseconds), 0x7fffffff);

export function createDriver(engine: Engine, ports: DriverPorts): Driver {
  const requests = new Map<number, (effect: Extract<EngineEffect, { type: 'reply' }>) => void>();
  let nextRequestId = 1;
  let timer: WakeUp | undefined;
  let armedForUs: number | undefined;
  let closed = false;
  let stepping = false;
  const steps: (() => readonly EngineEffect[])[] = [];
  const environment = setInterval(sayEnvironment, 1000);
  environment.unref();

  /** One step at a time: what a port answers while effects are carried out waits until all of them are. */
  function take(step: () => readonly EngineEffect[]): void {
    if (closed) return;
    steps.push(step);
    if (stepping) return;
    stepping = true;
    try {
      for (let next = steps.shift(); next !== undefined && !closed; next = steps.shift()) {
        for (const effect of next()) if (!closed) carryOut(effect);
      }
      arm();
      ports.journal.settled(ports.clock.nowUs());
    } catch (error) {
      fail(error);
    } finally {
      stepping = false;
    }
  }

  /** Once: nothing is carried out any more, whatever still comes in. */
  function fail(error: unknown): void {
    if (closed) return;
    close();
    ports.fault(error);
  }

  function close(): void {
    closed = true;
    disarm();
    clearInterval(environment);
  }

  function feed(event: EngineEvent): void {
    take(() => {
      const nowUs = 'nowUs' in event.event ? event.event.nowUs : ports.clock.nowUs();
      ports.journal.event(nowUs, event);
      return stepEngine(engine, event, nowUs);
    });
  }

  function onTimer(): void {
    armedForUs = undefined;
    timer = undefined;
    take(() => stepTimers(engine, ports.clock.nowUs()));
  }

  function arm(): void {
    const deadlineUs = engineDeadline(engine);
    if (deadlineUs === armedForUs && timer !== undefined) return;
    disarm();
    armedForUs = deadlineUs;
    if (deadlineUs !== undefined && !closed) timer = wakeUpAt(deadlineUs);
  }

  /** Node's timers are up to a millisecond late by design; the last stretch before an urgent deadline goes turn by turn. */
  function wakeUpAt(deadlineUs: number): WakeUp {
    const remainingMs = (deadlineUs - ports.clock.nowUs()) / 1000;
    if (!isUrgent(engine, deadlineUs)) return { timeout: setTimeout(onTimer, bounded(Math.ceil(remainingMs))) };
    if (remainingMs >= turnByTurnMs) return { timeout: setTimeout(lookAgain, bounded(Math.floor(remainingMs) - 1)) };
    return { immediate: setImmediate(remainingMs <= 0 ? onTimer : lookAgain) };
  }

  function lookAgain(): void {
    timer = undefined;
    take(() => []);
  }

  function disarm(): void {
    clearTimeout(timer?.timeout);
    clearImmediate(timer?.immediate);
    timer = undefined;
  }

  function carryOut(effect: EngineEffect): void {
    switch (effect.type) {
      case 'transmit':
        record(effect);
        return ports.network.transmit(effect.link, effect.bytes);
      case 'fence': {
        record(effect);
        const { type: _, ...call } = effect;
        return ports.host.fence(call);
      }
      case 'probeFenceDevice': {
        record(effect);
        const { type: _, ...probe } = effect;
        return ports.host.probeFenceDevice(probe);
      }
      case 'outdate':
        record(effect);
        return ports.host.outdate({ id: effect.id, resource: effect.resource });
      case 'ping':
        return ports.ping.ask(effect.targets);
      case 'keepaliveSent':
        ports.host.beat(effect.sentUs);
        return ports.keepaliveSent?.();
      case 'ownDeadtime':
        record(effect);
        return ports.ownDeadtime(effect.deadtimeMs);
      case 'regroup':
        record(effect);
        return ports.host.reorder(effect.group, effect.resources);
      case 'operation':
        record(effect);
        return ports.host.run(effect.operation);
      case 'releaseAddresses':
        record(effect);
        return ports.host.releaseAddresses(effect.operations);
      case 'drainSockets':
        return ports.network.drain(() => {
          feed({ to: 'transport', event: { type: 'socketsDrained', nowUs: ports.clock.nowUs(), token: effect.token } });
        });
      case 'log':
        record(effect);
        return ports.log.write(effect.level, effect.message);
      case 'record':
        return ports.journal.milestone(effect.record);
      case 'clusterEvent':
        record(effect);
        return ports.clusterEvent(effect.event);
      case 'reply':
        requests.get(effect.requestId)?.(effect);
        return;
      case 'exit':
        record(effect);
        return ports.exit(effect.code, effect.keepHost);
      default:
        record(effect);
        carryOutDurably(effect).catch(fail);
    }
  }

  async function carryOutDurably(
    effect: Extract<EngineEffect, { type: 'persistPeerGeneration' | 'persist' | 'rejoin' }>,
  ): Promise<void> {
    if (effect.type === 'persistPeerGeneration') {
      const saved = await ports.records.savePeerGeneration(effect.node, effect.uuid, effect.generation);
      if (!saved.ok) ports.log.write('error', saved.problem);
      else
        feed({
          to: 'transport',
          event: { type: 'peerGenerationPersisted', nowUs: ports.clock.nowUs(), requestId: effect.requestId },
        });
      return;
    }
    if (effect.type === 'persist') {
      const saved = await ports.records.save(effect.name, effect.content);
      if (!saved.ok) ports.log.write('error', saved.problem);
      feed({
        to: 'node',
        event: { type: 'recordPersisted', nowUs: ports.clock.nowUs(), recordId: effect.recordId, ok: saved.ok },
      });
      return;
    }
    const generation = await ports.records.nextGeneration();
    if (!generation.ok) {
      ports.log.write('critical', generation.problem);
      fail(new Error(`no new generation: ${generation.problem.code}`));
      return;
    }
    const nowUs = ports.clock.nowUs();
    feed({ to: 'transport', event: { type: 'rejoin', nowUs, generation: generation.value } });
    feed({ to: 'node', event: { type: 'rejoined', nowUs: ports.clock.nowUs(), generation: generation.value } });
  }

  function record(effect: EngineEffect): void {
    ports.journal.effect(ports.clock.nowUs(), effect);
  }

  function sayEnvironment(): void {
    const wallSeconds = ports.clock.wallSeconds();
    take(() =>
      stepEngine(
        engine,
        { to: 'transport', event: { type: 'environment', wallSeconds, loadAverage: ports.loadAverage() } },
        ports.clock.nowUs(),
      ),
    );
  }

  function command(wanted: NodeCommand, who: string): CommandProgress {
    const requestId = nextRequestId++;
    if (requests.size >= requestsMax) forgetOldest();
    let accept: (problem: Problem | undefined) => void = () => {};
    let finish: (problem: Problem | undefined) => void = () => {};
    const accepted = new Promise<Problem | undefined>((resolve) => {
      accept = resolve;
    });
    const finished = new Promise<Problem | undefined>((resolve) => {
      finish = resolve;
    });
    requests.set(requestId, (reply) => {
      accept(reply.ok ? undefined : reply.problem);
      if (!reply.final) return;
      requests.delete(requestId);
      finish(reply.ok ? undefined : reply.problem);
    });
    feed({ to: 'node', event: { type: 'command', nowUs: ports.clock.nowUs(), requestId, command: wanted, who } });
    return { accepted, finished };
  }

  /** Its tool may still wait: it is told. */
  function forgetOldest(): void {
    const [oldest] = requests.keys();
    const { problem } = failure('request-forgotten', { limit: requestsMax });
    if (oldest !== undefined)
      requests.get(oldest)?.({ type: 'reply', requestId: oldest, ok: false, problem, final: true });
  }

  return {
    boot(hello, { stickyStopFailures, takenOnSilence, splitGroups, stuckAtPeer, unmanaged, fencedPeer }) {
      const nowUs = ports.clock.nowUs();
      // The first keepalive already says what this node holds: the node machine is heard before the transport starts.
      sayEnvironment();
      feed({
        to: 'node',
        event: {
          type: 'boot',
          nowUs,
          generation: engine.transport.generation,
          hello,
          stickyStopFailures,
          takenOnSilence,
          splitGroups,
          stuckAtPeer,
          unmanaged,
          ...(fencedPeer === undefined ? {} : { fencedPeer }),
        },
      });
      feed({ to: 'transport', event: { type: 'start', nowUs: ports.clock.nowUs() } });
    },
    feed,
    command,
    requestStop: () => feed({ to: 'node', event: { type: 'stopRequested', nowUs: ports.clock.nowUs() } }),
    close,
  };
}
