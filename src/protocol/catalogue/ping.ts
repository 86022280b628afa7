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
  'dopd-off': {
    what: 'dopd is not switched on.',
    meaning: 'The other node was not asked.',
    advice: 'Add "respawn hacluster /usr/lib/heartbeat/dopd" to ha.cf on both nodes and restart heartbeat.',
  },
  'dopd-resource': {
    what: '"{resource}" cannot be the name of a DRBD resource.',
    meaning: 'The other node was not asked.',
    advice: 'Names have letters, digits and _ . + - only. DRBD hands the right one to its handlers in $DRBD_RESOURCE.',
  },
  'dopd-answer': {
    what: '{resource} on {peer}: {code}.',
    values: {
      code: {
        3: 'inconsistent already, it could not be used in any case (3)',
        5: 'the node cannot be reached (5)',
        6: 'primary there, so it stays as it is (6)',
        7: 'the node was fenced (7)',
        20: 'it could not be marked outdated, or nobody knows (20)',
      },
    },
  },
  'dopd-outdated-here': {
    what: '{peer} had the copy of {resource} here marked outdated: drbdadm ended with {exitCode}, told as {code}.',
  },
  'dopd-refused': {
    what: '{peer} wants the copy of {resource} here marked outdated; nothing was done.',
    meaning: 'dopd is not switched on here, the name cannot be a resource, or too many such requests are under way.',
    advice: 'Add "respawn hacluster /usr/lib/heartbeat/dopd" to ha.cf on both nodes.',
  },
  'attribute-changed': { what: 'The attribute {name} of this node is now {value}[, it was {former}].' },
};
