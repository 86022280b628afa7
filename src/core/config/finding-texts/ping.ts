/** Findings about ping nodes and the helper programs that are built in. */
import type { FindingText } from '../finding-texts.ts';

export const pingTexts = {
  'ping-name': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ address, family }) =>
      family === 6
        ? `"${address}" is no IPv6 address`
        : `"${address}" is neither an IPv4 address nor a name in /etc/hosts`,
    advice: () =>
      'Write the address itself, or put the name into /etc/hosts. Heartbeat asks the name server at this point and does not start when it gets no answer; here no name server is asked.',
  },
  'ping-member': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ address, group }) =>
      `"${address}" is neither an address nor a name in /etc/hosts: ping group ${group} does without it`,
    advice: () => 'Write the address itself, or put the name into /etc/hosts.',
  },
  'pingd-host': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ host }) => `"${host}" is neither an address nor a name in /etc/hosts: pingd does without it`,
    advice: () => 'Write the address itself, or put the name into /etc/hosts.',
  },
  'ping-twice': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ name }) => `there is a ping node ${name} already: this one does not count`,
    advice: () => 'Remove one of the two.',
  },
  'ping-too-many': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ limit }) => `more than ${limit} addresses to ping: each of them is asked at every keepalive`,
    advice: () => 'A few addresses that matter say more than many; put equal ones into a ping_group.',
  },
  'helper-not-installed': {
    severity: 'note',
    heartbeat: 'refuses',
    onlyAsHeartbeat: true,
    problem: ({ path }) => `${path} is not an executable program on this machine`,
    advice: () => 'Pairbeat has it built in and does not need the file; Heartbeat would not start with this line.',
  },
  'helper-user': {
    severity: 'note',
    heartbeat: 'refuses',
    onlyAsHeartbeat: true,
    problem: ({ user }) => `there is no user ${user} on this machine`,
    advice: () => 'The built-in helper needs none; Heartbeat would not start with this line.',
  },
  'helper-option': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ helper, options }) => `the built-in ${helper} does not know "${options}"`,
    advice: () => 'It knows -m multiplier, -d dampening, -a attribute, -h host, -i interval and -n attempts.',
  },
  'helper-twice': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ helper }) => `${helper} is switched on by an earlier line already`,
    advice: () => 'Remove one of the two.',
  },
  'helper-without-ping': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ helper }) => `${helper} has nobody to ask: ha.cf has no ping node`,
    advice: () => 'Add a `ping` line with the address of a router that every client goes through.',
  },
  'ipfail-legacy': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: () => 'ipfail does nothing with auto_failback legacy: there is no standby to ask for',
    advice: () =>
      'Write `auto_failback on` or `auto_failback off`. Heartbeat starts its ipfail all the same, which then ends.',
  },
} as const satisfies Record<string, FindingText>;
