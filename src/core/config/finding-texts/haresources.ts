/** Findings about haresources. */
import type { FindingText } from '../finding-texts.ts';

export const haresourcesTexts = {
  'resource-node-unknown': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ node }) => `a line begins with the node that should run the group; "${node}" is not a node of ha.cf`,
    advice: ({ nodes, nearest }) =>
      `Nodes are: ${nodes}.${nearest ? ` Did you mean ${nearest}?` : ' To go on with the line above end that one with a blank and \\, with nothing behind.'}`,
  },
  'group-empty': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ node }) => `the line names no resource for ${node} and has no effect`,
  },
  'groups-missing': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: () => 'no group is defined: the nodes watch each other, and there is nothing to take over',
    advice: () => 'A line looks like this: `node1 192.168.1.100/24/eth0 nginx`.',
  },
  'group-twice': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: ({ key, line }) =>
      `the group ${key} is defined in line ${line} already: Heartbeat would start and stop only one of the two`,
    advice: () => 'A group is known by its first resource. Join the lines, or begin one with another resource.',
  },
  'group-ambiguous': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ key, line }) =>
      `Heartbeat looks for the group ${key} as a pattern anywhere in the file and also finds line ${line}`,
    advice: () => 'This version is not misled. For the way back begin the group with another resource.',
  },
  'resource-twice': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ resource, line }) =>
      `${resource} is part of the group in line ${line} too: stopping one group stops it for the other`,
    advice: () => 'Put what belongs together into one group.',
  },
  'address-in-two-groups': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ address, line }) =>
      `${address} is also in the group of line ${line}, which has another node: both nodes would have the same address`,
    advice: () => 'Remove one of them.',
  },
  'address-invalid': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ address, reason }) => `${address}: ${reason}; the group could not start`,
    advice: () => 'The form is `address[/prefix[/device[:label][/broadcast]]]`.',
  },
  'resource-type': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ type }) => `"${type}" cannot be the name of a script`,
    advice: () =>
      'Scripts lie in resource.d or /etc/init.d and are named without a path; arguments follow behind `::`.',
  },
  'resource-ocf': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ resource }) => `${resource} is incomplete`,
    advice: () => 'The form is `OCF::type::instance`; the parameters are in conf/OCF/TYPE/INSTANCE.',
  },
  'resource-script-missing': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ type }) =>
      `there is no executable ${type} in resource.d or /etc/init.d of this machine: the group could not start here`,
    advice: () => 'Install it on both nodes. For a systemd service write a small script into resource.d.',
  },
  'continuation-broken': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: () => 'a blank behind the \\ keeps the line from going on; the \\ counts as a resource',
    advice: () => 'Remove the blanks behind it.',
  },
  'continuation-in-comment': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: () => 'a comment in a line that goes on below swallows the lines below',
    advice: () => 'Put the comment on a line of its own, above.',
  },
  'resource-unit-name': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: ({ resource }) => `"${resource}" does not name a unit of systemd`,
    advice: () => 'The form is systemd::NAME, with one name: systemd::nginx, systemd::backup@daily.service.',
  },
  'resource-unit-script': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ resource }) =>
      `resource.d or init.d has a script named systemd, so "${resource}" runs that script, as under Heartbeat, and not the unit itself`,
    advice: () => 'Remove the script to have the unit started directly: docs/systemd-units.md.',
  },
  'resource-unit-heartbeat': {
    severity: 'warning',
    heartbeat: 'misreads',
    onlyAsHeartbeat: true,
    problem: ({ unit }) =>
      `Heartbeat knows no units of systemd: it would look for a script resource.d/systemd to start ${unit}`,
    advice: () => 'Put such a script there before you go back; docs/systemd-units.md has one.',
  },
} as const satisfies Record<string, FindingText>;
