/** What can be said of an operation, as attribute of `<op>`, as its meta attribute or in `<op_defaults>`. */
import type { OptionWord } from './option.ts';

export const operationOptions: readonly OptionWord[] = [
  { name: 'interval', type: 'duration', default: '0', meaning: 'How often it runs; 0: only when needed.' },
  { name: 'timeout', type: 'duration', default: '20s', meaning: 'How long it may take before it counts as failed.' },
  {
    name: 'on-fail',
    type: 'choice',
    values: ['ignore', 'block', 'demote', 'stop', 'restart', 'standby', 'fence', 'restart-container'],
    meaning: 'What follows when it fails. Without a word restart; for stop fence, or block when there is no fencing.',
  },
  {
    name: 'role',
    type: 'choice',
    values: ['Stopped', 'Started', 'Unpromoted', 'Promoted'],
    otherValues: { Slave: 'Unpromoted', Master: 'Promoted' },
    meaning: 'Runs only where the resource has that role.',
  },
  { name: 'enabled', type: 'boolean', default: 'true', meaning: 'Whether it runs at all.' },
  {
    name: 'record-pending',
    type: 'boolean',
    default: 'true',
    standing: 'deprecated',
    meaning: 'Whether the beginning of an operation is recorded, so that status can show what is under way.',
  },
  {
    name: 'start-delay',
    type: 'duration',
    default: '0',
    standing: 'deprecated',
    meaning: 'How long to wait before it runs first.',
  },
  {
    name: 'interval-origin',
    type: 'text',
    meaning: 'A date from which intervals count, so that it runs at a certain hour.',
  },
  {
    name: 'requires',
    type: 'choice',
    values: ['nothing', 'quorum', 'fencing', 'unfencing'],
    standing: 'gone',
    meaning: 'Has no effect on an operation any more: it is a meta attribute of the resource.',
  },
  { name: 'description', type: 'text', meaning: 'A note for people.' },
];
