/**
 * The entry point: texts of the four files in, findings out, and a configuration if none of them is an error. Pure and
 * deterministic: the same texts and facts give the same findings in the same order on every machine.
 */
import type { NodeName } from '../types.ts';
import { nodeName } from '../types.ts';
import { buildConfiguration, checkWhole } from './build-configuration.ts';
import { resourceManagerOf } from './check-manager.ts';
import { checkSerial } from './check-serial.ts';
import { checkRelease } from './check-timing.ts';
import type { Authentication, Configuration } from './configuration.ts';
import type { ConfigurationFile, Finding, Reporter } from './findings.ts';
import { createReporter, hasErrors, sortFindings, wholeFile } from './findings.ts';
import { emptyHaCf } from './ha-cf.ts';
import type { HostFacts } from './host-facts.ts';
import { checkMonitorIntervals } from './monitor-intervals.ts';
import { checkAuthkeysFile, parseAuthkeys } from './parse-authkeys.ts';
import { parseHaCf, parsePairbeatConf } from './parse-ha-cf.ts';
import type { ParsedGroup } from './parse-haresources.ts';
import { parseHaresources } from './parse-haresources.ts';
import { addressTypes } from './parse-resource.ts';

/** Absent: there is no such file. */
export interface ConfigurationTexts {
  readonly haCf?: FileText;
  readonly haresources?: FileText;
  readonly authkeys?: FileText;
  readonly pairbeatConf?: FileText;
}

/** Text, or why the file that is there could not be read. */
export type FileText = string | { readonly unreadable: string } | { readonly tooLarge: number };

export interface ParsedConfiguration {
  readonly findings: readonly Finding[];
  /** Absent when a finding is an error. */
  readonly configuration?: Configuration;
}

/** Far beyond any real file; keeps a mistaken path from filling the memory. */
export const maxFileBytes = 1_048_576;

export function parseConfiguration(texts: ConfigurationTexts, host: HostFacts): ParsedConfiguration {
  const reporter = createReporter();
  const haCfText = textOf('ha.cf', texts.haCf, host, reporter);
  const haCf = haCfText === undefined ? emptyHaCf() : parseHaCf(haCfText, host, reporter);
  const tuningText =
    texts.pairbeatConf === undefined ? '' : textOf('pairbeat.conf', texts.pairbeatConf, host, reporter);
  const tuning = parsePairbeatConf(tuningText ?? '', host, reporter);
  if (haCfText !== undefined) checkWhole(haCf, tuning, host, reporter);

  const authentication = readAuthentication(texts.authkeys, host, reporter);

  const nodes: NodeName[] = haCf.nodes.map((node) => nodeName(node.name));
  // crm mode does not read it, as in Heartbeat: it may be missing, or be from another time.
  const managed = resourceManagerOf(haCf) === 'haresources';
  const haresourcesText = managed ? textOf('haresources', texts.haresources, host, reporter) : undefined;
  const groups = haresourcesText === undefined ? [] : parseHaresources(haresourcesText, nodes, host, reporter);

  checkMonitorIntervals(tuning, groups, reporter);
  const scripts = groups.flatMap((group) => group.words.filter((_word, index) => isScript(group, index)));
  if (haCfText !== undefined) checkRelease(haCf, tuning, scripts, reporter);
  const plain = groups.map(({ group }) => group);
  if (authentication !== undefined) checkSerial(haCf, plain, authentication, reporter);

  const findings = sortFindings(reporter.findings);
  if (hasErrors(findings) || authentication === undefined) return { findings };
  return { findings, configuration: buildConfiguration(haCf, tuning, plain, authentication, host) };
}

export interface ParsedAuthkeys {
  readonly findings: readonly Finding[];
  /** Absent when a finding is an error. */
  readonly authentication?: Authentication;
}

/** authkeys alone: what is read again while a daemon runs. */
export function parseAuthkeysFile(content: FileText | undefined, host: AuthkeysFacts): ParsedAuthkeys {
  const reporter = createReporter();
  const authentication = readAuthentication(content, host, reporter);
  const findings = sortFindings(reporter.findings);
  return hasErrors(findings) || authentication === undefined ? { findings } : { findings, authentication };
}

type AuthkeysFacts = Pick<HostFacts, 'directory' | 'authkeysFile'>;

function readAuthentication(
  content: FileText | undefined,
  host: AuthkeysFacts,
  reporter: Reporter,
): Authentication | undefined {
  const { authkeysFile } = host;
  if (authkeysFile !== undefined) checkAuthkeysFile(authkeysFile, pathOf('authkeys', host), reporter);
  const symlink = authkeysFile !== undefined && authkeysFile.kind !== 'regular';
  const text = symlink ? undefined : textOf('authkeys', content, host, reporter);
  return text === undefined ? undefined : parseAuthkeys(text, reporter);
}

function isScript({ group, words }: ParsedGroup, index: number): boolean {
  const resource = group.resources.find((candidate) => candidate.written === words[index]?.text);
  if (resource === undefined) return false;
  return resource.kind === 'ocf' || !addressTypes.includes(resource.type);
}

function textOf(
  file: ConfigurationFile,
  content: FileText | undefined,
  host: Pick<HostFacts, 'directory'>,
  reporter: Reporter,
): string | undefined {
  const path = pathOf(file, host);
  if (typeof content === 'string') return content;
  if (content === undefined) reporter.report('file-missing', wholeFile(file), { path, file });
  else if ('unreadable' in content)
    reporter.report('file-unreadable', wholeFile(file), { path, reason: content.unreadable });
  else reporter.report('file-too-large', wholeFile(file), { size: content.tooLarge, limit: maxFileBytes });
  return undefined;
}

function pathOf(file: ConfigurationFile, host: Pick<HostFacts, 'directory'>): string {
  return `${host.directory.replace(/\/+$/, '')}/${file}`;
}
