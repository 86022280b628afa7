/**
 * A node that runs: ports feed the driver, the driver feeds the core, tools are served, signals are heard, and every
 * way in which it can end is here. What it is made of is prepared by start-daemon.ts.
 */
import { join } from 'node:path';
import { hasClient } from '../core/client-questions.ts';
import { peerStatus } from '../core/cluster-events.ts';
import type { Configuration } from '../core/config/configuration.ts';
import type { Engine, EngineEvent } from '../core/engine.ts';
import type { NodeEvent } from '../core/events.ts';
import { failure, type Problem, type Result, success } from '../core/result.ts';
import { endProcess } from '../io/end-process.ts';
import { openFifo } from '../io/fifo.ts';
import type { Journal } from '../io/journal/journal.ts';
import { readLoadAverage } from '../io/load.ts';
import type { Logger } from '../io/logger.ts';
import { notifyServiceManager } from '../io/notify.ts';
import { peerCredentials } from '../io/peer-credentials.ts';
import { setRealtime } from '../io/realtime.ts';
import type { AgentHost, AgentHostHandlers, HostHello } from '../ports/agents.ts';
import type { Clock } from '../ports/clock.ts';
import type { Network } from '../ports/network.ts';
import type { Ping } from '../ports/ping.ts';
import type { Directories } from '../protocol/directories.ts';
import type { KeysReport } from '../protocol/schemas.ts';
import type { StatusReport } from '../protocol/status.ts';
import { type ChangeKeysOptions, changeKeys } from './change-keys.ts';
import { clientAccess } from './client-access.ts';
import { type Administration, createAdministration } from './cluster-administration.ts';
import { type ControlServer, createControlServer } from './control/control-server.ts';
import { createControlHandler } from './control-handler.ts';
import { tracing } from './debug-trace.ts';
import { createDriver, type Driver } from './driver.ts';
import { createFenceProber, type FenceProber } from './fence-probe.ts';
import type { FlightRecorder } from './flight-recorder.ts';
import { guardianTerms } from './guardian-terms.ts';
import { createHooks, type Hooks } from './hooks/hooks.ts';
import { createStartStop, type StartStop } from './hooks/start-stop.ts';
import { createHostCache, type HostCache } from './host-cache.ts';
import { createLinkTester } from './link-test.ts';
import { createMachineCare, type MachineCare } from './machine-care.ts';
import type { Records } from './records.ts';
import { rehearse } from './rehearsal.ts';
import { type ConfigurationChange, createConfigurationChange } from './reload/configuration-change.ts';
import type { LiveConfiguration } from './reload/live-configuration.ts';
import { pidFilesOf, removePidFiles, writePidFiles } from './running-daemon.ts';
import { createScriptMessages } from './script-messages.ts';
import { buildStatus, configurationReport } from './status-report.ts';
import { productVersion } from './version.ts';

export interface NodeParts {
  /** What is in `live`: read where it is needed, never kept in part. */
  readonly configuration: Configuration;
  readonly live: LiveConfiguration;
  readonly directories: Directories;
  readonly clock: Clock;
  readonly log: Logger;
  readonly network: Network;
  readonly host: AgentHost;
  readonly ping: Ping;
  readonly records: Records;
  readonly engine: Engine;
  readonly journal: Journal;
  readonly recorder: FlightRecorder;
}

/** EX_SOFTWARE: an invariant is broken. The service manager starts the daemon again; until then the guardian watches. */
const exitFault = 70;

export class RunningNode {
  readonly #parts: NodeParts;
  readonly #driver: Driver;
  readonly #hooks: Hooks;
  readonly #startStop: StartStop;
  readonly #hostCache: HostCache;
  readonly #administration: Administration;
  readonly #failedLinks = new Set<string>();
  readonly #pidFiles: readonly string[];
  readonly #care: MachineCare;
  readonly #fenceProber: FenceProber;
  readonly #change: ConfigurationChange;
  #control: ControlServer | undefined;
  #closeFifo = (): void => {};
  #hostPid = 0;
  #booted = false;
  #stopAsked = false;

  constructor(parts: NodeParts) {
    this.#parts = parts;
    this.#pidFiles = pidFilesOf(parts.directories.runDir);
    this.#hooks = createHooks({
      configuration: () => parts.configuration,
      host: parts.host,
      alone: () => parts.engine.node.peer.presence !== 'up',
      log: parts.log,
    });
    this.#startStop = createStartStop(parts.configuration.directory, parts.host, parts.log);
    this.#care = createMachineCare(parts);
    const { self, peer } = parts.engine.node.options;
    this.#fenceProber = createFenceProber(parts.configuration, peer, parts.host);
    this.#hostCache = createHostCache({
      stateDir: parts.directories.stateDir,
      nodes: [self, peer],
      uuidOf: (node) => (node === self ? parts.engine.node.options.uuid : parts.engine.node.peer.uuid),
      log: parts.log,
    });
    this.#driver = createDriver(parts.engine, {
      ...parts,
      journal: tracing(parts.recorder, parts.log),
      loadAverage: () => readLoadAverage(),
      ownDeadtime: (deadtimeMs) => parts.host.reconfigure({ terms: guardianTerms(parts.configuration, deadtimeMs) }),
      clusterEvent: (event) => {
        this.#hostCache.told(event);
        this.#hooks.told(event);
      },
      keepaliveSent: () => this.#care.keepaliveSent(),
      exit: (code, keepHost) => void this.#leave(code, keepHost),
      fault: (error) => this.#fault(error),
    });
    this.#change = createConfigurationChange({
      ...parts,
      driver: this.#driver,
      hooks: this.#hooks,
      pidFiles: this.#pidFiles,
      reloadKeys: (options) => this.reloadKeys(options),
      openPing: () => this.#openPing(),
      fault: (error) => this.#fault(error),
    });
    this.#administration = createAdministration({
      self,
      peer,
      peerStatus: () => peerStatus(parts.engine.node),
      hostCache: this.#hostCache,
      command: (command, who) => this.#driver.command(command, who),
      log: parts.log,
    });
  }

  /** Resolves when the node says its first word. A problem means that it will not run; nothing was said then. */
  async bringUp(): Promise<Result<void>> {
    process.on('uncaughtException', (error) => this.#fault(error));
    process.on('unhandledRejection', (error) => this.#fault(error));
    // The host is a process that takes its time to start: everything else is done meanwhile.
    const connecting = this.#connectHost();
    const opened = await this.#openLinks();
    if (!opened.ok) return this.#giveUp(opened, connecting);
    this.#openPing();
    const served = await this.#serveTools();
    if (!served.ok) return this.#giveUp(served, connecting);
    this.#control = served.value;
    const connected = await connecting;
    if (!connected.ok) return this.#giveUp(connected, connecting);
    this.#hearSignals();
    // What is heavy is done before this process may starve others: the kernel stops a real-time thread that runs for
    // most of a second, longer than a short deadtime lasts. A daemon that has to adopt in time rehearses afterwards.
    if (!connected.value.adopted) await Promise.all([this.#rehearse(0), this.#startStop.run('pre-start')]);
    this.#becomeRealtime();
    // The peer goes on counting by what it was told before a restart, until a keepalive says otherwise.
    const promisedMs = connected.value.promisedDeadtimeMs ?? 0;
    const isLonger = promisedMs > this.#parts.configuration.timing.deadtimeMs;
    if (isLonger) this.#change.advertise(promisedMs);
    this.#driver.boot(connected.value, this.#parts.records);
    if (isLonger) this.#change.advertise(this.#parts.configuration.timing.deadtimeMs);
    this.#booted = true;
    this.#hearScripts();
    if (this.#stopAsked) void this.#startStop.run('pre-stop').then(() => this.#driver.requestStop());
    // `heartbeat` in the background returns when it finds this.
    writePidFiles(this.#pidFiles, this.#parts.log);
    if (connected.value.adopted) void this.#rehearse(5);
    const { configuration } = this.#parts;
    notifyServiceManager(`READY=1\nSTATUS=${configuration.localNode} is up`);
    if (!connected.value.adopted) void this.#startStop.run('post-start', 0);
    return success(undefined);
  }

  /** Whatever goes wrong in a rehearsal must not end the play. */
  async #rehearse(pauseMs: number): Promise<void> {
    const pause = (): Promise<void> =>
      new Promise((resolve) => (pauseMs === 0 ? setImmediate(resolve) : setTimeout(resolve, pauseMs)));
    try {
      await rehearse(this.#parts.configuration, pause);
    } catch (error) {
      this.#parts.log.write('warning', { code: 'rehearsal-failed', fields: { error: String(error) } });
    }
  }

  #becomeRealtime(): void {
    const { realtime } = this.#parts.configuration;
    if (!realtime.enabled) return;
    const done = setRealtime(realtime.priority);
    if (!done.ok) this.#parts.log.write('warning', done.problem);
  }

  async #openLinks(): Promise<Result<void>> {
    const { network, clock, log } = this.#parts;
    const failed = (link: string, problem: Problem): void => {
      this.#failedLinks.add(link);
      log.write('warning', { code: problem.code, fields: { ...problem.fields, link } });
    };
    const opened = await network.open({
      datagram: (link, bytes, source) =>
        this.#driver.feed({ to: 'transport', event: { type: 'datagram', nowUs: clock.nowUs(), link, bytes, source } }),
      linkProblem: failed,
      linkRecovered: (link) => {
        this.#failedLinks.delete(link);
        log.write('notice', { code: 'link-recovered', fields: { link } });
      },
    });
    if (!opened.ok) return opened;
    for (const { link, problem } of opened.value)
      log.write('warning', { code: problem.code, fields: { ...problem.fields, link } });
    return success(undefined);
  }

  #openPing(): void {
    const { ping, clock, engine, log } = this.#parts;
    const targets = engine.node.reach.nodes.flatMap((node) => node.options.targets);
    const problems = ping.open(targets, {
      answered: (address) =>
        this.#driver.feed({ to: 'node', event: { type: 'pingAnswer', nowUs: clock.nowUs(), address } }),
      problem: (problem) => log.write('warning', problem),
    });
    for (const problem of problems) log.write('warning', problem);
  }

  /** Nothing is left that keeps this process from ending, or a host that holds nothing. */
  async #giveUp<Failed extends Result<never>>(failed: Failed, connecting: Promise<unknown>): Promise<Failed> {
    this.#driver.close();
    this.#parts.network.close();
    this.#parts.ping.close();
    await this.#control?.close();
    await connecting;
    this.#parts.host.dismiss(false);
    return failed;
  }

  async #connectHost(): Promise<Result<HostHello>> {
    const { host, clock, configuration } = this.#parts;
    const tell = (event: NodeEvent): void => this.#driver.feed({ to: 'node', event });
    const handlers: AgentHostHandlers = {
      result: (result) => tell({ type: 'operationResult', nowUs: clock.nowUs(), result }),
      lost: (reason) => tell({ type: 'hostLost', nowUs: clock.nowUs(), reason }),
      ready: (hello) => {
        this.#hostPid = hello.hostPid;
        tell({ type: 'hostReady', nowUs: clock.nowUs(), hello });
      },
      ...this.#care.handlers,
      conflict: (conflict) => tell({ type: 'addressConflict', nowUs: clock.nowUs(), conflict }),
      outdated: (id, exitCode) => tell({ type: 'outdateDone', nowUs: clock.nowUs(), id, exitCode }),
      ...this.#fenceProber.handlers(tell, clock),
      guardianActed: (inventory) => tell({ type: 'guardianActed', nowUs: clock.nowUs(), inventory }),
    };
    try {
      const hello = await host.connect(guardianTerms(configuration), handlers);
      this.#hostPid = hello.hostPid;
      return success(hello);
    } catch (error) {
      return failure('host-start-failed', { reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #serveTools(): Promise<Result<ControlServer>> {
    const { directories, configuration, log, clock, recorder, engine } = this.#parts;
    const linkTester = createLinkTester(configuration, engine.transport, (durationMs) =>
      this.#driver.feed({ to: 'transport', event: { type: 'linkTest', nowUs: clock.nowUs(), durationMs } }),
    );
    const handle = createControlHandler({
      driver: { ...this.#driver, requestStop: () => this.#stop() },
      administration: this.#administration,
      self: engine.node.options.self,
      peer: engine.node.options.peer,
      hasClient: (name) => hasClient(engine.node, name),
      retryServices: () => this.#care.retry(),
      nowMs: () => Math.round(clock.nowUs() / 1000),
      parameters: () => configuration.parameters,
      reload: (options) => this.#change.reload(options),
      restart: (who) => this.#change.restart(who),
      timeline: (count) => recorder.timeline(clock.nowUs(), count),
      status: () => this.#status(),
      configuration: () => configurationReport(this.#parts.engine.node),
      linkTest: (durationMs) => linkTester.run(durationMs),
      reloadKeys: (options) => this.reloadKeys(options),
      probeFence: () => this.#fenceProber.run(),
    });
    return createControlServer({
      runDir: directories.runDir,
      node: configuration.localNode,
      version: productVersion,
      log,
      fault: (error) => this.#fault(error),
      credentials: peerCredentials,
      access: clientAccess(configuration.clients),
      // The sockets are open a moment before the node knows what already runs here.
      handle: (...call) => (this.#booted ? handle(...call) : Promise.resolve(failure('daemon-starting'))),
    });
  }

  #hearScripts(): void {
    const { directories, log, clock } = this.#parts;
    const file = join(directories.stateDir, 'fifo');
    const messages = createScriptMessages({
      file,
      driver: this.#driver,
      administration: this.#administration,
      log,
      nowMs: () => Math.round(clock.nowUs() / 1000),
    });
    const opened = openFifo(file, {
      data: (bytes) => messages.data(bytes),
      failed: (problem) => log.write('error', problem),
    });
    if (!opened.ok) return log.write('error', opened.problem);
    this.#closeFifo = () => {
      opened.value.close();
      messages.close();
    };
  }

  /** authkeys holds as it is in the file now, or nothing has changed and the reason is logged. */
  reloadKeys(options: ChangeKeysOptions): Promise<Result<KeysReport>> {
    const { directories, engine, log } = this.#parts;
    const feed = (event: EngineEvent): void => this.#driver.feed(event);
    return changeKeys({ haDir: directories.haDir, engine, log, feed }, options);
  }

  #status(): StatusReport {
    const { engine, configuration, clock, recorder, network } = this.#parts;
    const nowUs = clock.nowUs();
    return buildStatus({
      engine,
      configuration,
      nowUs,
      version: productVersion,
      pid: process.pid,
      hostPid: this.#hostPid,
      failedLinks: this.#failedLinks,
      lastFailover: recorder.lastFailover(nowUs),
      counters: { ...this.#control?.counters(), kernelDropped: network.dropped?.() ?? 0 },
      placeOf: (node) => this.#hostCache.placeOf(node),
      care: this.#care.report(),
    });
  }

  /** SIGTERM hands over and stops; so does SIGINT, from somebody at a terminal. SIGHUP opens log files anew and reloads. */
  #hearSignals(): void {
    const { log } = this.#parts;
    process.on('SIGTERM', () => this.#stop());
    process.on('SIGINT', () => this.#stop());
    process.on('SIGHUP', () => {
      log.reopen();
      void this.#change.reload({ who: 'SIGHUP' });
    });
    process.on('SIGUSR1', () => this.#debug(1));
    process.on('SIGUSR2', () => this.#debug(-1));
    process.on('SIGALRM', () => {});
  }

  /** SIGUSR1 raises, SIGUSR2 lowers how much is logged. */
  #debug(by: 1 | -1): void {
    const { log } = this.#parts;
    log.write('notice', { code: 'debug-level', fields: { level: log.setDebugLevel(log.debugLevel() + by) } });
  }

  /** Asked to stop before it has said anything: it stops as soon as it knows what already runs here. */
  #stop(): void {
    const again = this.#stopAsked;
    this.#stopAsked = true;
    if (this.#booted && !again) void this.#startStop.run('pre-stop').then(() => this.#driver.requestStop());
  }

  /** The programs end after the resources, and keepalives go on until they have: nobody takes this node for dead. */
  async #leave(code: number, keepHost: boolean): Promise<void> {
    const { host, network } = this.#parts;
    notifyServiceManager('STOPPING=1');
    await this.#care.end();
    // The host runs it to its end, also when it is dismissed.
    void this.#startStop.run('post-stop', code);
    host.dismiss(keepHost);
    network.close();
    this.#closeFifo();
    this.#parts.ping.close();
    void Promise.resolve(this.#control?.close()).finally(() => setImmediate(() => this.#end(code)));
  }

  /** S19: no clean-up, no goodbye. The guardian knows what is held here and lets it go in time. */
  #fault(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#parts.log.write('critical', { code: 'broken-invariant', fields: { error: text } });
    this.#end(exitFault);
  }

  #end(code: number): void {
    this.#driver.close();
    removePidFiles(this.#pidFiles);
    this.#parts.journal.flushSync();
    this.#parts.log.flushSync();
    endProcess(code);
  }
}
