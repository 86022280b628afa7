/** Findings about the media lines of ha.cf. */
import type { FindingText } from '../finding-texts.ts';

export const linkTexts = {
  'links-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: () => 'no link is defined: the nodes could not hear each other',
    advice: () =>
      'Add one or better two of `ucast DEVICE PEER-ADDRESS`, `bcast DEVICE`, `mcast DEVICE 225.0.0.1 694 1 0`.',
  },
  'links-unsupported-only': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ media }) =>
      `the only links are of a kind that this version cannot open (${media}): the nodes could not hear each other and both would run everything`,
    advice: () =>
      'Add a ucast, bcast or mcast line; any network between the nodes will do, and so does a serial cable.',
  },
  'links-own-only': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: () => 'every ucast line names an address of this node itself: the peer would not hear anything',
    advice: () => "Add a ucast line with the peer's address.",
  },
  'links-ping-only': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: () =>
      'there are ping nodes and no link: the nodes could not hear each other and both would run everything',
    advice: () => 'Add a ucast, bcast or mcast line. (Heartbeat counts a ping node as a link and starts.)',
  },
  'link6-address': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ address }) => `"${address}" is no IPv6 address of another machine`,
    advice: () =>
      'Write the address of the peer on that network, for example fd00:1::8, or its link-local one (fe80::...), which needs no configuration.',
  },
  'link6-scope': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ scope, device }) => `the address belongs to ${scope}, the line to ${device}`,
    advice: () => 'Name the same device on both sides of the %.',
  },
  'link6-group': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ address }) => `"${address}" is no IPv6 multicast group that leaves this machine`,
    advice: () => 'Groups begin with ff and a scope of 2 or more, for example ff12::694 (this network only).',
  },
  'device-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ device }) => `this machine has no network device ${device}`,
    advice: ({ devices, nearest }) => `It has: ${devices}.${nearest ? ` Did you mean ${nearest}?` : ''}`,
  },
  'device-missing-later': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ device }) => `this machine has no network device ${device}: this link is down until there is one`,
    advice: ({ devices, nearest }) =>
      `It has: ${devices}.${nearest ? ` Did you mean ${nearest}?` : ''} (Heartbeat starts, reports success, and dies.)`,
  },
  'address-abbreviated': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: ({ address }) => `"${address}" is not a whole IPv4 address`,
    advice: () => 'Write all four numbers. Heartbeat fills the missing ones with zeros: 10 becomes 0.0.0.10.',
  },
  'link-address': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ address }) => `"${address}" is neither an IPv4 address nor a name in /etc/hosts`,
    advice: () => 'Write the address. A cluster should not need a name server to find its peer.',
  },
  'mcast-group': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ address }) => `"${address}" is no IPv4 multicast group`,
    advice: () => 'Groups lie between 224.0.0.0 and 239.255.255.255; 239.0.0.0/8 is for private use.',
  },
  'mcast-number': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, what, value, minimum, maximum }) =>
      `the ${what} of a ${directive} line must lie between ${minimum} and ${maximum}, not "${value}"`,
    advice: ({ directive }) =>
      directive === 'mcast6'
        ? 'The form is `mcast6 device group port hops loop`, usually `mcast6 eth0 ff12::694 694 1 0`.'
        : 'The form is `mcast device group port ttl loop`, usually `mcast eth0 225.0.0.1 694 1 0`.',
  },
  'words-ignored': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ words }) => `"${words}" has no meaning here and is ignored`,
    advice: ({ usage }) => `The form is \`${usage}\`. Words are separated by blanks, not commas.`,
  },
  'link-twice': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ link }) => `${link} is there already; this one is left out`,
    advice: () => 'Two links over one wire protect against nothing. Use a second network.',
  },
  'link-own-address': {
    severity: 'note',
    heartbeat: 'accepts',
    problem: ({ address }) =>
      `${address} is this node's own address; the line is for the other node and is skipped here`,
  },
  'link-old-name': {
    severity: 'warning',
    heartbeat: 'warns',
    problem: () => 'udp is the old name of bcast',
    advice: () => 'Write bcast.',
  },
  'udpport-after-links': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ port, before }) =>
      `udpport ${port} comes after links that are open on port ${before} already: it holds only for the lines below it`,
    advice: () => 'Move it above the bcast and ucast lines. It must be the same on both nodes.',
  },
  'link-single': {
    severity: 'note',
    heartbeat: 'accepts',
    problem: ({ link }) =>
      `${link} is the only link: one cable or switch port decides whether the nodes believe each other dead`,
    advice: () => 'Add a second link over another network.',
  },
  'serial-device': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ device, kind }) =>
      kind === 'missing' ? `there is no serial line ${device} on this machine` : `${device} is no device`,
    advice: () =>
      'The first serial port is /dev/ttyS0, a USB one /dev/ttyUSB0. `dmesg | grep tty` shows what there is.',
  },
  'serial-too-many': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: ({ limit }) => `more than ${limit} serial lines`,
    advice: () => 'Two over two cables are plenty.',
  },
  'baud-after-links': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ baud, before }) =>
      `baud ${baud} comes after serial lines that are open at ${before} already: it holds only for the lines below it`,
    advice: () => 'Move it above the serial lines. It must be the same on both nodes.',
  },
  'baud-too-slow': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ device, baud, bytes, perSecond, sources, needed }) =>
      `${device} is too slow for the keepalives: one has up to ${bytes} bytes, each takes 10 bits on the line, ${perSecond} a second ${sources} make ${needed} bits a second, and the line carries ${baud}`,
    advice: ({ baud, slowest }) =>
      `Write a faster \`baud\` above the serial line (on both nodes), or \`keepalive ${slowest}\` or longer. At ${baud} the peer would hear each keepalive later than the one before, and declare this node dead.`,
  },
  'baud-tight': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ device, baud, needed }) =>
      `keepalives alone fill more than half of ${device}: ${needed} of ${baud} bits a second`,
    advice: () => 'Whatever is said beside them (a handover, a repetition) makes them late. Write a faster `baud`.',
  },
  'baud-rate': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ value }) => `${value} is not a speed of serial lines`,
    advice: ({ rates }) => `Known are ${rates}.`,
  },
} as const satisfies Record<string, FindingText>;
