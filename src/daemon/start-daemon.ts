/**
 * Wires the daemon: configuration, identity, sockets, agent host, core, control sockets, signals, in the order in
 * which each needs the one before. The first packet leaves only after the new generation is on disk and the host has
 * said what already runs here.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../core/config/configuration.ts';
import type { Engine } from '../core/engine.ts';
import { guardianMarginMs } from '../core/guardian-margin.ts';
import { failure, type Problem, type Result, success } from '../core/result.ts';
import { createAgentHost } from '../io/agent-host/agent-host.ts';
import { createClock } from '../io/clock.ts';
import { createDurableFiles } from '../io/durable-file.ts';
import { createJournal, type Journal } from '../io/journal/journal.ts';
import { readLoadAverage } from '../io/load.ts';
import { createLogger, type Logger } from '../io/logger.ts';
import { nextGeneration } from '../io/node-identity.ts';
import { notifyServiceManager } from '../io/notify.ts';
import { peerCredentials } from '../io/peer-credentials.ts';
import { setRealtime } from '../io/realtime.ts';
import { createNetwork } from '../io/udp/network.ts';
import type { AgentHost } from '../ports/agents.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Network } from '../ports/network.ts';
import { describeLine } from '../protocol/catalogue.ts';
import type { Directories } from '../protocol/directories.ts';
import { checkpointOf } from './checkpoint.ts';
import { type ControlServer, createControlServer } from './control/control-server.ts';
import { createControlHandler } from './control-handler.ts';
import { createDriver, type Driver } from './driver.ts';
import { createEngine } from './engine-factory.ts';
import { createFlightRecorder, type FlightRecorder } from './flight-recorder.ts';
import { openRecords, type Records } from './records.ts';
import { rehearse } from './rehearsal.ts';
import { buildStatus } from './status-report.ts';
import { productVersion } from './version.ts';

export interface DaemonOptions {
  readonly directories: Directories;
  readonly configuration: Configuration;
  /** Warnings of the configuration, for the log. */
  readonly warnings: readonly Problem[];
}

/** Exit codes of a daemon that could not start: LSB, except that a broken invariant is EX_SOFTWARE. */
const exitFault = 70;

interface Wiring extends DaemonOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly network: Network;
  readonly host: AgentHost;
  readonly records: Records;
  readonly engine: Engine;
  readonly journal: Journal;
  readonly recorder: FlightRecorder;
}

/** Resolves once the node is up; the process then lives until it is stopped. */
export async function startDaemon(options: DaemonOptions): Promise<Result<void>> {
  const { configuration, directories } = options;
  mkdirSync(directories.runDir, { recursive: true, mode: 0o755 });
  mkdirSync(directories.stateDir, { recursive: true, mode: 0o755 });
  const clock = createClock();
  const log = createLogger({ configuration: configuration.logging, words: describeLine, identifier: 'heartbeat' });
  for (const warning of options.warnings) log.write('warning', warning);
  if (configuration.realtime.enabled) becomeRealtime(configuration, log);
  const identity = await nextGeneration(directories.stateDir, {
    wallSeconds: () => clock.wallSeconds(),
    onDamage: (problem) => log.write('error', problem),
  });
  if (!identity.ok) return refuse(log, identity.problem);
  const disk = createDurableFiles(directories.stateDir, { onDamage: (problem) => log.write('error', problem) });
  const records = await openRecords(disk, async () => {
    const next = await nextGeneration(directories.stateDir, { wallSeconds: () => clock.wallSeconds() });
    return next.ok ? success(next.value.generation) : next;
  });
  if (!records.ok) return refuse(log, records.problem);
  const engine = createEngine(configuration, {
    uuid: identity.value.uuid,
    generation: identity.value.generation,
    persistedPeers: records.value.persistedPeers,
    seed: randomBytes(4).readUInt32LE(),
    wallSeconds: clock.wallSeconds(),
    loadAverage: readLoadAverage(),
  });
  if (!engine.ok) return refuse(log, engine.problem);
  const network = createNetwork(configuration.links, { nowUs: () => clock.nowUs() });
  const host = createAgentHost({
    runDir: directories.runDir,
    haDir: directories.haDir,
    stateDir: directories.stateDir,
    environment: agentEnvironment(configuration),
    log,
    conflictCheck: configuration.tuning.conflictCheck,
    stopTimeoutMs: configuration.tuning.stopTimeoutMs,
  });
  const journal = createJournal({
    directory: join(directories.stateDir, 'journal'),
    maxBytes: configuration.tuning.journalMaxBytes,
    segments: configuration.tuning.journalSegments,
    nowUs: () => clock.nowUs(),
    wallSeconds: () => clock.wallSeconds(),
    onProblem: (problem) => log.write('warning', problem),
  });
  const running = engine.value;
  journal.checkpoint(() => checkpointOf(running));
  const recorder = createFlightRecorder({
    self: configuration.localNode,
    append: (record) => journal.append(record),
    describeLine,
  });
  return bringUp({
    ...options,
    clock,
    log,
    network,
    host,
    records: records.value,
    engine: engine.value,
    journal,
    recorder,
  });
}

async function bringUp(wiring: Wiring): Promise<Result<void>> {
  const { configuration, directories, network, host, log, clock, engine, journal, recorder } = wiring;
  let driver: Driver | undefined;
  let control: ControlServer | undefined;
  let hostPid = 0;
  const pidFile = join(directories.runDir, 'heartbeat.pid');

  const opened = await network.open({
    datagram: (link, bytes, source) =>
      driver?.feed({ to: 'transport', event: { type: 'datagram', nowUs: clock.nowUs(), link, bytes, source } }),
    linkProblem: (link, problem) => log.write('warning', { code: problem.code, fields: { ...problem.fields, link } }),
    linkRecovered: (link) => log.write('notice', { code: 'link-recovered', fields: { link } }),
  });
  if (!opened.ok) return refuse(log, opened.problem);
  for (const { link, problem } of opened.value)
    log.write('warning', { code: problem.code, fields: { ...problem.fields, link } });

  const hello = await host.connect(guardianTerms(configuration), {
    result: (result) => driver?.feed({ to: 'node', event: { type: 'operationResult', nowUs: clock.nowUs(), result } }),
    lost: (reason) => driver?.feed({ to: 'node', event: { type: 'hostLost', nowUs: clock.nowUs(), reason } }),
    ready: (again) => {
      hostPid = again.hostPid;
      driver?.feed({ to: 'node', event: { type: 'hostReady', nowUs: clock.nowUs(), hello: again } });
    },
    conflict: (conflict) =>
      driver?.feed({ to: 'node', event: { type: 'addressConflict', nowUs: clock.nowUs(), conflict } }),
    guardianActed: (inventory) =>
      driver?.feed({ to: 'node', event: { type: 'guardianActed', nowUs: clock.nowUs(), inventory } }),
  });

  hostPid = hello.hostPid;

  const end = (code: number) => {
    driver?.close();
    rmSync(pidFile, { force: true });
    journal.flushSync();
    log.flushSync();
    process.exit(code);
  };
  driver = createDriver(engine, {
    clock,
    network,
    host,
    log,
    records: wiring.records,
    journal: recorder,
    loadAverage: () => readLoadAverage(),
    exit(code, keepHost) {
      notifyServiceManager('STOPPING=1');
      host.dismiss(keepHost);
      network.close();
      void Promise.resolve(control?.close()).finally(() => setImmediate(() => end(code)));
    },
    fault(error) {
      log.write('critical', {
        code: 'broken-invariant',
        fields: {
          error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
          stack: error instanceof Error ? (error.stack ?? '') : '',
        },
      });
      end(exitFault);
    },
  });
  const fault = (error: unknown) => {
    log.write('critical', {
      code: 'broken-invariant',
      fields: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    });
    end(exitFault);
  };
  process.on('uncaughtException', fault);
  process.on('unhandledRejection', fault);

  const served = await createControlServer({
    runDir: directories.runDir,
    node: configuration.localNode,
    version: productVersion,
    log,
    fault,
    credentials: peerCredentials,
    handle: createControlHandler({
      driver,
      nowMs: () => Math.round(clock.nowUs() / 1000),
      parameters: configuration.parameters,
      timeline: (count) => recorder.timeline(clock.nowUs(), count),
      status: () =>
        buildStatus({
          engine,
          configuration,
          nowUs: clock.nowUs(),
          version: productVersion,
          pid: process.pid,
          hostPid,
          lastFailover: recorder.lastFailover(clock.nowUs()),
          counters: control?.counters() ?? {},
        }),
    }),
  });
  if (!served.ok) return refuse(log, served.problem);
  control = served.value;
  writeFileSync(pidFile, `${process.pid}\n`);
  installSignals(driver, log);
  driver.boot(hello, wiring.records);
  void rehearse(configuration, () => new Promise((resolve) => setTimeout(resolve, 1)));
  notifyServiceManager(`READY=1\nSTATUS=${configuration.localNode} is up`);
  return success(undefined);
}

/** SIGHUP opens rotated log files anew. SIGTERM hands over and stops. SIGINT as well: somebody at a terminal with `-f` means the same. */
function installSignals(driver: Driver, log: Logger): void {
  process.on('SIGTERM', () => driver.requestStop());
  process.on('SIGINT', () => driver.requestStop());
  process.on('SIGHUP', () => {
    log.reopen();
    log.write('warning', failure('reload-needs-restart').problem);
  });
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const) process.on(signal, () => {});
}

function becomeRealtime(configuration: Configuration, log: Log): void {
  const done = setRealtime(configuration.realtime.priority);
  if (!done.ok) log.write('warning', done.problem);
}

function guardianTerms(configuration: Configuration) {
  const { deadtimeMs } = configuration.timing;
  const { guardianMarginMs: configured } = configuration.tuning;
  return {
    deadtimeMs,
    marginMs: configured > 0 ? configured : guardianMarginMs(deadtimeMs),
    realtime: configuration.realtime.enabled,
    realtimePriority: configuration.realtime.priority,
  };
}

/** What scripts written for Heartbeat look for: `env` lines with the prefix HA_, and where to log. */
function agentEnvironment({ environment, logging }: Configuration): Record<string, string> {
  const variables: Record<string, string> = {
    HA_debug: String(logging.debug),
    HA_LOGFACILITY: logging.facility ?? 'none',
  };
  if (logging.logfile !== undefined) variables['HA_LOGFILE'] = logging.logfile;
  if (logging.debugfile !== undefined) variables['HA_DEBUGLOG'] = logging.debugfile;
  for (const [name, value] of Object.entries(environment)) variables[`HA_${name}`] = value;
  return variables;
}

function refuse(log: Logger, problem: Problem): Result<void> {
  log.write('critical', problem);
  log.flushSync();
  return { ok: false, problem };
}
