/** Words: what commands find wrong by themselves. */
import type { WordTable } from './words.ts';

export const toolWords = {
  usage: { what: '{reason}', advice: 'Run the command with --help to see what it takes.' },
  'file-exists': {
    what: '{path} exists already.',
    meaning: 'It was not overwritten: the peer may still be using that key.',
    advice: 'To change a key without an interruption, add the new one under a second number on both nodes first.',
  },
  'file-not-writable': {
    what: '{path} cannot be written: {error}.',
    advice: 'Run it as root, and see that the directory exists.',
  },
  'no-such-node': { what: 'No node of this cluster is called {node}.', advice: 'The nodes are: {nodes}.' },
  'no-such-link': { what: 'The node {node} has no heartbeat link {link}.', advice: 'Its links are: {links}.' },
  'parameter-unset': { what: 'The parameter {parameter} has no value.' },
  'capture-unavailable': {
    what: 'Packets cannot be watched on this machine: {reason}.',
    advice: 'Run it as root (it needs CAP_NET_RAW).',
  },
  'observe-configuration-invalid': {
    what: 'The configuration in {directory} has {errors} error(s): it is not certain which links and keys to listen for.',
    meaning: 'Nothing was observed, nothing was changed.',
    advice: 'Run `pairbeat check {directory}`: it shows each error with its line.',
  },
  'observe-no-links': {
    what: 'The configuration in {directory} names no link to listen on.',
    advice: 'Give the directory of a running pair with --ha-dir.',
  },
  'no-split': { what: 'There is no SPLIT to acknowledge.' },
  'option-not-built': { what: '{reason}.' },
  'reload-needs-restart': {
    what: 'Asked to reload (SIGHUP), but a running daemon changes nothing of its configuration.',
    advice: '"heartbeat -r" says what a restart would change; a restart stops no resource.',
  },
  'no-peer-configured': {
    what: 'ha.cf names no second node beside {node}.',
    advice: 'Add "node NAME" with the name that "uname -n" prints on the other machine.',
  },
  'stop-refused': {
    what: 'The process {pid} could not be told to stop: {error}.',
    meaning: 'heartbeat goes on running.',
    advice: 'Run it as root.',
  },
} as const satisfies WordTable;
