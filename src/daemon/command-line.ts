/**
 * `heartbeat`, the command: what init scripts, systemd and administrators call. Everything but the daemon itself is
 * done here, with the texts and LSB exit codes that scripts written for Heartbeat test for.
 */
import { hostname } from 'node:os';
import type { Configuration } from '../core/config/configuration.ts';
import { effectiveValuesText } from '../core/config/values-text.ts';
import type { Problem, Result } from '../core/result.ts';
import { describe, describeLine } from '../protocol/catalogue.ts';
import type { Directories } from '../protocol/directories.ts';
import { lsb, lsbStatus } from '../protocol/exit-codes.ts';
import { reloadText } from '../protocol/reload-text.ts';
import type { ReloadReport } from '../protocol/schemas.ts';
import type { StatusReport } from '../protocol/status.ts';
import { type HeartbeatOptions, heartbeatUsage, readHeartbeatOptions } from './heartbeat-options.ts';
import { findDaemon, isStillRunning, nodeNameIn } from './running-daemon.ts';

export interface Loaded {
  readonly exitCode: number;
  readonly configuration?: Configuration;
}

export interface DaemonRequests {
  status(runDir: string): Promise<Result<StatusReport>>;
  reload(runDir: string): Promise<Result<ReloadReport>>;
  restart(runDir: string): Promise<Result<unknown>>;
}

export interface HeartbeatServices {
  /** Becomes the daemon; resolves once it is up, the process then lives on. */
  startDaemon(options: HeartbeatOptions, configuration: Configuration): Promise<Result<void>>;
  /** The same command with `-f`, in a process of its own; resolves when that is up or has ended. */
  startInBackground(options: HeartbeatOptions): Promise<number>;
  /** `heartbeat -t`: every finding and what would run, on stdout; 0 or 6. */
  check(directories: Directories): Promise<number>;
  /** Reads the files and prints what is wrong with them on stderr. Without a configuration there were errors. */
  load(directories: Directories, output: 'findings' | 'errors'): Promise<Loaded>;
  /** The running daemon, for -r and -R. */
  readonly daemon: DaemonRequests;
  /** Every directive with its default and meaning, for -D. */
  readonly directives: readonly { readonly name: string; readonly default?: string; readonly summary: string }[];
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  error(text: string): void;
  kill(pid: number, signal: 'SIGTERM'): void;
  pause(milliseconds: number): Promise<void>;
}

export async function runHeartbeatCommand(argv: readonly string[], services: HeartbeatServices): Promise<number> {
  const options = readHeartbeatOptions(argv, services.environment);
  if (!options.ok) {
    services.error(`heartbeat: ${String(options.problem.fields['reason'])}\n`);
    if (options.problem.code !== 'usage') return lsb.unimplemented;
    services.error(`\n${heartbeatUsage}`);
    return lsb.invalidArgument;
  }
  switch (options.value.action) {
    case 'start':
      return start(options.value, services);
    case 'stop':
      return stop(options.value, services);
    case 'reload':
      return reload(options.value, services);
    case 'restart':
      return restart(options.value, services);
    case 'status':
      return status(options.value, services);
    case 'check':
      return services.check(options.value.directories);
    case 'effective':
      return effective(options.value, services);
    case 'defaults':
      return defaults(options.value, services);
    case 'version':
      services.out(`${services.version} (pairbeat)\n`);
      return lsb.ok;
    case 'help':
      services.out(heartbeatUsage);
      return lsb.ok;
  }
}

async function start(options: HeartbeatOptions, services: HeartbeatServices): Promise<number> {
  const daemon = findDaemon(options.directories.runDir);
  if (daemon.state === 'running') {
    services.out(`heartbeat: already running [pid ${daemon.pid}].\n`);
    return lsb.ok;
  }
  const loaded = await services.load(options.directories, 'findings');
  if (loaded.configuration === undefined) {
    services.error('heartbeat: not started: configuration error.\n');
    return loaded.exitCode;
  }
  if (!options.foreground) return services.startInBackground(options);
  const { realtime, logging } = loaded.configuration;
  const configuration = {
    ...loaded.configuration,
    realtime: { ...realtime, enabled: realtime.enabled && options.realtime },
    logging: { ...logging, debug: logging.debug + options.debug },
  };
  const started = await services.startDaemon(options, configuration);
  return started.ok ? lsb.ok : refuseStart(services, started.problem);
}

function refuseStart(services: HeartbeatServices, problem: Problem): number {
  if (problem.code === 'already-running') {
    services.out(`heartbeat: ${describeLine(problem)}\n`);
    return lsb.ok;
  }
  const { what, advice } = describe(problem);
  services.error(`heartbeat: not started: ${what}${advice === '' ? '' : `\n  -> ${advice}`}\n`);
  return isPermission(problem) ? lsb.insufficientPrivilege : lsb.error;
}

/** Whatever could not be done, the reason was that this user may not. */
function isPermission({ code, fields }: Problem): boolean {
  return code === 'port-forbidden' || ['EACCES', 'EPERM'].includes(String(fields['error'] ?? fields['reason']));
}

/** Waits for as long as the process exists: a stop that hands services over takes what their stop scripts take. */
async function stop({ directories }: HeartbeatOptions, services: HeartbeatServices): Promise<number> {
  const daemon = findDaemon(directories.runDir);
  if (daemon.state !== 'running') {
    services.out('heartbeat: already stopped.\n');
    return lsb.ok;
  }
  try {
    services.kill(daemon.pid, 'SIGTERM');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === 'ESRCH') return lsb.ok;
    services.error(`heartbeat: ${describeLine({ code: 'stop-refused', fields: { pid: daemon.pid, error: code } })}\n`);
    return code === 'EPERM' ? lsb.insufficientPrivilege : lsb.error;
  }
  services.out(`heartbeat: stopping [pid ${daemon.pid}]: resources are handed over and stopped first.\n`);
  let waitedMs = 0;
  let nextNoticeMs = 5000;
  while (isStillRunning(daemon)) {
    await services.pause(stopPollMs);
    waitedMs += stopPollMs;
    if (waitedMs < nextNoticeMs) continue;
    services.out(
      `heartbeat: still stopping after ${Math.round(waitedMs / 1000)} s ("pairbeat status" shows what it waits for).\n`,
    );
    nextNoticeMs *= 2;
  }
  services.out('heartbeat: stopped.\n');
  return lsb.ok;
}

const stopPollMs = 20;

function status({ directories }: HeartbeatOptions, services: HeartbeatServices): number {
  const daemon = findDaemon(directories.runDir);
  if (daemon.state !== 'running') {
    services.out('heartbeat is stopped. No process\n');
    return daemon.state === 'dead' ? lsbStatus.deadWithPidFile : lsbStatus.notRunning;
  }
  // First the machine's own name, then the name of the node, as 3.0.6 prints them.
  const node = nodeNameIn(directories.haDir);
  services.out(`heartbeat OK [pid ${daemon.pid} et al] is running on ${hostname()} [${node}]...\n`);
  return lsbStatus.running;
}

/** All files are checked here first, so that every error is shown with its line; the daemon checks them again. */
async function reload(options: HeartbeatOptions, services: HeartbeatServices): Promise<number> {
  const { directories } = options;
  if (findDaemon(directories.runDir).state !== 'running') return start(options, services);
  const loaded = await services.load(directories, 'findings');
  if (loaded.configuration === undefined) {
    services.error('heartbeat: not reloaded: the running daemon keeps the configuration it has.\n');
    return loaded.exitCode;
  }
  const done = await services.daemon.reload(directories.runDir);
  if (!done.ok) return refuseRequest(services, done.problem);
  services.out(reloadText(done.value));
  return lsb.ok;
}

/** Returns when the new daemon answers: it is another one when its generation is. */
async function restart(options: HeartbeatOptions, services: HeartbeatServices): Promise<number> {
  const { directories } = options;
  if (findDaemon(directories.runDir).state !== 'running') return start(options, services);
  const loaded = await services.load(directories, 'findings');
  if (loaded.configuration === undefined) {
    services.error('heartbeat: not restarted: the running daemon keeps the configuration it has.\n');
    return loaded.exitCode;
  }
  const { runDir } = directories;
  const before = await services.daemon.status(runDir);
  if (!before.ok) return refuseRequest(services, before.problem);
  const asked = await services.daemon.restart(runDir);
  if (!asked.ok) return refuseRequest(services, asked.problem);
  for (let waitedMs = 0; waitedMs < restartPatienceMs; waitedMs += restartPollMs) {
    await services.pause(restartPollMs);
    const now = await services.daemon.status(runDir);
    if (!now.ok || now.value.generation === before.value.generation) continue;
    services.out(`heartbeat: restarted (version ${now.value.product.version}); what ran here goes on running.\n`);
    return lsb.ok;
  }
  services.error('heartbeat: it was started again, and does not answer yet.\n  -> Look into its log.\n');
  return lsb.error;
}

const restartPatienceMs = 30_000;
const restartPollMs = 50;

function refuseRequest(services: HeartbeatServices, problem: Problem): number {
  const { what, meaning, advice } = describe(problem);
  for (const text of [`heartbeat: ${what}`, `  ${meaning}`, `  -> ${advice}`])
    if (!/^\s*(-> )?$/.test(text)) services.error(`${text}\n`);
  if (problem.code === 'root-rights-needed') return lsb.insufficientPrivilege;
  return problem.code === 'reload-refused' ? lsb.notConfigured : lsb.error;
}

async function effective({ directories }: HeartbeatOptions, services: HeartbeatServices): Promise<number> {
  const loaded = await services.load(directories, 'errors');
  if (loaded.configuration === undefined) return loaded.exitCode;
  services.out(effectiveValuesText(loaded.configuration));
  return lsb.ok;
}

function defaults({ wiki }: HeartbeatOptions, services: HeartbeatServices): number {
  const known = services.directives.filter((directive) => directive.default !== undefined);
  if (wiki) {
    for (const { name, default: value = '', summary } of known)
      services.out(`|| ${name} || ${value} || ${summary} ||\n`);
    return lsb.ok;
  }
  const names = Math.max(...known.map(({ name }) => name.length), 9);
  const values = Math.max(...known.map(({ default: value = '' }) => value.length), 7);
  services.out(`${'Directive'.padEnd(names)}  ${'Default'.padEnd(values)}  Description\n${'-'.repeat(80)}\n`);
  for (const { name, default: value = '', summary } of known) {
    services.out(`${name.padEnd(names)}  ${value.padEnd(values)}  ${summary}\n`);
  }
  return lsb.ok;
}
