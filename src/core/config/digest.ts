/**
 * What must be equal on both nodes, as lines of text in one spelling: comments, order of ha.cf lines, devices and log
 * files make no difference. The sha256 of it travels in the keepalive; the lines themselves show what differs.
 */
import { compareText } from '../types.ts';
import type { Configuration } from './configuration.ts';
import { printTime } from './values.ts';

export function meaningOf(configuration: Omit<Configuration, 'digest' | 'meaning'>): string[] {
  const { timing } = configuration;
  return [
    `node ${[...configuration.nodes].sort(compareText).join(' ')}`,
    `keepalive ${printTime(timing.keepaliveMs)}`,
    `deadtime ${printTime(timing.deadtimeMs)}`,
    `warntime ${printTime(timing.warntimeMs)}`,
    `initdead ${printTime(timing.initdeadMs)}`,
    `deadping ${printTime(timing.deadpingMs)}`,
    `auto_failback ${configuration.autoFailback === 'off' ? 'off' : 'on'}`,
    `hopfudge ${configuration.hopfudge}`,
    `max_rexmit_delay ${configuration.maxRexmitDelayMs}`,
    `msgfmt ${configuration.messageFormat}`,
    ...Object.entries(configuration.environment)
      .sort(([left], [right]) => compareText(left, right))
      .map(([name, value]) => `env ${name}=${value}`),
    ...configuration.pingNodes
      .map(({ name, kind, targets }) => `${kind} ${name} ${targets.map((target) => target.address).join(' ')}`)
      .sort(compareText),
    ...(configuration.fencing?.lines ?? []),
    ...(configuration.resourceManager === 'crm' ? ['crm on'] : []),
    ...configuration.groups.map(
      (group) => `group ${group.owner} ${group.resources.map((resource) => resource.written).join(' ')}`,
    ),
  ];
}
