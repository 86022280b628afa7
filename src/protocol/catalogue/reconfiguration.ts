/** Words: a running node gets another configuration. */
import type { WordTable } from './words.ts';

export const reconfigurationWords = {
  'evidence-heldHere': { what: 'The group runs here already, and a part of it is started.' },
  'group-changing': {
    what: 'haresources names other resources for {group}: {stops} to stop, {starts} to start. The rest goes on running.',
  },
  'group-removed': {
    what: 'haresources does not name {group} any more: it is stopped.',
    meaning: 'The other node does not start it either as long as this one does not know it.',
  },
  'resource-elsewhere': {
    what: '{resource} belongs to {group} by haresources here, and to {other} by what runs on {peer}.',
    meaning: 'It is not started here: it might run on both nodes.',
    advice: 'Make haresources the same on both nodes ("pairbeat push-config" copies it), and reload both.',
  },
  'group-changed': { what: '{group} was changed while it ran: it consists of {resources} resource(s) now.' },
  'resource-left-out': {
    what: '{resource} was to be added to {group}, and did not start: {reason}.',
    meaning: '{group} goes on running without it, and nothing of {resource} is left here.',
    advice:
      'Mend what the reason names, then run "heartbeat -r" again; or take the resource out of haresources on both nodes.',
  },
} as const satisfies WordTable;
