/** Findings about what the daemon does beside its own work: programs, clients, the watchdog, crm mode. */
import type { FindingText } from '../finding-texts.ts';

export const serviceTexts = {
  'program-path': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, path }) => `${directive} needs the full path of a program, not "${path}"`,
    advice: ({ directive, usage }) => `The form is \`${directive} ${usage}\`.`,
  },
  'program-user': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ user }) => `there is no user ${user} on this machine: the program cannot be run as that user`,
    advice: () => 'Correct the name, or create the user. A number is not taken for a user.',
  },
  'program-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ path }) => `${path} is not an executable program on this machine`,
    advice: () => 'Install it or correct the path; remove the line if the program is not needed any more.',
  },
  'program-not-needed': {
    severity: 'note',
    heartbeat: 'accepts',
    problem: ({ path }) => `${path} is not started`,
    advice: () => 'It is a part of Heartbeat or Pacemaker that speaks to the daemon of that time only.',
  },
  'program-shell': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ word }) => `"${word}" has characters that mean something to a shell, and no shell reads this line`,
    advice: () =>
      'Heartbeat gave the line to /bin/sh. Here each word is handed to the program as it stands: put quotes, variables and redirections into a script of your own and name that.',
  },
  'program-too-many': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ limit }) => `more than ${limit} respawn and failfast lines`,
    advice: () => 'Run the others under the service manager of the machine.',
  },
  'apiauth-invalid': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ reason }) => `the apiauth line does not hold: ${reason}`,
    advice: () => 'The form is `apiauth client uid=user,user gid=group,group`, with at least one of the two.',
  },
  'apiauth-unknown': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ what, name }) => `there is no ${what} ${name} on this machine`,
    advice: ({ what }) => `Correct the name, or create the ${what}.`,
  },
  'apiauth-unknown-unused': {
    severity: 'note',
    heartbeat: 'refuses',
    onlyAsHeartbeat: true,
    problem: ({ what, name }) => `there is no ${what} ${name} on this machine`,
    advice: ({ client }) => `Nobody comes as ${client} here, so it does not matter; Heartbeat would not start.`,
  },
  'watchdog-device': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ device }) =>
      `${device} does not exist on this machine: as long as it does not, nothing is guarded by it`,
    advice: () =>
      'Load the driver of the watchdog (softdog where there is no hardware). Heartbeat logs an error and starts all the same; so does this daemon, and it goes on trying.',
  },
  'crm-mode': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ written }) =>
      `crm mode (${written}): no resources are configured or managed by this version, haresources is not read, and nothing can fail over`,
    advice: () =>
      'Membership, links, ping nodes, helper programs and tools run as always. To run the groups of haresources, remove this line on both nodes.',
  },
  'autojoin-with-haresources': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ value }) =>
      `autojoin ${value} cannot be used with haresources: a stranger that joins would be asked to take resources`,
    advice: () => 'Name both nodes on a node line and write `autojoin none`, or remove this line.',
  },
  'autojoin-named-only': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ value }) => `autojoin ${value}: only the two nodes that node lines name take part; no other is let in`,
    advice: () => 'Name both nodes on a node line.',
  },
} as const satisfies Record<string, FindingText>;
