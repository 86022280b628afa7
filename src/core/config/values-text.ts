/** `heartbeat -v`: what holds now. It can be read as ha.cf, and its last part as pairbeat.conf. */
import type { Configuration, LinkConfiguration } from './configuration.ts';
import type { Directive } from './directives.ts';
import { directives, isScalar } from './directives.ts';
import { printTime } from './values.ts';

const indent = 30;

export function effectiveValuesText(configuration: Configuration): string {
  const lines = [`# Values in force on ${configuration.localNode}, from ${configuration.directory}.`];
  for (const directive of directives) {
    const value = configuration.parameters[directive.name];
    // pacemaker is another name of crm, and both together are an error.
    if (directive.file !== 'ha.cf' || !isScalar(directive) || value === undefined || directive.name === 'pacemaker')
      continue;
    lines.push(valueLine(directive, value));
  }
  lines.push(`node ${configuration.nodes.join(' ')}`, ...linkLines(configuration));
  for (const [name, value] of Object.entries(configuration.environment)) lines.push(`env ${name}=${value}`);
  lines.push(...pingLines(configuration), ...serviceLines(configuration), ...fenceLines(configuration));
  lines.push('', '# pairbeat.conf', ...tuningLines(configuration));
  return `${lines.join('\n')}\n`;
}

/** The helpers that are built in have no program to start, so they are a remark. */
function pingLines({ pingNodes, helpers }: Configuration): string[] {
  return [
    ...pingNodes.map(({ kind, name, targets }) =>
      kind === 'ping_group'
        ? `ping_group ${[name, ...targets.map(({ address }) => address)].join(' ')}`
        : `${targets[0]?.family === 6 ? 'ping6' : 'ping'} ${name}`,
    ),
    ...helpers.map(({ kind }) => `# built in: ${kind}`),
  ];
}

/** Remarks: the parameters, which may be passwords, are shown nowhere. */
function fenceLines({ fencing }: Configuration): string[] {
  return (fencing?.lines ?? []).map((line) => `# ${line} (parameters not shown)`);
}

function serviceLines({ services, clients, watchdog }: Configuration): string[] {
  const list = (name: string, values: readonly string[]): string => (values.length === 0 ? '' : ` ${name}=${values}`);
  return [
    ...clients.map(({ client, users, groups }) => `apiauth ${client}${list('uid', users)}${list('gid', groups)}`),
    ...services.map(({ kind, user, file, args }) => [kind, user, file, ...args].join(' ')),
    ...(watchdog === undefined ? [] : [`watchdog ${watchdog}`]),
  ];
}

/** Each link takes the port (or the speed) above it, so that is repeated where it changes. */
function linkLines({ links, udpport, parameters }: Configuration): string[] {
  const lines: string[] = [];
  let port = udpport;
  const { baud } = parameters;
  for (const link of links) {
    if ((link.kind === 'bcast' || link.kind === 'ucast' || link.kind === 'ucast6') && link.port !== port) {
      port = link.port;
      lines.push(`udpport ${port}`);
    }
    if (link.kind === 'serial' && String(link.baud) !== baud) lines.push(`# at ${link.baud} baud, not ${baud}:`);
    lines.push(describeLink(link));
  }
  return port === udpport ? lines : [...lines, `udpport ${udpport}`];
}

function valueLine(directive: Directive, value: string): string {
  // A default in words ("half of deadtime") is no value that could be copied into the file.
  const writable = directive.shape.kind === 'choice' || !/\s/.test(value);
  const text = writable ? `${directive.name} ${value}` : `# ${directive.name}: ${value}`;
  const quiet = directive.status === 'active' || directive.harmless?.includes(value) === true;
  const remark = quiet ? '' : `# ${directive.status === 'no-effect' ? 'no effect' : directive.status}`;
  return `${text.padEnd(remark === '' ? 0 : indent)}${remark === '' ? '' : ` ${remark}`}`.trimEnd();
}

/** The line of ha.cf that makes this link. */
export function describeLink(link: LinkConfiguration): string {
  switch (link.kind) {
    case 'bcast':
    case 'serial':
      return `${link.kind} ${link.device}`;
    case 'ucast':
    case 'ucast6':
      return `${link.kind} ${link.device} ${link.peerAddress}`;
    case 'mcast':
      return `mcast ${link.device} ${link.group} ${link.port} ${link.ttl} ${link.loop ? 1 : 0}`;
    case 'mcast6':
      return `mcast6 ${link.device} ${link.group} ${link.port} ${link.hops} ${link.loop ? 1 : 0}`;
  }
}

function tuningLines({ tuning }: Configuration): string[] {
  const automatic = (milliseconds: number): string => (milliseconds === 0 ? 'auto' : printTime(milliseconds));
  return [
    `announce_interval ${printTime(tuning.announceIntervalMs)}`,
    `start_timeout ${printTime(tuning.startTimeoutMs)}`,
    `stop_timeout ${printTime(tuning.stopTimeoutMs)}`,
    `status_timeout ${printTime(tuning.statusTimeoutMs)}`,
    `stop_retry_delay ${printTime(tuning.stopRetryDelayMs)}`,
    `stop_retry_max ${tuning.stopRetryMax}`,
    `guardian_margin ${automatic(tuning.guardianMarginMs)}`,
    `journal_max_bytes ${tuning.journalMaxBytes}`,
    `journal_segments ${tuning.journalSegments}`,
    `fence_action ${tuning.fenceAction}`,
    `fence_timeout ${printTime(tuning.fenceTimeoutMs)}`,
    `fence_delay ${printTime(tuning.fenceDelayMs)}`,
    `wait_for_all ${tuning.waitForAll ? 'on' : 'off'}`,
    `fence_probe_interval ${printTime(tuning.fenceProbeIntervalMs)}`,
    `conflict_check ${tuning.conflictCheck ? 'on' : 'off'}`,
    `monitor_interval ${printTime(tuning.monitoring.intervalMs)}`,
    ...Object.entries(tuning.monitoring.intervalsMs).map(([of, ms]) => `monitor_interval_of ${of} ${printTime(ms)}`),
    `monitor_failures ${tuning.monitoring.failuresMax}`,
    `monitor_failure_window ${printTime(tuning.monitoring.failureWindowMs)}`,
  ];
}
