/**
 * The daemon's side of the agent host: finds a living one or starts one, sends it operations, notices at once when it
 * dies and soon when it hangs, and releases addresses without it if need be. Implements the port `AgentHost`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceConfiguration } from '../../core/config/configuration.ts';
import type { FenceDevice } from '../../core/config/fencing/fence-device.ts';
import type { WatchdogSettings } from '../../core/watchdog-view.ts';
import type { AgentHost, AgentHostHandlers, GuardianTerms, HostHello, Operation } from '../../ports/agents.ts';
import type { Log } from '../../ports/log.ts';
import { createClock } from '../clock.ts';
import { createNetworkTools } from '../netlink/network-tools.ts';
import { createFenceCalls } from './fencing/fence-calls.ts';
import { createFencer, daemonMarker, reapFencing } from './fencing/fencer.ts';
import { hostFiles } from './host-files.ts';
import { builtHostEntry, killHost, launchHost, reachHost, recordedHost } from './host-launch.ts';
import { type HostLine, openHostLine } from './host-line.ts';
import type { HostSettings } from './host-messages.ts';
import { createOwnRunner } from './own-runner.ts';
import { createPending } from './pending.ts';

export interface AgentHostOptions {
  readonly runDir: string;
  readonly haDir: string;
  readonly stateDir: string;
  /** Variables for agents, with the names that the agents see (`HA_LOGFILE`, ...). */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly conflictCheck?: boolean;
  readonly initDir?: string;
  readonly ocfRoot?: string;
  readonly stopTimeoutMs?: number;
  readonly watchdog?: WatchdogSettings;
  readonly fenceDevices?: readonly FenceDevice[];
  /** The built entry of the host process. */
  readonly hostEntry?: string;
}

const launchPatienceMs = 10_000;
const reachPollMs = 5;
/** Answers of the host to a release come within a millisecond; then this process's own release counts. */
const releasePatienceMs = 50;
const relaunchFirstMs = 20;
const relaunchLongestMs = 5000;

export function createAgentHost(initial: AgentHostOptions): AgentHost {
  let options = initial;
  const files = hostFiles(options.runDir);
  const clock = createClock();
  const own = createOwnRunner({
    net: createNetworkTools(),
    nowUs: clock.nowUs,
    haDir: () => options.haDir,
    conflictCheck: () => false,
    log: (level, message) => options.log.write(level, message),
    conflict: () => undefined,
  });
  const pending = createPending(clock, (result) => connected?.handlers.result(result));
  let connected: { readonly terms: GuardianTerms; readonly handlers: AgentHostHandlers } | undefined;
  let line: HostLine | undefined;
  // Where there is no host that can: by this process. The next host leaves its attempts alone, the next daemon ends them.
  const fencesHere = createFencer({
    nowMs: () => clock.nowUs() / 1000,
    devices: () => options.fenceDevices ?? [],
    haDir: () => options.haDir,
    toolsDir: () => fenceToolsDir(options),
    secretsDir: options.runDir,
    marker: daemonMarker(files.identity),
    log: (level, message) => options.log.write(level, message),
  });
  const fences = createFenceCalls({
    line: () => (line?.fences() === true ? line : undefined),
    here: fencesHere,
    fenced: (result) => connected?.handlers.fenced?.(result),
    probed: (result) => connected?.handlers.fenceDeviceProbed?.(result),
  });
  let services: readonly ServiceConfiguration[] | undefined;
  let dismissed = false;
  /** Hooks whose end somebody waits for. */
  const hooks = new Map<number, () => void>();
  let hookNumber = 0;
  const hookEnded = (number: number): void => {
    hooks.get(number)?.();
    hooks.delete(number);
  };

  /** A host that takes the place of a lost one starts them anew. */
  const sayServices = (): void => {
    if (services !== undefined) line?.send({ type: 'services', services });
  };

  /** Reaches a host, starting one if none is there, and introduces this daemon. */
  const open = async (terms: GuardianTerms, handlers: AgentHostHandlers): Promise<HostHello> => {
    mkdirSync(options.runDir, { recursive: true });
    const until = clock.nowUs() + launchPatienceMs * 1000;
    let launchFailure: string | undefined;
    for (let launched = false; clock.nowUs() < until && launchFailure === undefined; ) {
      const socket = await reachHost(files);
      if (socket !== undefined) {
        const opened = openHostLine(socket, terms, settingsOf(options), clock, lineHandlers(handlers));
        const hello = await opened.hello;
        if (hello !== undefined && opened.isOpen()) {
          line = opened;
          return hello;
        }
        // It listens and does not answer: it hangs, or belongs to a version that speaks otherwise.
        killHost(recordedHost(files));
      } else if (!launched) {
        launched = true;
        launchHost(options.hostEntry ?? builtHostEntry, options.runDir, files, (reason) => {
          launchFailure = reason;
        });
      }
      await delay(reachPollMs);
    }
    throw new Error(`the agent host does not start: ${launchFailure ?? `see ${files.log}`}`);
  };

  /** Before this daemon has made any attempt: all that run are of one that is gone. */
  const reapForeignFencing = (): void => {
    if ((options.fenceDevices ?? []).length === 0) return;
    const processes = reapFencing(daemonMarker(files.identity));
    if (processes.length > 0)
      options.log.write('warning', { code: 'fencing-reaped', fields: { processes: processes.join(' ') } });
  };

  const lineHandlers = (handlers: AgentHostHandlers) => ({
    result: pending.answer,
    guardianActed(inventory: Parameters<AgentHostHandlers['guardianActed']>[0]) {
      handlers.guardianActed(inventory);
      line?.send({ type: 'guardianSeen' });
    },
    outdated: (id: number, exitCode: number | undefined) => handlers.outdated?.(id, exitCode),
    conflict: (conflict: Parameters<NonNullable<AgentHostHandlers['conflict']>>[0]) => handlers.conflict?.(conflict),
    watchdog: (view: Parameters<NonNullable<AgentHostHandlers['watchdog']>>[0]) => handlers.watchdog?.(view),
    services: (views: Parameters<NonNullable<AgentHostHandlers['services']>>[0]) => handlers.services?.(views),
    log: (level: Parameters<Log['write']>[0], message: Parameters<Log['write']>[1]) =>
      options.log.write(level, message),
    hookEnded,
    fenced: fences.answered,
    fenceDeviceProbed: (result: Parameters<NonNullable<AgentHostHandlers['fenceDeviceProbed']>>[0]) =>
      handlers.fenceDeviceProbed?.(result),
    closed: (reason: string, superseded: boolean) => void lost(reason, superseded, handlers),
  });

  const lost = async (reason: string, superseded: boolean, handlers: AgentHostHandlers): Promise<void> => {
    line = undefined;
    for (const number of [...hooks.keys()]) hookEnded(number);
    fences.hostLost(reason);
    if (dismissed || connected === undefined) return;
    if (superseded) {
      // The host obeys another daemon of this node now: this one must neither kill it nor take it back.
      dismissed = true;
      fencesHere.endAll();
      pending.answerAll('unknown', reason);
      return handlers.lost(reason);
    }
    // It may only hang, or be stopped: what it would do when it wakes up must not happen any more.
    killHost(recordedHost(files));
    pending.answerAll('unknown', reason);
    handlers.lost(reason);
    for (let waitMs = relaunchFirstMs; !dismissed; waitMs = Math.min(relaunchLongestMs, waitMs * 2)) {
      try {
        const hello = await open(connected.terms, handlers);
        sayServices();
        if (!dismissed) handlers.ready(hello);
        return;
      } catch (error) {
        options.log.write('error', { code: 'host-start-failed', fields: { reason: String(error) } });
        await delay(waitMs);
      }
    }
  };

  return {
    async connect(terms, handlers) {
      reapForeignFencing();
      const hello = await open(terms, handlers);
      connected = { terms, handlers };
      return hello;
    },
    run(operation) {
      pending.add(operation);
      if (line === undefined)
        setImmediate(() => pending.answerOne(operation, 'unknown', 'the agent host is being restarted'));
      else line.send({ type: 'run', operation });
    },
    releaseAddresses(operations) {
      for (const operation of operations) pending.add(operation);
      line?.send({ type: 'release', operations });
      void releaseHere(operations);
    },
    runHook(call, ended) {
      if (ended === undefined || line === undefined) {
        line?.send({ type: 'hook', call });
        if (ended !== undefined) setImmediate(ended);
        return;
      }
      hookNumber += 1;
      hooks.set(hookNumber, ended);
      line.send({ type: 'hook', call, number: hookNumber });
    },
    runServices(wanted) {
      services = wanted;
      sayServices();
    },
    retryServices() {
      line?.send({ type: 'retryServices' });
    },
    outdate(call) {
      if (line === undefined) setImmediate(() => connected?.handlers.outdated?.(call.id, undefined));
      else line.send({ type: 'outdate', call });
    },
    fence: fences.fence,
    probeFenceDevice: fences.probe,
    reconfigure({ terms, ...changes }) {
      options = { ...options, ...changes };
      if (connected === undefined) return;
      connected = { ...connected, terms: terms ?? connected.terms };
      line?.send({ type: 'terms', terms: connected.terms, settings: settingsOf(options) });
    },
    reorder(group, resources) {
      line?.send({ type: 'order', group, resources: resources.map(({ written }) => written) });
    },
    beat(sentUs) {
      line?.send({ type: 'beat', sentUs });
    },
    dismiss(keep) {
      dismissed = true;
      fencesHere.endAll();
      line?.end({ type: 'dismiss', keep });
      line = undefined;
    },
  };

  /** In this process and at once, whatever the host does; its answer only decides what is reported. */
  async function releaseHere(operations: readonly Operation[]): Promise<void> {
    const outcomes = await Promise.all(
      operations.map(async (operation) => ({ operation, ...(await own.run(operation)) })),
    );
    const startedUs = clock.nowUs();
    if (line !== undefined) await delay(releasePatienceMs);
    const unanswered = outcomes.filter(({ operation }) => pending.has(operation));
    if (unanswered.length === 0) return;
    // A host that does not answer may still have a start before it: it must not wake up and carry it out.
    if (line !== undefined) killHost(recordedHost(files));
    for (const { operation, gone: _, ...result } of unanswered) {
      const again = await own.run(operation);
      pending.answer({ id: operation.id, ...result, outcome: again.outcome, startedUs, finishedUs: clock.nowUs() });
    }
  }
}

function settingsOf(options: AgentHostOptions): HostSettings {
  return {
    haDir: options.haDir,
    initDir: options.initDir ?? '/etc/init.d',
    ocfRoot: options.ocfRoot ?? '/usr/lib/ocf',
    agentStateDir: `${options.runDir}/agents`,
    environment: options.environment,
    conflictCheck: options.conflictCheck ?? true,
    stopTimeoutMs: options.stopTimeoutMs ?? 30_000,
    ...(options.watchdog === undefined ? {} : { watchdog: options.watchdog }),
    fenceDevices: options.fenceDevices ?? [],
    fenceToolsDir: fenceToolsDir(options),
  };
}

/** /run is often mounted so that nothing can be run from it. */
const fenceToolsDir = ({ stateDir }: AgentHostOptions): string => join(stateDir, 'fencing');
