import type { WordTable } from './words.ts';

/** `pairbeat simulate` and `crm_simulate`: what was asked cannot be played. */
export const simulateWords: WordTable = {
  'simulate-input-unreadable': {
    what: 'The file {file} cannot be read: {reason}.',
    meaning: 'Nothing was simulated.',
    advice: 'Name a file with a CIB, or - for standard input.',
  },
  'simulate-time-malformed': {
    what: "'{text}' is not a time in ISO 8601.",
    meaning: 'Nothing was simulated.',
    advice: 'Write it as 2026-11-25T14:30:00Z, 2026-11-25 or 2026-329T14:30.',
  },
  'simulate-operation-malformed': {
    what: "'{text}' is not an operation.",
    meaning: 'Nothing was simulated.',
    advice: 'Write RESOURCE_TASK_INTERVALms@NODE=EXITCODE, for example web_monitor_10000@node1=7.',
  },
  'simulate-no-such-node': {
    what: 'The configuration has no node {node}.',
    meaning: 'Nothing was simulated.',
    advice: 'It has: {known}.',
  },
  'simulate-no-such-resource': {
    what: 'The configuration has no primitive {resource}.',
    meaning: 'Nothing was simulated.',
    advice: 'Name a primitive, or an instance of a clone as NAME:0.',
  },
  'crm-simulate-no-live-cluster': {
    what: 'There is no running cluster manager of crm mode to ask (-L).',
    meaning: 'Nothing was simulated.',
    advice: 'Give a file with -x FILE, or a CIB on standard input with -p.',
  },
  'crm-simulate-output-format': {
    what: "There is no output format '{format}'.",
    meaning: 'Nothing was simulated.',
    advice: 'Say --output-as=text or --output-as=xml.',
  },
  'simulate-too-entangled': {
    what: 'The constraints of this configuration hang together in a chain too long to be followed.',
    meaning: 'Nothing was simulated.',
    advice:
      'Put resources that belong together into a group, or take colocations out of the chain; a thousand in a row still work.',
  },
  'simulate-output-unwritable': {
    what: 'The file {file} cannot be written: {reason}.',
    meaning: 'The simulation was made, but this part of it is not saved.',
    advice: 'See that the directory exists and that you may write there.',
  },
};
