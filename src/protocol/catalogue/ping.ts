/** Ping nodes, and the helpers of Heartbeat that are built in: ipfail, pingd, dopd. */
import type { WordTable } from './words.ts';

export const pingWords: WordTable = {
  'ping-node-up': { what: 'Ping node {name} answers ({live} of {count} do).' },
  'ping-node-dead': {
    what: 'Ping node {name} has not answered for {deadMs} ms ({live} of {count} still do).',
    meaning: 'Either it is down, or this node has lost its way to it.',
    advice: 'Look at the cable, the switch and the route of this node; "pairbeat status" shows what each node reaches.',
  },
  'ping-node-never-up': {
    what: 'Ping node {name} does not answer ({live} of {count} do).',
    meaning: 'It counts as dead until it answers. Some devices do not answer pings at all.',
    advice: 'Try "ping {name}" on this machine. If it never answers, remove it from ha.cf.',
  },
  'ping-by-command': {
    what: 'No {family} socket for pings can be had ({error}).',
    meaning: 'The ping command is run instead: a process for every question, some milliseconds of processor time each.',
    advice: 'Run the daemon as root, or let its group use ping sockets (sysctl net.ipv4.ping_group_range).',
  },
  'ping-socket-failed': { what: 'A socket for pings could not be opened ({error}).' },
  'ipfail-gives': {
    what: '{peer} reaches {theirs} ping nodes, this node only {ours}: it is asked to take the groups that run here.',
  },
  'attribute-changed': { what: 'The attribute {name} of this node is now {value}[, it was {former}].' },
};
