/**
 * The agent host: a process of its own that runs agents, knows what it started, and outlives the daemon as guardian.
 * It is kept small (its memory is the price of every fork) and imports little. One daemon at a time speaks to it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Problem } from '../../core/result.ts';
import type { WatchdogView } from '../../core/watchdog-view.ts';
import type { FenceProbe, InventoryEntry, Operation, OutdateCall } from '../../ports/agents.ts';
import type { LogLevel } from '../../ports/log.ts';
import { createClock } from '../clock.ts';
import { endProcess } from '../end-process.ts';
import { createNetworkTools, nativeNetwork } from '../netlink/network-tools.ts';
import { replacePlainFile } from '../plain-file.ts';
import { setRealtime } from '../realtime.ts';
import { rebootMachine } from '../reboot.ts';
import { openWatchdogDevice } from '../watchdog-device.ts';
import { agentEnvironment } from './agent-environment.ts';
import { createExecutor } from './executor.ts';
import { createFencer, daemonMarker, reapFencing } from './fencing/fencer.ts';
import { createGuardian } from './guardian.ts';
import { createHookRunner } from './hook-runner.ts';
import { watchFaults } from './host-faults.ts';
import { type HostFiles, hostFiles, takeLock } from './host-files.ts';
import { createHostLog } from './host-log.ts';
import { type FromHost, type HostSettings, hostProtocolVersion, type ToHost } from './host-messages.ts';
import { createInventory, type InventoryRecord, recordsLeftBehind } from './inventory.ts';
import { runOutdate } from './outdate.ts';
import { createOwnRunner } from './own-runner.ts';
import { processRecord } from './process-identity.ts';
import { reap } from './reaper.ts';
import { openRecordFile, readRecords } from './record-file.ts';
import { createServiceRecord } from './service-record.ts';
import { createServiceRunner } from './service-runner.ts';
import { createSessions, type Session } from './sessions.ts';
import { warmUp } from './warm-up.ts';
import { createWatchdog } from './watchdog.ts';

const lockPatienceMs = 2000;
/** A host with nothing to hold waits this long for hooks that still run. */
const lastHooksMs = 10_000;
const lockPollMs = 10;
/** What a daemon may take that starts again on purpose, as far as the watchdog is concerned. */
const bridgeSeconds = 30;
/** Between the log line of a failfast program's death and the reboot: the daemon writes it to its files meanwhile. */
const lastWordsMs = 200;

export async function runAgentHost(runDir: string): Promise<void> {
  const files = hostFiles(runDir);
  if (!(await lockWithin(files.lock, lockPatienceMs))) return;
  process.umask(0o022);
  process.chdir('/');
  const log = createHostLog(files.log);
  const before = leftBehind(files, log);
  reportReaped(log, reapFencing(files.identity));
  replacePlainFile(files.identity, JSON.stringify({ pid: process.pid, startTime: startTime() }), 0o600);
  serve(files, before, log);
}

/** The host before this one may still be dying. */
async function lockWithin(path: string, patienceMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += lockPollMs) {
    if (takeLock(path)) return true;
    await delay(lockPollMs);
  }
  return false;
}

interface LeftBehind {
  readonly entries: readonly InventoryEntry[];
  /** More may run than that. */
  readonly lost: boolean;
}

/** What the host before this one held; what it had in flight is ended first. */
function leftBehind(files: HostFiles, log: (level: LogLevel, message: Problem) => void): LeftBehind {
  const earlier = readRecords(files.inventory);
  const lost = earlier?.complete === false;
  if (lost) log('error', { code: 'host-inventory-damaged', fields: { file: files.inventory } });
  const records = recordsLeftBehind(earlier?.records ?? []);
  for (const { token, pids } of reap(records)) {
    log('warning', { code: 'operation-reaped', fields: { token, processes: pids.join(' ') } });
  }
  const entries = records.map((record: InventoryRecord) => record.entry).filter((entry) => entry !== undefined);
  return { entries, lost };
}

function serve(files: HostFiles, before: LeftBehind, writeLog: (level: LogLevel, message: Problem) => void): void {
  const clock = createClock();
  const sessions = createSessions(files.socket);
  const log = (level: LogLevel, message: Problem): void => {
    writeLog(level, message);
    sessions.current()?.send({ type: 'log', level, message });
  };
  let settings: HostSettings | undefined;
  let recordFileBroken = false;
  const recordFile = openRecordFile(files.inventory, before.entries.map(asRecord), (reason) => {
    if (!recordFileBroken) log('error', { code: 'host-inventory-unwritable', fields: { reason } });
    recordFileBroken = true;
  });
  const inventory = createInventory(recordFile, before.entries);
  const net = createNetworkTools();
  const own = createOwnRunner({
    net,
    nowUs: clock.nowUs,
    haDir: () => settings?.haDir ?? '',
    conflictCheck: () => settings?.conflictCheck ?? true,
    log,
    conflict: (conflict) => sessions.current()?.send({ type: 'conflict', conflict }),
  });
  const executor = createExecutor({
    clock,
    inventory,
    own,
    tokenPrefix: `${process.pid}.${startTime()}`,
    settings: () => settings ?? unsetSettings,
  });
  const hooks = createHookRunner(() => settings ?? unsetSettings, log);
  const watchdog = createWatchdog({
    clock,
    open: openWatchdogDevice,
    log,
    changed: (view) => sessions.current()?.send(watchdogMessage(view)),
  });
  const fencer = createFencer({
    nowMs: () => clock.nowUs() / 1000,
    devices: () => settings?.fenceDevices ?? [],
    haDir: () => settings?.haDir ?? '',
    toolsDir: () => settings?.fenceToolsDir ?? '',
    secretsDir: dirname(files.identity),
    marker: files.identity,
    log,
  });
  /** Attempts end with the daemon that wanted them, also those that it makes itself while there is no host. */
  const endFencing = (): void => {
    fencer.endAll();
    if ((settings?.fenceDevices ?? []).length > 0) reportReaped(log, reapFencing(daemonMarker(files.identity)));
  };
  const services = createServiceRunner({
    clock,
    record: createServiceRecord(files.services),
    environment: () => agentEnvironment(settings ?? unsetSettings, 'service'),
    log,
    changed: (views) => sessions.current()?.send({ type: 'services', services: views }),
    reboot: (failed) => {
      // The addresses first: whatever the reboot takes, nobody is served by half a machine.
      guardian.act();
      setTimeout(() => {
        const done = rebootMachine();
        if (done.ok) return;
        log('critical', done.problem);
        failed();
      }, lastWordsMs);
    },
  });
  /** Programs end with their host, unless a daemon comes back meanwhile. */
  const endUnless = (wanted: () => boolean): void =>
    services.stopAll(() => {
      if (wanted()) return;
      rmSync(files.socket, { force: true });
      endProcess(0);
    });
  /** The last hooks tell of the end itself; a daemon that comes back meanwhile keeps the host. */
  const endAfterHooks = (dismissedBy: Session): void => {
    void hooks.idleWithin(lastHooksMs).then(() => {
      const wanted = (): boolean => ![undefined, dismissedBy].includes(sessions.current());
      if (!wanted()) endUnless(wanted);
    });
  };
  const guardian = createGuardian({
    clock,
    inventory,
    executor,
    servesAddress: (entry) => own.serves(entry),
    stopTimeoutMs: () => settings?.stopTimeoutMs ?? unsetSettings.stopTimeoutMs,
    log,
    acted: (remaining) => sessions.current()?.send({ type: 'guardianActed', inventory: remaining }),
    couldNotLetGo: () => watchdog.condemn(),
    silent: () => fencer.endAll(),
    nothingLeft: () => endUnless(() => sessions.current() !== undefined),
    isConnected: () => sessions.current() !== undefined,
  });

  const run = (session: Session, operation: Operation): void => {
    if (operation.action === 'start') {
      guardian.startBegins();
      if (guardian.hasActed()) {
        session.refuse(operation, 'the guardian has stopped everything', clock.nowUs());
        return;
      }
    }
    executor.submit(operation, (result) => session.send({ type: 'result', result }));
  };

  const outdate = async (session: Session, call: OutdateCall): Promise<void> => {
    const exitCode = await runOutdate(call, settings ?? unsetSettings);
    session.send({ type: 'outdated', id: call.id, ...(exitCode === undefined ? {} : { exitCode }) });
  };

  const probeFenceDevice = async (session: Session, probe: FenceProbe): Promise<void> => {
    const result = await fencer.probe(probe);
    if (result !== undefined) session.send({ type: 'fenceDeviceProbed', result });
  };

  const handle = (session: Session, message: ToHost): void => {
    switch (message.type) {
      case 'hello':
        // Of a daemon that this one supersedes.
        fencer.endAll();
        settings = message.settings;
        mkdirSync(settings.agentStateDir, { recursive: true });
        if (message.terms.realtime) reportProblem(log, setRealtime(message.terms.realtimePriority));
        session.send({ type: 'hello', version: hostProtocolVersion, hello: hello(), fences: true });
        session.send({ type: 'services', services: services.views() });
        watchdog.configure(settings.watchdog);
        session.send(watchdogMessage(watchdog.view()));
        guardian.seen();
        // The peer goes on counting by the longer one before it hears otherwise: the daemon begins with it.
        if (message.terms.deadtimeMs >= guardian.promisedDeadtimeMs())
          guardian.terms(message.terms.deadtimeMs, message.terms.marginMs);
        break;
      case 'terms':
        settings = message.settings;
        guardian.terms(message.terms.deadtimeMs, message.terms.marginMs);
        break;
      case 'order':
        inventory.reorder(message.group, message.resources);
        break;
      case 'run':
        run(session, message.operation);
        break;
      case 'release':
        executor.release(message.operations, (result) => session.send({ type: 'result', result }));
        break;
      case 'hook':
        hooks.submit(message.call, () => {
          if (message.number !== undefined) session.send({ type: 'hookEnded', number: message.number });
        });
        break;
      case 'services':
        services.configure(message.services);
        break;
      case 'retryServices':
        services.retry();
        break;
      case 'outdate':
        void outdate(session, message.call);
        break;
      case 'fence':
        void fencer.fence(message.call).then((result) => session.send({ type: 'fenced', result }));
        break;
      case 'probeFenceDevice':
        void probeFenceDevice(session, message.probe);
        break;
      case 'beat':
        guardian.beat(message.sentUs);
        watchdog.progress();
        break;
      case 'ping':
        session.send({ type: 'pong', number: message.number });
        break;
      case 'guardianSeen':
        guardian.seen();
        break;
      case 'dismiss':
        fencer.endAll();
        if (message.keep) watchdog.bridge(bridgeSeconds);
        if (message.keep || !inventory.isEmpty()) break;
        watchdog.release();
        endAfterHooks(session);
    }
  };
  let spokenTo = false;
  const hello = () => {
    const adopted = spokenTo;
    spokenTo = true;
    return {
      hostPid: process.pid,
      adopted,
      inventory: inventory.entries(),
      ...(before.lost ? { inventoryLost: true } : {}),
      guardianActed: guardian.hasActed(),
      lastBeatUs: guardian.lastBeatUs(),
      promisedDeadtimeMs: guardian.promisedDeadtimeMs(),
    };
  };

  watchFaults(process, {
    log,
    letGo: guardian.act,
    patienceMs: () => settings?.stopTimeoutMs ?? unsetSettings.stopTimeoutMs,
    exit: endProcess,
  });
  process.on('SIGHUP', () => undefined);
  process.on('SIGINT', () => undefined);
  // Sent to everything when the machine goes down. With a daemon, that one decides.
  process.on('SIGTERM', () => {
    if (sessions.current() === undefined) guardian.act();
  });
  sessions.listen(handle, () => {
    endFencing();
    guardian.disconnected();
  });
  if (nativeNetwork()) void warmUp(net, clock, unsetSettings);
}

const watchdogMessage = (view: WatchdogView | undefined): FromHost => ({
  type: 'watchdog',
  ...(view === undefined ? {} : { watchdog: view }),
});

const unsetSettings: HostSettings = {
  haDir: '',
  initDir: '',
  ocfRoot: '',
  agentStateDir: '',
  environment: {},
  conflictCheck: true,
  stopTimeoutMs: 20_000,
};

function asRecord(entry: InventoryEntry): InventoryRecord {
  return { key: `${entry.group} ${entry.resource.written}`, entry };
}

function reportReaped(log: (level: LogLevel, message: Problem) => void, processes: readonly number[]): void {
  if (processes.length > 0) log('warning', { code: 'fencing-reaped', fields: { processes: processes.join(' ') } });
}

function startTime(): number {
  return processRecord(process.pid)?.startTime ?? 0;
}

function reportProblem(log: (level: LogLevel, message: Problem) => void, result: ReturnType<typeof setRealtime>): void {
  if (!result.ok) log('warning', result.problem);
}
