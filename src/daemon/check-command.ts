/**
 * `pairbeat check` and `heartbeat -t`: every finding with its line, then what would run. Changes nothing, needs no
 * daemon. Exit 0, or 6 (LSB: not configured) when the configuration, or with --as-heartbeat Heartbeat, would refuse.
 */
import { judgeAsHeartbeat, ownFindings } from '../core/config/as-heartbeat.ts';
import type { FencingConfiguration } from '../core/config/fencing/fence-device.ts';
import { findingText } from '../core/config/finding-texts.ts';
import type { Finding } from '../core/config/findings.ts';
import { hasErrors } from '../core/config/findings.ts';
import { configuredProtection } from '../core/config/protection.ts';
import { renderFinding } from '../core/config/render-finding.ts';
import { directoriesFrom } from '../protocol/directories.ts';
import { lsb } from '../protocol/exit-codes.ts';
import { effectiveTuning, summarize } from './check-summary.ts';
import type { LoadedConfiguration } from './load-configuration.ts';
import { loadConfiguration } from './load-configuration.ts';

export interface CheckOptions {
  /** Default: PAIRBEAT_HA_DIR, else the usual configuration directory. */
  readonly directory?: string;
  readonly asHeartbeat: boolean;
  readonly json: boolean;
  readonly node?: string;
}

export async function runCheck(options: CheckOptions, write: (text: string) => void): Promise<number> {
  const { haDir } = directoriesFrom({ haDir: options.directory }, process.env);
  const loaded = await loadConfiguration({ haDir }, options.node === undefined ? {} : { node: options.node });
  const refused = options.asHeartbeat ? !judgeAsHeartbeat(loaded.findings).loads : hasErrors(loaded.findings);
  const code = refused ? lsb.notConfigured : lsb.ok;
  if (options.json) write(`${JSON.stringify(jsonAnswer(options, loaded, code), undefined, 2)}\n`);
  else write(options.asHeartbeat ? heartbeatText(loaded) : ownText(loaded, options.node !== undefined));
  return code;
}

function ownText(loaded: LoadedConfiguration, elsewhere: boolean): string {
  const findings = ownFindings(loaded.findings);
  const parts = findings.map((finding) => `${renderFinding(finding)}\n`);
  const counted = countText(findings);
  if (loaded.configuration === undefined) {
    parts.push(`\n${loaded.directory}: ${counted}. Nothing would be started with these files.\n`);
    return parts.join('');
  }
  if (findings.length > 0) parts.push('\n');
  parts.push(`${loaded.directory} is valid${counted === '' ? '' : ` (${counted})`}.\n`);
  if (elsewhere) {
    parts.push(`Checked as on ${loaded.node}: devices, users and scripts of this machine were not compared.\n`);
  }
  parts.push(`\n${summarize(loaded.configuration, configuredProtection(loaded.configuration))}`);
  return parts.join('');
}

function heartbeatText(loaded: LoadedConfiguration): string {
  const { loads, refusals, differences } = judgeAsHeartbeat(loaded.findings);
  const parts = [
    ...refusals.map((finding) => `${renderFinding(finding, 'Heartbeat refuses')}\n`),
    ...differences.map((finding) => `${renderFinding(finding, 'Heartbeat differs')}\n`),
  ];
  if (parts.length > 0) parts.push('\n');
  parts.push(
    loads
      ? 'Heartbeat 3.0.6 would load these files'
      : `Heartbeat 3.0.6 would not start with these files (exit ${lsb.notConfigured}): ${refusals.length} reason(s) above`,
  );
  if (differences.length > 0)
    parts.push(`${loads ? ', but' : '; besides,'} it would act differently in ${differences.length} place(s) above`);
  parts.push(
    '.\nIt never reads pairbeat.conf. Not asked: its plugins for fencing and crm mode, and the name server.\n',
  );
  return parts.join('');
}

function countText(findings: readonly Finding[]): string {
  return (['error', 'warning', 'note'] as const)
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? '' : 's'}`)
    .join(', ');
}

function jsonAnswer(options: CheckOptions, loaded: LoadedConfiguration, code: number): object {
  const verdict = judgeAsHeartbeat(loaded.findings);
  const { configuration } = loaded;
  const status = code === 0 ? 'OK' : 'Not configured';
  return {
    apiVersion: '1',
    request: 'check',
    directory: loaded.directory,
    node: loaded.node,
    findings: loaded.findings.map(jsonFinding),
    asHeartbeat: { asked: options.asHeartbeat, loads: verdict.loads, differences: verdict.differences.length },
    ...(configuration === undefined
      ? {}
      : {
          configuration: {
            nodes: configuration.nodes,
            timing: configuration.timing,
            links: configuration.links,
            autoFailback: configuration.autoFailback,
            groups: configuration.groups,
            ...fencingAnswer(configuration.fencing),
            tuning: effectiveTuning(configuration),
            parameters: configuration.parameters,
            digest: configuration.digest,
          },
          weakAuthentication: configuration.authentication.weaknesses,
          protection: configuredProtection(configuration),
        }),
    status: { code, message: status },
  };
}

/** Names and types: what a device is told is secret. */
function fencingAnswer(fencing: FencingConfiguration | undefined): object {
  if (fencing === undefined) return {};
  return { fencing: { lines: fencing.lines, devices: fencing.devices.map(({ name, type }) => ({ name, type })) } };
}

function jsonFinding(finding: Finding): object {
  const text = findingText(finding.code);
  return {
    severity: finding.severity,
    code: finding.code,
    file: finding.file,
    line: finding.line,
    column: finding.column,
    length: finding.length,
    fields: finding.fields,
    problem: text.problem(finding.fields),
    advice: text.advice?.(finding.fields).trim() ?? '',
    heartbeat: text.heartbeat,
  };
}
