/** What a valid configuration would run, in the words that `status` uses while it runs. */
import type { Configuration, LinkConfiguration, Tuning } from '../core/config/configuration.ts';
import type { FencingConfiguration } from '../core/config/fencing/fence-device.ts';
import type { ConfiguredProtection } from '../core/config/protection.ts';
import { guardianMarginMs } from '../core/guardian-margin.ts';
import { isSealed } from '../core/transport/mac.ts';
import { watchdogTimeoutSeconds } from '../core/watchdog-view.ts';

export function summarize(configuration: Configuration, protection: ConfiguredProtection): string {
  const { nodes, localNode, timing, links, authentication } = configuration;
  const rows: [string, string][] = [
    ['nodes', nodes.map((node) => (node === localNode ? `${node} (this one)` : node)).join(', ')],
    ['keepalive', `every ${duration(timing.keepaliveMs)}, late after ${duration(timing.warntimeMs)}`],
    ['takeover', takeoverText(configuration)],
    ['links', links.map(linkText).join('\n')],
    ['groups', groupsText(configuration)],
    ['failback', failbackText(configuration)],
    ...reachRows(configuration),
    ['daemon dies', guardianText(configuration)],
    ['signature', signatureText(configuration)],
  ];
  if (configuration.services.length > 0) rows.push(['programs', configuration.services.map(serviceText).join('\n')]);
  if (configuration.fencing !== undefined) rows.push(['fencing', fencingText(configuration, configuration.fencing)]);
  if (configuration.watchdog !== undefined) rows.push(['watchdog', watchdogText(configuration)]);
  if (authentication.weaknesses.length > 0) rows.push(['WEAK AUTH', authentication.weaknesses.join('\n')]);
  rows.push([protection.state, `${protection.reason}\nto improve: ${protection.advice}`]);
  rows.push(['digest', `${configuration.digest.slice(0, 16)} (must be the same on both nodes)`]);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows
    .map(([name, text]) => `${name.padEnd(width)}${text.replaceAll('\n', `\n${' '.repeat(width)}`)}\n`)
    .join('');
}

function takeoverText({ timing, fencing, tuning }: Configuration): string {
  const silence = `after ${duration(timing.deadtimeMs)} of silence`;
  const boot = `at boot after ${duration(timing.initdeadMs)}`;
  if (fencing === undefined) return `${silence}; ${boot}`;
  if (fencing.devices.length === 0) return `${silence}, when an operator has confirmed that the other node is off`;
  return `${silence}, when the other node is fenced${tuning.waitForAll ? '' : `; ${boot}, fenced as well`}`;
}

/** With the values that hold where the configuration leaves them to be computed. */
export function effectiveTuning({ timing, tuning }: Configuration): Tuning {
  return { ...tuning, guardianMarginMs: tuning.guardianMarginMs || guardianMarginMs(timing.deadtimeMs) };
}

function linkText(link: LinkConfiguration): string {
  switch (link.kind) {
    case 'bcast':
      return `bcast on ${link.device}, port ${link.port}`;
    case 'ucast':
    case 'ucast6':
      return `${link.kind} on ${link.device} to ${link.peerAddress}, port ${link.port}`;
    case 'mcast':
      return `mcast on ${link.device}, group ${link.group}, port ${link.port}, ttl ${link.ttl}`;
    case 'mcast6':
      return `mcast6 on ${link.device}, group ${link.group}, port ${link.port}, hops ${link.hops}`;
    case 'serial':
      return `serial on ${link.device}, ${link.baud} baud`;
  }
}

function groupsText({ groups, resourceManager }: Configuration): string {
  if (resourceManager === 'crm') return 'none: crm mode, haresources is not read';
  return groups.length === 0 ? 'none' : groups.map(groupText).join('\n');
}

function groupText(group: Configuration['groups'][number]): string {
  return `${group.owner}: ${group.resources.map((resource) => resource.written).join(', then ')}`;
}

function failbackText({ autoFailback, groups }: Configuration): string {
  if (groups.length === 0) return 'nothing to move';
  return autoFailback === 'off'
    ? 'groups stay where they are when their node comes back'
    : 'groups return to their node when it comes back';
}

function reachRows({ pingNodes, helpers, timing, autoFailback }: Configuration): [string, string][] {
  const rows: [string, string][] = [];
  if (pingNodes.length > 0) {
    const names = pingNodes.map(({ name }) => name).join(', ');
    rows.push(['ping nodes', `${names}; dead after ${duration(timing.deadpingMs)} without an answer`]);
  }
  for (const helper of helpers) {
    if (helper.kind === 'ipfail')
      rows.push([
        'ipfail',
        autoFailback === 'legacy'
          ? 'does nothing with auto_failback legacy'
          : 'a node that reaches fewer ping nodes gives its groups to the other',
      ]);
    else if (helper.kind === 'dopd')
      rows.push(['dopd', 'the copies of DRBD here can be marked outdated by the other node']);
    else {
      const { attribute, multiplier, hosts, dampenMs } = helper;
      const what = hosts.length === 0 ? 'the ping nodes' : hosts.join(', ');
      rows.push([
        'pingd',
        `${attribute} = ${multiplier} for each of ${what} that answers, dampened ${duration(dampenMs)}`,
      ]);
    }
  }
  return rows;
}

function guardianText(configuration: Configuration): string {
  const { guardianMarginMs: margin } = effectiveTuning(configuration);
  return `restarted within ${duration(configuration.timing.deadtimeMs - margin)} nothing stops; else everything is released before the peer starts it`;
}

function serviceText({ kind, user, file, args }: Configuration['services'][number]): string {
  const program = `${[file, ...args].join(' ')} as ${user}`;
  return kind === 'failfast' ? `${program} (failfast: its death reboots this machine)` : program;
}

function fencingText({ tuning, localNode, nodes }: Configuration, { devices }: FencingConfiguration): string {
  if (devices.length === 0) return 'no device that this node can use';
  const peer = nodes.find((node) => node !== localNode) ?? 'the other node';
  const probed = tuning.fenceProbeIntervalMs === 0 ? 'never' : `every ${duration(tuning.fenceProbeIntervalMs)}`;
  return [
    `${devices.map(({ name }) => name).join(', then ')}: ${tuning.fenceAction} ${peer}, each attempt at most ${duration(tuning.fenceTimeoutMs)}`,
    `asked ${probed} whether it could; the node that held less waits ${duration(tuning.fenceDelayMs)} first`,
    tuning.waitForAll
      ? 'a node that boots alone waits for the other or an operator (wait_for_all on)'
      : 'a node that boots alone fences the other, then starts (wait_for_all off)',
  ].join('\n');
}

function watchdogText({ watchdog = '', timing }: Configuration): string {
  const seconds = watchdogTimeoutSeconds(timing.deadtimeMs);
  return `${watchdog} resets this machine after ${seconds} s without a keepalive\nno protection of the pair: the other node does not count on it`;
}

function signatureText({ authentication }: Configuration): string {
  const { sendIndex, keys } = authentication;
  const others = keys.filter((key) => key.index !== sendIndex).map((key) => key.index);
  const method = keys.find((key) => key.index === sendIndex)?.method ?? 'crc';
  const sealed = isSealed(method) ? ': packets are encrypted; only Pairbeat nodes can read them' : '';
  return `key ${sendIndex} (${method}${sealed})${others.length === 0 ? '' : `; also accepted: key ${others.join(', ')}`}`;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
}
