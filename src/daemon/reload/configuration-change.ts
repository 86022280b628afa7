/**
 * What a running daemon does about its configuration: reads it again, says another deadtime, starts again with what is
 * installed now. One request after the other.
 */
import { rmSync } from 'node:fs';
import type { Configuration } from '../../core/config/configuration.ts';
import { hasErrors } from '../../core/config/findings.ts';
import { failure, type Result, success } from '../../core/result.ts';
import type { Journal } from '../../io/journal/journal.ts';
import { setNormalPriority } from '../../io/realtime.ts';
import { startAgain } from '../../io/replace-process.ts';
import type { AgentHost } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Directories } from '../../protocol/directories.ts';
import type { CommandReport, ReloadReport } from '../../protocol/schemas.ts';
import { agentEnvironment } from '../agent-environment.ts';
import type { Driver } from '../driver.ts';
import { nodeSettings, transportSettings } from '../engine-factory.ts';
import type { Hooks } from '../hooks/hooks.ts';
import { loadConfiguration } from '../load-configuration.ts';
import { type ReloadOptions, type ReloadParts, reload } from './reload.ts';
import { prepareRestart } from './restart.ts';

export interface ConfigurationChangeParts
  extends Pick<ReloadParts, 'live' | 'engine' | 'network' | 'ping' | 'log' | 'reloadKeys' | 'openPing'> {
  readonly configuration: Configuration;
  readonly directories: Directories;
  readonly clock: Clock;
  readonly host: AgentHost;
  readonly journal: Journal;
  readonly driver: Driver;
  readonly hooks: Hooks;
  readonly pidFiles: readonly string[];
  readonly fault: (error: unknown) => void;
}

export interface ConfigurationChange {
  reload(options: ReloadOptions): Promise<Result<ReloadReport>>;
  /** The configuration that holds, with another deadtime. */
  advertise(deadtimeMs: number): void;
  /** Accepted: the answer goes out, then there is another daemon. */
  restart(who: string): Promise<Result<CommandReport>>;
}

/** For the answer to reach the tool. */
const lastAnswerMs = 20;

export function createConfigurationChange(parts: ConfigurationChangeParts): ConfigurationChange {
  const { configuration, directories, clock, driver } = parts;
  let before: Promise<void> = Promise.resolve();

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = before.then(work);
    before = done.then(() => undefined, parts.fault);
    return done;
  }

  async function reloadNow(options: ReloadOptions): Promise<Result<ReloadReport>> {
    const load = (): ReturnType<typeof loadConfiguration> => loadConfiguration(directories);
    const nowUs = (): number => clock.nowUs();
    const done = await reload({ ...parts, nowUs, load, environmentOf: agentEnvironment }, options);
    if (done.ok && options.dryRun !== true) parts.hooks.reload();
    return done;
  }

  function advertise(deadtimeMs: number): void {
    const told = { ...configuration, timing: { ...configuration.timing, deadtimeMs } };
    const nowUs = clock.nowUs();
    driver.feed({ to: 'transport', event: { type: 'reconfigure', nowUs, settings: transportSettings(told) } });
    driver.feed({ to: 'node', event: { type: 'reconfigure', nowUs, settings: nodeSettings(told) } });
  }

  /** The files are checked first: a daemon that would not start with them must not end. */
  async function restartNow(who: string): Promise<Result<CommandReport>> {
    const loaded = await loadConfiguration(directories);
    const errors = loaded.findings.filter(({ severity }) => severity === 'error').length;
    if (loaded.configuration === undefined || hasErrors(loaded.findings))
      return failure('reload-refused', { who, errors });
    const ready = await prepareRestart({
      engine: parts.engine,
      configuration: () => configuration,
      advertise,
      pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    });
    if (!ready.ok) return ready;
    parts.log.write('notice', { code: 'restarting', fields: { who } });
    setTimeout(() => beginAgain(parts), lastAnswerMs);
    return success({ state: 'accepted' });
  }

  return {
    reload: (options) => inTurn(() => reloadNow(options)),
    advertise,
    restart: (who) => inTurn(() => restartNow(who)),
  };
}

/** No goodbye: to the other node this is a short silence, and the agent host knows what it holds. */
function beginAgain({ driver, host, network, journal, log, pidFiles, fault }: ConfigurationChangeParts): void {
  driver.close();
  host.dismiss(true);
  network.close();
  for (const file of pidFiles) rmSync(file, { force: true });
  journal.flushSync();
  log.flushSync();
  setNormalPriority();
  startAgain(process.argv[1] ?? '', process.argv.slice(2));
  log.write('critical', { code: 'restart-failed', fields: {} });
  fault(new Error('execve failed'));
}
