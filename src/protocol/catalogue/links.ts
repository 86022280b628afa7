/** Words: keepalive paths, packets, keys. */
import type { WordTable } from './words.ts';

const links: WordTable = {
  'link-up': { what: '{peer} is heard on {link}.' },
  'link-dead': {
    what: 'Nothing is heard from {peer} on {link} any more.',
    meaning: 'If it was the last link, {peer} will count as dead.',
    advice: 'Look at cable, switch, firewall and address of that link on both nodes.',
  },
  'link-recovered': { what: 'The link {link} works again.' },
  'link-send-failed': {
    what: 'Packets cannot be sent on {link}: {error} ({lost} lost).',
    advice: 'Look at the device and its address.',
  },
  'late-heartbeat': {
    what: 'Late heartbeat: {intervalMs} ms after the one before from {node}.',
    meaning: 'At the deadtime, {node} would have counted as dead.',
    advice:
      'If this is frequent, find the load or the loss, or use a longer deadtime ("pairbeat observe" suggests one).',
  },
  'device-missing': {
    what: 'There is no network device {device}.',
    meaning: 'That link does not work; it is tried again when the device appears.',
    advice: 'Correct the name in ha.cf ("ip link" lists the devices).',
  },
  'device-without-broadcast': {
    what: '{device} has no IPv4 address with a broadcast address.',
    advice: 'Give it an address, or use ucast or mcast.',
  },
  'port-in-use': {
    what: 'Port {port} on {device} is used by another program.',
    advice: 'See which ("ss -ulpn"), or choose another udpport on both nodes.',
  },
  'port-forbidden': { what: 'Port {port} on {device} may not be opened.', advice: 'Start heartbeat as root.' },
  'socket-failed': { what: 'A network socket failed[ on {device}][ on {link}] ({call}): {error}.' },
  'socket-option-refused': {
    what: 'The kernel refused the socket option {option} on {device}: {error}.',
    meaning: 'The link works without it.',
  },
  'link-test-running': {
    what: 'A test of the links is running already.',
    advice: 'Wait until it is over; it takes some seconds.',
  },
  'link-test-nobody': {
    what: '{peer} was not heard on any link, on UDP port {port}.',
    meaning: 'Without a daemon, the test must run on both nodes at the same time.',
    advice:
      'Start "pairbeat link-test" on {peer} as well, within a minute. If it does run there: no link works, or a firewall stops that port (--port names another).',
  },
  'serial-open-failed': {
    what: 'The serial line {device} cannot be opened: {error}.',
    meaning: 'That link does not work; it is tried again every second.',
    advice: 'See whether the device is there and belongs to root ("ls -l {device}").',
  },
  'serial-in-use': {
    what: 'The serial line {device} is used by another program.',
    meaning: 'That link does not work; it is tried again every second.',
    advice: 'See which ("fuser -v {device}"): often a getty, which "systemctl disable" takes off the line.',
  },
  'serial-lost': {
    what: 'The serial line {device} is gone: {error}.',
    meaning: 'It is opened again as soon as it is back.',
    advice: 'Was the adapter pulled out?',
  },
  'no-link-opens': {
    what: 'None of the {links} links can be opened: {first}[ on {device}].',
    meaning: 'Without a link heartbeat does not start.',
    advice: 'Correct the links in ha.cf, then "pairbeat check".',
  },
  'native-calls-unavailable': {
    what: 'This system does not offer what is needed: {needed}.',
    advice: 'Install Pairbeat where koffi has a build for this platform (Linux on x64, arm64 and others).',
  },
};

const packets: WordTable = {
  'packet-refused': {
    what: 'Packets are refused on {link}[ (from {source})]: {reason}. {suppressed} more since the last such message.',
    meaning: 'They have no effect.',
    advice: 'bad-mac or unknown-key: the authkeys files of the nodes differ, or a stranger sends to this port.',
  },
  'unknown-node': {
    what: 'A packet under our key names a node that ha.cf does not know: {node} (on {link}).',
    meaning: 'It is ignored.',
    advice: 'Give another cluster on this network keys or a port of its own.',
  },
  'cloned-machine': {
    what: 'Another machine uses the name or uuid of this node (heard on {link}, generation {generation}, here {ownGeneration}).',
    meaning: 'It is not believed. It is probably a copy of this machine.',
    advice: 'Stop heartbeat on the copy, remove its /var/lib/heartbeat/hb_uuid, and give it a name of its own.',
  },
  'messages-lost': { what: 'Too many messages of {node} were lost to ask for them again.' },
  'peer-does-not-hear-us': {
    what: '{node} does not hear this node, although we hear it.',
    meaning: 'When its deadtime is over it takes over what runs here.',
    advice: 'Look for a firewall or a one-way fault on the links, and for different keys.',
  },
  'peer-uuid-changed': {
    what: '{node} has another uuid than before ({from}, now {to}).',
    meaning: 'It was installed anew, or another machine has taken its name.',
  },
  'peer-generation-not-durable': {
    what: 'The new generation of the peer cannot be written to the disk.',
    meaning: 'Until it can, its packets are not accepted: a recording could be played back after a restart.',
    advice: 'Make room in /var/lib/heartbeat, or see why the disk does not answer.',
  },
  'message-not-sent': { what: 'A message of type {messageType} could not be sent: {reason}.' },
  'message-too-large': { what: 'A message does not fit into a packet.' },
  'authentication-self-test-failed': {
    what: 'The cryptography of this system does not work: {method}, {reason}.',
    meaning: 'Nothing was sent. A node that accepts every packet, or none, is worse than one that is down.',
    advice:
      'See which OpenSSL this node.js uses ("node -p process.versions.openssl") and whether it was configured to lack {method} (FIPS mode).',
    values: {
      reason: {
        'wrong-result': 'it gives another result than everywhere else',
        'right-key-rejected': 'it rejects what the right key has made',
        'wrong-key-accepted': 'it accepts what another key has made',
        'changed-packet-accepted': 'it accepts a packet that was changed',
      },
    },
  },
  'no-sending-key': { what: 'authkeys has no key for the number behind "auth".' },
  'unknown-key': { what: 'A packet is signed with a key number that authkeys does not have.' },
  'bad-mac': { what: 'The signature of a packet does not verify.' },
  oversized: { what: 'A packet is too long.' },
  truncated: { what: 'A packet is cut off.' },
  malformed: { what: 'A packet is not a heartbeat message.' },
  'too-many-fields': { what: 'A packet has too many fields.' },
};

export const linkWords: WordTable = { ...links, ...packets };
