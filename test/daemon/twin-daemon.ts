/**
 * A daemon whose every port is an in-memory twin: the real engine, driver, records and flight recorder, on the timers
 * of the test (`vi.useFakeTimers`). Two of them on one cable are a cluster.
 */
import { createHash } from 'node:crypto';
import { vi } from 'vitest';
import type { Configuration, DatagramLink } from '../../src/core/config/configuration.ts';
import { parseConfiguration } from '../../src/core/config/parse-configuration.ts';
import type { Engine, EngineEffect } from '../../src/core/engine.ts';
import type { JournalRecord } from '../../src/core/journal-records.ts';
import type { StepSink } from '../../src/core/recording/step-writer.ts';
import { type Problem, type Result, success } from '../../src/core/result.ts';
import { createDriver, type Driver, type DriverPorts, type DurableRecords } from '../../src/daemon/driver.ts';
import { createEngine } from '../../src/daemon/engine-factory.ts';
import { createFlightRecorder, type FlightRecorder } from '../../src/daemon/flight-recorder.ts';
import type { CheckpointContent } from '../../src/io/journal/journal.ts';
import type { HostHello } from '../../src/ports/agents.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { describeLine } from '../../src/protocol/catalogue.ts';
import { type AgentHostTwin, createAgentHostTwin, type VirtualTime } from '../twins/agent-host-twin.ts';
import { type Cable, createCable, type Station } from '../twins/network-twin.ts';
import { createPingTwin } from '../twins/ping-twin.ts';

export const secret = 'known-only-to-this-pair-8d1c';
export const address = 'IPaddr::10.0.0.100/24/eth0';
export const haresources = `node1 ${address} web\nnode2 IPaddr::10.0.0.101/24/eth0\n`;

export interface Texts {
  readonly timing?: string;
  readonly haresources?: string;
  readonly authkeys?: string;
  readonly autoFailback?: string;
}

/** From the real parser: what the daemon gets. */
export function configurationOf(node: string, texts: Texts = {}): Configuration {
  const haCf = [
    texts.timing ?? 'keepalive 100ms\ndeadtime 1000ms\nwarntime 500ms\ninitdead 2000ms',
    'bcast eth0',
    `ucast eth1 10.0.1.${node === 'node1' ? 2 : 1}`,
    `auto_failback ${texts.autoFailback ?? 'off'}`,
    'node node1 node2',
  ].join('\n');
  const parsed = parseConfiguration(
    {
      haCf: `${haCf}\n`,
      haresources: texts.haresources ?? haresources,
      authkeys: texts.authkeys ?? `auth 1\n1 sha256 ${secret}\n`,
    },
    { nodeName: node, directory: '/etc/ha.d', sha256: (text) => createHash('sha256').update(text).digest('hex') },
  );
  if (parsed.configuration === undefined) throw new Error(JSON.stringify(parsed.findings));
  return parsed.configuration;
}

export function engineOf(configuration: Configuration, generation = 100): Engine {
  const uuid = (configuration.localNode === 'node1' ? '1' : '2').repeat(32);
  const engine = createEngine(configuration, {
    uuid,
    generation,
    persistedPeers: [],
    seed: 7,
    entropy: `entropy of ${configuration.localNode}`,
    wallSeconds: 1_800_000_000,
    loadAverage: '0.1',
  });
  if (!engine.ok) throw new Error(engine.problem.code);
  return engine.value;
}

export interface FollowingClock extends Clock {
  /** The code that runs takes this long. */
  spend(us: number): void;
}

/** Follows the timers of the test, and moves on a little whenever it is read, as time does while code runs. */
export function createFollowingClock(): FollowingClock {
  let lastUs = 0;
  const nowUs = (): number => {
    lastUs = Math.max(lastUs + 20, Date.now() * 1000);
    return lastUs;
  };
  return {
    nowUs,
    spend(us) {
      lastUs = nowUs() + us;
    },
    wallSeconds: () => Math.floor(Date.now() / 1000),
  };
}

/** So that deadlines which follow from a datagram are no whole milliseconds. */
const receivingUs = 300;

export const nothingHeld: HostHello = {
  hostPid: 4712,
  adopted: false,
  inventory: [],
  guardianActed: false,
  lastBeatUs: 0,
};

export interface TwinDaemon {
  readonly configuration: Configuration;
  readonly engine: Engine;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly station: Station;
  readonly agents: AgentHostTwin;
  readonly recorder: FlightRecorder;
  readonly journal: JournalRecord[];
  readonly logged: Problem[];
  readonly faults: unknown[];
  readonly exits: { readonly code: number; readonly keepHost: boolean }[];
  /** Every effect that a port was asked for, in order. */
  readonly carriedOut: EngineEffect['type'][];
  boot(): Promise<void>;
  /** The process is gone, without a word. */
  kill(): void;
  letters(): string;
}

export interface TwinOptions {
  readonly cable?: Cable;
  readonly texts?: Texts;
  readonly generation?: number;
  readonly records?: Partial<DurableRecords>;
  readonly ports?: (ports: DriverPorts) => Partial<DriverPorts>;
}

export function createTwinDaemon(node: 'node1' | 'node2', options: TwinOptions = {}): TwinDaemon {
  const configuration = configurationOf(node, options.texts);
  let generation = options.generation ?? 100;
  const engine = engineOf(configuration, generation);
  const clock = createFollowingClock();
  const station = (options.cable ?? createCable()).plugIn(
    node === 'node1' ? '10.0.1.1' : '10.0.1.2',
    configuration.links.filter((link): link is DatagramLink => link.kind !== 'serial'),
  );
  const agents = createAgentHostTwin(timersOf(clock));
  const host = agents.createHost();
  const [journal, logged, faults]: [JournalRecord[], Problem[], unknown[]] = [[], [], []];
  const exits: { readonly code: number; readonly keepHost: boolean }[] = [];
  const carriedOut: EngineEffect['type'][] = [];
  const recorder: FlightRecorder = createFlightRecorder({
    self: configuration.localNode,
    engine,
    sink: inMemory(journal, () => recorder.checkpoint()),
    describeLine,
    onFault: (problem) => faults.push(problem),
  });
  engine.witness = recorder.witness;
  const log: Log = { write: (_level, message) => void logged.push(message) };
  const saved = async (): Promise<Result<void>> => success(undefined);
  const terms = { deadtimeMs: 60_000, marginMs: 1000, realtime: false, realtimePriority: 1 };
  const ports: DriverPorts = {
    clock,
    log,
    network: station,
    host,
    ping: createPingTwin(),
    journal: recorder,
    records: {
      savePeerGeneration: saved,
      save: saved,
      nextGeneration: async () => success(++generation),
      ...options.records,
    },
    ownDeadtime: (deadtimeMs) => host.reconfigure({ terms: { ...terms, deadtimeMs } }),
    loadAverage: () => '0.2',
    clusterEvent: () => undefined,
    exit: (code, keepHost) => void exits.push({ code, keepHost }),
    fault: (error) => void faults.push(error),
  };
  const driver = createDriver(engine, noted({ ...ports, ...options.ports?.(ports) }, carriedOut));
  return {
    ...{ configuration, engine, driver, clock, station, agents, recorder, journal, logged, faults, exits, carriedOut },
    async boot() {
      await station.open({
        datagram: (link, bytes, source) => {
          clock.spend(receivingUs);
          driver.feed({ to: 'transport', event: { type: 'datagram', nowUs: clock.nowUs(), link, bytes, source } });
        },
        linkProblem: () => {},
        linkRecovered: () => {},
      });
      const hello = await host.connect(terms, {
        result: (result) =>
          driver.feed({ to: 'node', event: { type: 'operationResult', nowUs: clock.nowUs(), result } }),
        lost: (reason) => driver.feed({ to: 'node', event: { type: 'hostLost', nowUs: clock.nowUs(), reason } }),
        ready: (again) => driver.feed({ to: 'node', event: { type: 'hostReady', nowUs: clock.nowUs(), hello: again } }),
        guardianActed: (inventory) =>
          driver.feed({ to: 'node', event: { type: 'guardianActed', nowUs: clock.nowUs(), inventory } }),
      });
      driver.boot(hello, {
        stickyStopFailures: [],
        takenOnSilence: [],
        splitGroups: [],
        stuckAtPeer: [],
        unmanaged: [],
        fencedPeer: undefined,
      });
    },
    kill() {
      driver.close();
      station.close();
    },
    letters: () => engine.node.groups.map((group) => String(group.snapshot.value)).join(' '),
  };
}

/** The same ports, each call noted by the effect that asks for it. */
function noted(ports: DriverPorts, carriedOut: EngineEffect['type'][]): DriverPorts {
  const { network, host, log, records, journal } = ports;
  const note = (type: EngineEffect['type']): void => void carriedOut.push(type);
  return {
    ...ports,
    network: {
      ...network,
      transmit: (link, bytes) => {
        note('transmit');
        network.transmit(link, bytes);
      },
      drain: (done) => {
        note('drainSockets');
        network.drain(done);
      },
    },
    host: {
      ...host,
      beat: (sentUs) => {
        note('keepaliveSent');
        host.beat(sentUs);
      },
      run: (operation) => {
        note('operation');
        host.run(operation);
      },
      releaseAddresses: (operations) => {
        note('releaseAddresses');
        host.releaseAddresses(operations);
      },
    },
    log: {
      write: (level, message) => {
        note('log');
        log.write(level, message);
      },
    },
    records: {
      savePeerGeneration: (...record) => {
        note('persistPeerGeneration');
        return records.savePeerGeneration(...record);
      },
      save: (...record) => {
        note('persist');
        return records.save(...record);
      },
      nextGeneration: () => {
        note('rejoin');
        return records.nextGeneration();
      },
    },
    journal: {
      event: (nowUs, event) => journal.event(nowUs, event),
      effect: (nowUs, effect) => journal.effect(nowUs, effect),
      milestone: (record) => {
        note('record');
        journal.milestone(record);
      },
      settled: (nowUs) => journal.settled(nowUs),
    },
    clusterEvent: (event) => {
      note('clusterEvent');
      ports.clusterEvent(event);
    },
    exit: (code, keepHost) => {
      note('exit');
      ports.exit(code, keepHost);
    },
  };
}

/** One segment, that has begun with a checkpoint. */
function inMemory(journal: JournalRecord[], checkpoint: () => CheckpointContent): StepSink {
  let begun = false;
  return {
    append: (record) => void journal.push(structuredClone(record)),
    isSegmentDue: () => !begun,
    beginSegment() {
      begun = true;
      journal.push(structuredClone({ kind: 'checkpoint', us: 0, ...checkpoint() }));
    },
  };
}

function timersOf(clock: Clock): VirtualTime {
  return {
    nowUs: () => clock.nowUs(),
    after(delayUs, task) {
      const timer = setTimeout(task, Math.ceil(delayUs / 1000));
      return () => clearTimeout(timer);
    },
  };
}

/** Timers and the clock stand still until `pass`; a turn of the event loop takes no time at all. */
export function stopTime(): void {
  vi.useFakeTimers({
    now: 1_000_000,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  vi.stubGlobal('setImmediate', (task: () => void) => {
    const turn = { cancelled: false };
    queueMicrotask(() => void (turn.cancelled || task()));
    return turn;
  });
  vi.stubGlobal('clearImmediate', (turn: { cancelled: boolean } | undefined) => {
    if (turn !== undefined) turn.cancelled = true;
  });
}

export function letTimeGo(): void {
  vi.useRealTimers();
  vi.unstubAllGlobals();
}

export const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

export async function bootPair(
  options: { readonly node1?: TwinOptions; readonly node2?: TwinOptions; readonly texts?: Texts } = {},
): Promise<readonly [TwinDaemon, TwinDaemon]> {
  const cable = createCable();
  const texts = options.texts ?? {};
  const node1 = createTwinDaemon('node1', { cable, texts, ...options.node1 });
  const node2 = createTwinDaemon('node2', { cable, texts, ...options.node2 });
  await node1.boot();
  // So that their keepalives do not fall on the same millisecond.
  await pass(30);
  await node2.boot();
  await pass(1000);
  return [node1, node2];
}
