/** What each verb of the control sockets does. Rights and arguments have been checked before anything arrives here. */

import { setTimeout as pause } from 'node:timers/promises';
import type { StandbyScope } from '../core/events.ts';
import type { Problem, Result } from '../core/result.ts';
import { failure, success } from '../core/result.ts';
import type { FenceProbeReport } from '../protocol/fence-probe.ts';
import type { LinkTestReport } from '../protocol/link-test.ts';
import type {
  CommandReport,
  ConfigurationReport,
  KeysReport,
  ReloadReport,
  TimelineReport,
} from '../protocol/schemas.ts';
import type { StatusReport } from '../protocol/status.ts';
import type { ChangeKeysOptions } from './change-keys.ts';
import type { Administration, NodeChange } from './cluster-administration.ts';
import type { RequestHandler } from './control/control-server.ts';
import type { CommandProgress, Driver } from './driver.ts';
import type { ReloadOptions } from './reload/reload.ts';

export interface ControlHandlerOptions {
  readonly driver: Driver;
  readonly administration: Administration;
  readonly status: () => StatusReport;
  readonly configuration: () => ConfigurationReport;
  readonly linkTest: (durationMs: number) => Promise<Result<LinkTestReport>>;
  readonly probeFence: () => Promise<Result<FenceProbeReport>>;
  readonly reloadKeys: (options: ChangeKeysOptions) => Promise<Result<KeysReport>>;
  /** Programs that were given up are tried again. */
  readonly retryServices?: () => void;
  readonly reload: (options: ReloadOptions) => Promise<Result<ReloadReport>>;
  readonly restart: (who: string) => Promise<Result<CommandReport>>;
  /** Asked anew for every request: a reload changes them. */
  readonly parameters: () => Readonly<Record<string, string>>;
  readonly timeline: (count: number) => TimelineReport;
  readonly nowMs: () => number;
  readonly self: string;
  readonly peer: string;
  /** Whether a helper of that name runs here. */
  readonly hasClient: (name: string) => boolean;
}

/** How often a watcher gets a new status. */
const watchIntervalMs = 500;

export function createControlHandler(options: ControlHandlerOptions): RequestHandler {
  const { driver } = options;
  return (...call) => {
    const [verb, args, caller] = call;
    switch (verb) {
      case 'status':
        return Promise.resolve(success(options.status()));
      case 'parameters':
        return Promise.resolve(success(options.parameters()));
      case 'timeline':
        return Promise.resolve(success(options.timeline((args as { count?: number }).count ?? 100)));
      case 'watch':
        return watch(options, caller.gone);
      case 'clientStatus':
        return clientStatus(options, args as ClientQuestion);
      case 'linkTest':
        return options.linkTest((args as { seconds: number }).seconds * 1000);
      case 'standby':
      case 'takeover': {
        const { scope, groups, wait } = args as { scope: StandbyScope; groups?: string[]; wait?: boolean };
        const command = { verb, scope, ...(groups === undefined ? {} : { groups }) };
        return follow(options, driver.command(command, caller.who), wait === true);
      }
      case 'setNode':
        return options.administration.setNode(args as NodeChange, caller.who).then(asReport);
      case 'addNode':
        return Promise.resolve(asReport(options.administration.addNodes((args as { nodes: string[] }).nodes)));
      case 'deleteNode':
        return Promise.resolve(
          asReport(options.administration.deleteNodes((args as { nodes: string[] }).nodes, caller.who)),
        );
      case 'outdatePeer':
        return outdatePeer(options, args as OutdateRequest, caller.who);
      case 'cleanup': {
        const { group } = args as { group?: string };
        if (group === undefined) options.retryServices?.();
        return follow(options, driver.command({ verb, ...(group === undefined ? {} : { group }) }, caller.who), true);
      }
      case 'unmanage': {
        const { group } = args as { group: string };
        const at = new Date().toISOString().slice(0, 19);
        return follow(options, driver.command({ verb, group, at: `${at}Z` }, caller.who), true);
      }
      case 'manage': {
        const { group } = args as { group: string };
        return follow(options, driver.command({ verb, group }, caller.who), true);
      }
      case 'probeFence':
        return options.probeFence();
      case 'confirmOff': {
        const { node } = args as { node: string };
        return follow(options, driver.command({ verb, node: node.toLowerCase() }, caller.who), true);
      }
      case 'acknowledgeSplit':
        return follow(options, driver.command({ verb }, caller.who), true);
      case 'configuration':
        return Promise.resolve(success(options.configuration()));
      case 'reloadKeys':
        return options.reloadKeys({ ...(args as { dryRun?: boolean; force?: boolean }), who: caller.who });
      case 'reload':
        return options.reload({ ...(args as { dryRun?: boolean }), who: caller.who });
      case 'restart':
        return options.restart(caller.who);
      case 'stop':
        driver.requestStop();
        return Promise.resolve(success<CommandReport>({ state: 'accepted' }));
    }
  };
}

async function follow(
  options: ControlHandlerOptions,
  progress: CommandProgress,
  wait: boolean,
): Promise<Result<CommandReport>> {
  const beganMs = options.nowMs();
  const refused = await progress.accepted;
  if (refused !== undefined) return fail(refused);
  if (!wait) return success({ state: 'accepted' });
  const failed = await progress.finished;
  return failed === undefined ? success({ state: 'done', durationMs: options.nowMs() - beganMs }) : fail(failed);
}

interface ClientQuestion {
  readonly node: string;
  readonly client: string;
  readonly timeoutMs?: number;
}

const clientPatienceMs = 5000;

async function clientStatus(
  { driver, self, peer, hasClient }: ControlHandlerOptions,
  { node, client, timeoutMs = clientPatienceMs }: ClientQuestion,
): Promise<Result<{ state: 'online' | 'offline' }>> {
  const name = node.toLowerCase();
  if (name === self) return success({ state: hasClient(client) ? 'online' : 'offline' });
  if (name !== peer) return failure('node-unknown', { node, nodes: `${self} ${peer}` });
  const { finished } = driver.command({ verb: 'askClient', client }, 'cl_status');
  const late = new AbortController();
  const silence = pause(timeoutMs, 'silent' as const, { signal: late.signal, ref: false }).catch(() => undefined);
  const problem = await Promise.race([finished, silence]);
  late.abort();
  if (problem === 'silent') return failure('client-unanswered', { node: name, client, timeoutMs });
  if (problem === undefined) return success({ state: 'online' });
  return problem.code === 'client-offline' ? success({ state: 'offline' }) : { ok: false, problem };
}

interface OutdateRequest {
  readonly resource: string;
  readonly peer: string;
  readonly timeoutMs: number;
}

/** DRBD names the other node by its host name, which may have a domain. */
function outdatePeer(
  options: ControlHandlerOptions,
  { resource, peer, timeoutMs }: OutdateRequest,
  who: string,
): Promise<Result<CommandReport>> {
  const name = peer.toLowerCase();
  if (name !== options.peer && name.split('.')[0] !== options.peer)
    return Promise.resolve(failure('node-unknown', { node: peer, nodes: `${options.self} ${options.peer}` }));
  return follow(options, options.driver.command({ verb: 'outdatePeer', resource, timeoutMs }, who), true);
}

const asReport = (result: Result<void>): Result<CommandReport> =>
  result.ok ? success<CommandReport>({ state: 'done' }) : result;

const fail = (problem: Problem): Result<CommandReport> => ({ ok: false, problem });

async function* watch(options: ControlHandlerOptions, gone: AbortSignal): AsyncIterable<Result<StatusReport>> {
  while (!gone.aborted) {
    yield success(options.status());
    // Rejects when the tool has gone, and leaves no listener behind.
    await pause(watchIntervalMs, undefined, { signal: gone }).catch(() => undefined);
  }
}
