/** Words: what commands find wrong by themselves. */
import type { WordTable } from './words.ts';

export const toolWords = {
  usage: { what: '{reason}', advice: 'Run the command with --help to see what it takes.' },
  'file-exists': {
    what: '{path} exists already.',
    meaning: 'It was not overwritten: the peer may still be using that key.',
    advice: 'To exchange the key of a running pair without an interruption, use "pairbeat rotate-key".',
  },
  'file-not-writable': {
    what: '{path} cannot be written: {error}.',
    advice: 'Run it as root, and see that the directory exists.',
  },
  'no-such-node': { what: 'No node of this cluster is called {node}.', advice: 'The nodes are: {nodes}.' },
  'no-such-link': { what: 'The node {node} has no heartbeat link {link}.', advice: 'Its links are: {links}.' },
  'parameter-unset': {
    what: 'The parameter {parameter} has no value.',
    advice: '[Did you mean {nearest}? ]"heartbeat -v" shows all that have one.',
  },
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
    advice:
      'Give the directory of a running pair with --ha-dir. Only bcast, mcast and ucast can be listened to from beside, not IPv6 and serial links.',
  },
  'groups-not-known': {
    what: 'The configuration in {directory} has {errors} error(s): it is not certain which groups there are.',
    meaning: 'Nothing was asked, nothing was changed.',
    advice: 'Run "pairbeat check {directory}": it shows each error with its line.',
  },
  'group-unknown': {
    what: 'haresources has no group or resource {group}.',
    advice: '[Did you mean {nearest}? ]The groups are: {groups}.',
  },
  'mach-down-alive': {
    what: '{node} is not dead, it is {status}.',
    meaning: 'Nothing was changed: what it runs must not be started a second time.',
    advice:
      'To fetch its groups while it lives, use "hb_takeover". If it is dead, the daemon takes over by itself after deadtime.',
  },
  'take-without-daemon': {
    what: '{group} is not started: heartbeat is not running here.',
    meaning: 'Nobody here knows whether the other node runs it, and started twice it may destroy its data.',
    advice: 'Start heartbeat ("heartbeat"): it starts what it may.',
  },
  'give-without-daemon': {
    what: '{group} was not touched: heartbeat is not running here, so nothing can be handed over.',
    meaning: 'It can only be stopped. The other node starts it if its heartbeat runs and takes this node for dead.',
    advice: 'To stop it here all the same, add --force.',
  },
  'resource-active': {
    what: '{resource} runs here already.',
    meaning: 'Before heartbeat is started nothing of haresources may run: only heartbeat starts and stops it.',
    advice: 'Stop it and take it out of the boot sequence ("systemctl disable", or the links in rc.d).',
  },
  'resource-status-unknown': { what: '{resource} does not say whether it runs: {reason}.' },
  'resource-not-stopped': {
    what: '{resource} could not be stopped: {reason}.',
    meaning: 'What stands before it in its line was left running.',
    advice: 'See its own log, stop it by hand, then ask again.',
  },
  'no-split': { what: 'There is no SPLIT to acknowledge.' },
  'option-not-built': { what: '{reason}.' },
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
