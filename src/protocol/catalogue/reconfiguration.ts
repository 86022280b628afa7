/** Words: a running node gets another configuration. */
import type { WordTable } from './words.ts';

export const reconfigurationWords = {
  'evidence-heldHere': { what: 'The group runs here already, and a part of it is started.' },
  'group-changed': { what: '{group} was changed while it ran: it consists of {resources} resource(s) now.' },
  'resource-left-out': {
    what: '{resource} was to be added to {group}, and did not start: {reason}.',
    meaning: '{group} goes on running without it, and nothing of {resource} is left here.',
    advice:
      'Mend what the reason names, then run "heartbeat -r" again; or take the resource out of haresources on both nodes.',
  },
} as const satisfies WordTable;
