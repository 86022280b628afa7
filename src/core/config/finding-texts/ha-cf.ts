/** Findings about ha.cf as a whole: directives, nodes, times, helper programs. */
import type { FindingText } from '../finding-texts.ts';

export const haCfTexts = {
  'directive-unknown': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, file }) => `${file} has no directive "${directive}"`,
    advice: ({ nearest, directive }) =>
      nearest
        ? `Did you mean ${nearest}?${String(nearest).toLowerCase() === String(directive).toLowerCase() ? ' Upper and lower case matter.' : ''}`
        : 'Remove the line or correct the word; docs/reference lists all of them.',
  },
  'directive-in-other-file': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, other }) => `${directive} belongs into ${other}`,
    advice: ({ other }) => `Move the line to ${other} in the same directory.`,
  },
  'directive-once': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, line }) => `${directive} may be given once; line ${line} has it already`,
    advice: () => 'Remove one of the two.',
  },
  'directive-no-effect': {
    severity: 'note',
    heartbeat: 'accepts',
    problem: ({ directive }) => `${directive} has no effect`,
    advice: ({ reason }) => String(reason),
  },
  'directive-refused': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ directive, value }) =>
      `${directive}${value ? ` ${value}` : ''} cannot be honoured, and running without it would not be safe`,
    advice: ({ reason }) => String(reason),
  },
  'directive-unknown-to-heartbeat': {
    severity: 'note',
    heartbeat: 'refuses',
    onlyAsHeartbeat: true,
    problem: ({ directive }) => `Heartbeat 3.0.6 as packaged does not know ${directive}`,
  },
  'arguments-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, missing }) => `${directive} needs more words: ${missing} is missing`,
    advice: ({ directive, usage }) => `The form is \`${directive} ${usage}\`.`,
  },
  'nodes-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: () => 'no node is named',
    advice: ({ node }) => `Add \`node ${node} OTHER\`, with the names that \`uname -n\` prints on the two machines.`,
  },
  'nodes-missing-but-pinged': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: ({ node }) => `no node is named, but a ping node or group is called ${node}, as this machine is`,
    advice: ({ node }) =>
      `Add \`node ${node} OTHER\` and give the ping group another name. Heartbeat takes it for the node line and starts.`,
  },
  'node-self-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ node, nodes }) => `this machine is called ${node}, and the node lines name only ${nodes}`,
    advice: ({ nearest, node }) =>
      nearest
        ? `${nearest} looks like a misspelling of it. Correct the line, or rename the machine; \`uname -n\` prints the name that counts.`
        : `Add ${node}, or put the name under which this machine is listed into the first line of nodeinfo. To check as if on another machine: --node NAME.`,
  },
  'node-twice': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ node }) => `${node} is named twice`,
    advice: () => 'Remove one.',
  },
  'node-name': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ node }) => `"${node}" cannot be the name of a machine`,
    advice: () =>
      'Names have at most 100 letters, digits, dots, hyphens and underscores. A separator is a blank or a comma.',
  },
  'nodes-too-many': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ count }) => `${count} nodes are named; this is a manager for pairs`,
    advice: () =>
      'Name two. (Heartbeat starts with three, but its haresources accounting cannot tell a third node from the second.)',
  },
  'node-alone': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ node }) => `${node} is the only node: there is nothing to fail over to`,
    advice: () => 'Name the second machine on the node line.',
  },
  'deadtime-too-small': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ deadtime, keepalive }) =>
      `deadtime ${deadtime} is not more than twice keepalive ${keepalive}: one lost packet would be taken for a dead node`,
    advice: ({ smallest }) => `Use at least ${smallest}, or a shorter keepalive.`,
  },
  'deadping-too-small': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ deadping, keepalive }) => `deadping ${deadping} is not more than twice keepalive ${keepalive}`,
    advice: ({ smallest }) => `Use at least ${smallest}, or a shorter keepalive.`,
  },
  'initdead-too-small': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ initdead, deadtime }) => `initdead ${initdead} is shorter than deadtime ${deadtime}`,
    advice: ({ deadtime }) => `Use at least ${deadtime}; two minutes suit machines whose network comes up slowly.`,
  },
  'initdead-short': {
    severity: 'warning',
    heartbeat: 'warns',
    problem: ({ initdead }) =>
      `initdead ${initdead} is short: a switch port that takes longer to come up makes this node believe, at boot, that it is alone, and both run everything`,
    advice: () => 'Use 30 or more unless the nodes are joined by a plain cable.',
  },
  'warntime-above-deadtime': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ warntime, deadtime }) =>
      `warntime ${warntime} is not shorter than deadtime ${deadtime}: the node is declared dead before anybody is warned`,
    advice: () => 'Use about half of deadtime.',
  },
  'warntime-below-keepalive': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ warntime, keepalive }) =>
      `warntime ${warntime} is not longer than keepalive ${keepalive}: every keepalive is logged as late`,
    advice: () => 'Use about half of deadtime.',
  },
  'guardian-little-room': {
    severity: 'warning',
    heartbeat: 'ignores',
    problem: ({ room, deadtime }) =>
      `with deadtime ${deadtime} a daemon that died has ${room} to be restarted before its resources are released: a crash or an upgrade of the daemon moves them to the peer`,
    advice: () =>
      'That is safe, and the price of a short deadtime. Before an upgrade give the resources away with hb_standby.',
  },
  'guardian-scripts': {
    severity: 'warning',
    heartbeat: 'ignores',
    problem: ({ resource, margin }) =>
      `when the daemon dies, its guardian begins to stop everything ${margin} before the peer may start it: addresses are gone by then, ${resource} may still be stopping while the peer starts it`,
    advice: ({ deadtime }) =>
      `Set guardian_margin in pairbeat.conf to the time that the slowest stop takes (deadtime is ${deadtime}), or use a longer deadtime.`,
  },
  'guardian-no-room': {
    severity: 'error',
    heartbeat: 'ignores',
    problem: ({ margin, deadtime, keepalive }) =>
      `guardian_margin ${margin} leaves less than a keepalive interval (${keepalive}) of deadtime ${deadtime}: a healthy daemon would be taken for a dead one`,
    advice: ({ largest }) => `Use at most ${largest}, or auto.`,
  },
  'auto-failback-legacy': {
    severity: 'warning',
    heartbeat: 'warns',
    problem: ({ written }) =>
      `${written}: between two nodes of this version groups return to their node as with \`auto_failback on\`; beside a Heartbeat 3 node the old protocol is spoken, without hb_standby; ipfail does nothing`,
    advice: () =>
      'Write `auto_failback on` (groups go back to their node) or `auto_failback off` (they stay where they are). It must be the same on both nodes: while one of them runs Heartbeat 3, leave it as it is there.',
  },
  'nice-failback': {
    severity: 'warning',
    heartbeat: 'warns',
    problem: ({ value, meaning }) => `nice_failback is obsolete; nice_failback ${value} means auto_failback ${meaning}`,
    advice: ({ meaning }) => `Write \`auto_failback ${meaning}\`.`,
  },
  'logging-none': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: () => 'use_logd is off and no logfile, debugfile or logfacility is named: nothing would be logged',
    advice: () => 'Add `logfacility daemon` or `logfile /var/log/ha-log`.',
  },
  'env-invalid': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ value }) => `"${value}" has no name before the =`,
    advice: () => 'The form is `env NAME=value`.',
  },
  'env-without-value': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ value }) => `"${value}" has no =, so nothing is set`,
    advice: () => 'The form is `env NAME=value`.',
  },
  'env-name': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ name }) => `"${name}" cannot be the name of an environment variable; scripts could not read it`,
    advice: () => 'Use letters, digits and underscores.',
  },
} as const satisfies Record<string, FindingText>;
