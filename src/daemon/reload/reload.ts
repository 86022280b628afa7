/**
 * A running daemon reads its files again: by SIGHUP, by the verb `reload`. All files are checked first, and one error
 * changes nothing. What can be taken up at once is, in an order in which no keepalive is missed: new links are opened
 * before the core hears of them, old ones are closed after.
 */

import type { Configuration } from '../../core/config/configuration.ts';
import { configurationChanges, keepsALink, withoutRestart } from '../../core/config/configuration-changes.ts';
import { hasErrors } from '../../core/config/findings.ts';
import { renderFinding } from '../../core/config/render-finding.ts';
import type { Engine } from '../../core/engine.ts';
import { failure, type Result, success } from '../../core/result.ts';
import type { Logger } from '../../io/logger.ts';
import type { AgentHost } from '../../ports/agents.ts';
import type { Network } from '../../ports/network.ts';
import type { Ping } from '../../ports/ping.ts';
import type { KeysReport, ReloadReport } from '../../protocol/schemas.ts';
import type { ChangeKeysOptions } from '../change-keys.ts';
import type { Driver } from '../driver.ts';
import { nodeSettings, transportSettings } from '../engine-factory.ts';
import type { LoadedConfiguration } from '../load-configuration.ts';
import { groupPlan } from './group-plan.ts';
import type { LiveConfiguration } from './live-configuration.ts';

export interface ReloadParts {
  readonly live: LiveConfiguration;
  readonly engine: Engine;
  readonly driver: Pick<Driver, 'feed'>;
  readonly network: Network;
  readonly host: Pick<AgentHost, 'reconfigure'>;
  readonly ping: Ping;
  readonly log: Logger;
  readonly nowUs: () => number;
  readonly load: () => Promise<LoadedConfiguration>;
  readonly reloadKeys: (options: ChangeKeysOptions) => Promise<Result<KeysReport>>;
  /** What agents get of it, by the names that they see. */
  readonly environmentOf: (configuration: Configuration) => Readonly<Record<string, string>>;
  readonly openPing: () => void;
}

export interface ReloadOptions {
  readonly who: string;
  readonly dryRun?: boolean;
}

/** Problem codes: reload-refused, reload-cuts-links, reload-empties, and those of the keys. */
export async function reload(parts: ReloadParts, options: ReloadOptions): Promise<Result<ReloadReport>> {
  const { live, log } = parts;
  const loaded = await parts.load();
  const errors = loaded.findings.filter(({ severity }) => severity === 'error');
  if (loaded.configuration === undefined || hasErrors(loaded.findings)) {
    for (const finding of errors)
      for (const text of renderFinding(finding).split('\n'))
        log.write('error', { code: 'reload-error', fields: { text } });
    return refuse(parts, failure('reload-refused', { who: options.who, errors: errors.length }));
  }
  const before = live.configuration;
  const after = loaded.configuration;
  if (!keepsALink(before, after)) return refuse(parts, failure('reload-cuts-links', { who: options.who }));
  // A file cut short looks like this, and the other node would start none of it.
  if (before.groups.length > 0 && after.groups.length === 0)
    return refuse(parts, failure('reload-empties', { who: options.who, groups: before.groups.length }));
  const keys = await parts.reloadKeys({ ...options, dryRun: true });
  if (!keys.ok) return keys;
  const changes = configurationChanges(before, after);
  const report: ReloadReport = {
    changes,
    groups: groupPlan(parts.engine, after.groups),
    keysChanged: keys.value.changed,
    dryRun: options.dryRun === true,
  };
  if (options.dryRun === true) return success(report);
  const { who } = options;
  const nothing = changes.length === 0 && !keys.value.changed;
  log.write('notice', {
    code: nothing ? 'reload-nothing-new' : 'reload-begins',
    fields: { who, lines: changes.length },
  });
  for (const { sign, line, effect } of changes)
    log.write('notice', {
      code: 'reload-change',
      fields: { text: `${sign} ${line}${effect === 'restart' ? ' (only "heartbeat -R" takes this up)' : ''}` },
    });
  if (keys.value.changed) await parts.reloadKeys({ who });
  apply(parts, before, withoutRestart(before, after));
  return success(report);
}

function apply(parts: ReloadParts, before: Configuration, after: Configuration): void {
  const { driver, network, live, host, log } = parts;
  const kept = before.links.filter((link) => !after.links.some(({ id }) => id === link.id));
  const opened = network.change([...after.links, ...kept]);
  for (const { link, problem } of opened)
    log.write('warning', { code: problem.code, fields: { ...problem.fields, link } });
  live.exchange(after);
  driver.feed({
    to: 'transport',
    event: { type: 'reconfigure', nowUs: parts.nowUs(), settings: transportSettings(after) },
  });
  // Before the core asks for devices that are new.
  host.reconfigure({
    environment: parts.environmentOf(after),
    conflictCheck: after.tuning.conflictCheck,
    stopTimeoutMs: after.tuning.stopTimeoutMs,
    fenceDevices: after.fencing?.devices ?? [],
  });
  driver.feed({ to: 'node', event: { type: 'reconfigure', nowUs: parts.nowUs(), settings: nodeSettings(after) } });
  network.change(after.links);
  log.configure(after.logging);
  parts.openPing();
}

function refuse(parts: ReloadParts, refused: Result<never>): Result<never> {
  if (!refused.ok) parts.log.write('error', refused.problem);
  return refused;
}
