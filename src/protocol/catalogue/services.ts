/** Words: what the daemon does for its machine beside its own work. */
import type { WordTable } from './words.ts';

export const serviceWords = {
  'debug-level': { what: 'The debug level is now {level} (SIGUSR1 raises it, SIGUSR2 lowers it).' },
  'debug-event': { what: 'To the {to} machine: {type}[ {detail}].' },
  'debug-effect': { what: 'To be done: {type}[ {detail}].' },
  'debug-received': { what: 'A packet of {bytes} bytes came from {source} on {link}.' },
  'debug-sent': { what: 'A packet of {bytes} bytes was sent on {link}.' },
  'protection-crm-mode': {
    what: 'crm mode: no resources are configured or managed by this version, so there is nothing to fail over.',
    advice: 'Remove the crm line from ha.cf on both nodes to run the groups of haresources.',
  },
} as const satisfies WordTable;
