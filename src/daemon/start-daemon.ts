/**
 * Makes the parts of a node from its configuration: identity, records, core, links, agent host, journal, in the order in
 * which each needs the one before. The first packet leaves only after the new generation is on disk and the host has
 * said what already runs here.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../core/config/configuration.ts';
import { type Problem, type Result, success } from '../core/result.ts';
import { packetStarts } from '../core/transport/packet.ts';
import { testAuthentication } from '../core/transport/self-test.ts';
import { type WatchdogSettings, watchdogTimeoutSeconds } from '../core/watchdog-view.ts';
import { createAgentHost } from '../io/agent-host/agent-host.ts';
import { createClock } from '../io/clock.ts';
import { createDurableFiles } from '../io/durable-file.ts';
import { nodeHashes } from '../io/hashes.ts';
import { createJournal } from '../io/journal/journal.ts';
import { readLoadAverage } from '../io/load.ts';
import { createLogger, type Logger } from '../io/logger.ts';
import { createNetwork } from '../io/network.ts';
import { nextGeneration } from '../io/node-identity.ts';
import { createPing } from '../io/ping/ping.ts';
import { describeLine } from '../protocol/catalogue.ts';
import type { Directories } from '../protocol/directories.ts';
import { controlSockets } from '../protocol/sockets.ts';
import { agentEnvironment } from './agent-environment.ts';
import { clearStaleSocket } from './control/listen.ts';
import { createEngine } from './engine-factory.ts';
import { createFlightRecorder } from './flight-recorder.ts';
import { openRecords } from './records.ts';
import { createLiveConfiguration } from './reload/live-configuration.ts';
import { RunningNode } from './running-node.ts';
import { productVersion } from './version.ts';

export interface DaemonOptions {
  readonly directories: Directories;
  readonly configuration: Configuration;
  /** Warnings of the configuration, for the log. */
  readonly warnings: readonly Problem[];
}

/** Resolves once the node is up; the process then lives until it is stopped. */
export async function startDaemon(options: DaemonOptions): Promise<Result<void>> {
  const { directories } = options;
  const live = createLiveConfiguration(options.configuration);
  const { configuration } = live;
  mkdirSync(directories.runDir, { recursive: true, mode: 0o755 });
  mkdirSync(directories.stateDir, { recursive: true, mode: 0o755 });
  // Before anything of a running daemon is touched: its generation, its ports, its agent host.
  const free = await findRunningDaemon(directories.runDir);
  if (!free.ok) return free;
  const clock = createClock();
  const log = createLogger({ configuration: configuration.logging, words: describeLine, identifier: 'heartbeat' });
  for (const warning of options.warnings) log.write('warning', warning);
  const proven = testAuthentication(configuration.authentication, nodeHashes);
  if (!proven.ok) return refuse(log, proven.problem);
  const numbering = { wallSeconds: () => clock.wallSeconds(), fromClock: configuration.generationFromClock };
  const identity = await nextGeneration(directories.stateDir, {
    ...numbering,
    onDamage: (problem) => log.write('error', problem),
  });
  if (!identity.ok) return refuse(log, identity.problem);
  const disk = createDurableFiles(directories.stateDir, { onDamage: (problem) => log.write('error', problem) });
  const records = await openRecords(disk, async () => {
    const next = await nextGeneration(directories.stateDir, numbering);
    return next.ok ? success(next.value.generation) : next;
  });
  if (!records.ok) return refuse(log, records.problem);
  const engine = createEngine(configuration, {
    uuid: identity.value.uuid,
    generation: identity.value.generation,
    persistedPeers: records.value.persistedPeers,
    seed: randomBytes(4).readUInt32LE(),
    entropy: randomBytes(32).toString('hex'),
    wallSeconds: clock.wallSeconds(),
    loadAverage: readLoadAverage(),
  });
  if (!engine.ok) return refuse(log, engine.problem);
  const network = createNetwork(configuration.links, { nowUs: () => clock.nowUs(), starts: packetStarts });
  const host = createAgentHost({
    runDir: directories.runDir,
    haDir: directories.haDir,
    stateDir: directories.stateDir,
    environment: agentEnvironment(configuration),
    log,
    conflictCheck: configuration.tuning.conflictCheck,
    stopTimeoutMs: configuration.tuning.stopTimeoutMs,
    fenceDevices: configuration.fencing?.devices ?? [],
    ...watchdogSettings(configuration),
  });
  const journal = createJournal({
    directory: join(directories.stateDir, 'journal'),
    maxBytes: configuration.tuning.journalMaxBytes,
    segments: configuration.tuning.journalSegments,
    nowUs: () => clock.nowUs(),
    wallSeconds: () => clock.wallSeconds(),
    version: productVersion,
    onProblem: (problem) => log.write('warning', problem),
  });
  const recorder = createFlightRecorder({
    self: configuration.localNode,
    engine: engine.value,
    sink: journal,
    describeLine,
    onFault: (problem) => log.write('error', problem),
  });
  journal.checkpoint(() => recorder.checkpoint());
  journal.beforeFlush(() => recorder.flush());
  engine.value.witness = recorder.witness;
  const node = new RunningNode({
    ...options,
    configuration,
    live,
    clock,
    log,
    network,
    host,
    ping: createPing(),
    records: records.value,
    engine: engine.value,
    journal,
    recorder,
  });
  const up = await node.bringUp();
  return up.ok ? up : refuse(log, up.problem);
}

/** A pid file may be missing; the socket that every tool uses is answered by a daemon that lives. */
function findRunningDaemon(runDir: string): Promise<Result<void>> {
  return clearStaleSocket(join(runDir, controlSockets.read.name));
}

function watchdogSettings({ watchdog, timing }: Configuration): { watchdog?: WatchdogSettings } {
  if (watchdog === undefined) return {};
  const { deadtimeMs, keepaliveMs } = timing;
  return { watchdog: { device: watchdog, timeoutSeconds: watchdogTimeoutSeconds(deadtimeMs), keepaliveMs } };
}

function refuse(log: Logger, problem: Problem): Result<void> {
  log.write('critical', problem);
  log.flushSync();
  return { ok: false, problem };
}
