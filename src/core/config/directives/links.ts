/** Over what the nodes hear each other. */
import type { Directive } from '../directives.ts';

const common = { file: 'ha.cf', chapter: 'Links', nodeLocal: true } as const;
const absent =
  'The packaged Heartbeat is not built with this medium either, and does not start with the line. Use bcast, mcast, ucast, their IPv6 forms, or serial.';

export const linkDirectives: readonly Directive[] = [
  {
    ...common,
    name: 'udpport',
    shape: { kind: 'integer', minimum: 1, maximum: 65_535 },
    usage: 'port',
    default: 'service ha-cluster/udp, else 694',
    status: 'active',
    summary:
      'UDP port of the bcast, ucast and ucast6 lines that follow it. Two clusters on one network need two ports.',
  },
  {
    ...common,
    name: 'bcast',
    shape: { kind: 'list' },
    usage: 'device ...',
    status: 'active',
    summary: 'Keepalives as IPv4 broadcasts on each of these devices.',
  },
  {
    ...common,
    name: 'mcast',
    shape: { kind: 'line' },
    usage: 'device group port ttl loop',
    status: 'active',
    summary: 'Keepalives to an IPv4 multicast group. All five words are needed; ttl 0 to 4, loop 0 or 1.',
  },
  {
    ...common,
    name: 'ucast',
    shape: { kind: 'line' },
    usage: 'device address',
    status: 'active',
    summary:
      "Keepalives to one address, the peer's on that network. A line with this node's own address is skipped, so that both nodes can have the same file.",
  },
  {
    ...common,
    name: 'udp',
    shape: { kind: 'list' },
    usage: 'device ...',
    status: 'active',
    summary: 'Old name of bcast.',
  },
  {
    ...common,
    name: 'serial',
    shape: { kind: 'list' },
    usage: 'tty ...',
    status: 'active',
    summary:
      'Keepalives over a serial line, a null-modem cable between the nodes, at the speed that `baud` above it names. At most 4. No switch, no address, no firewall can take it away.',
  },
  {
    ...common,
    name: 'ucast6',
    shape: { kind: 'line' },
    usage: 'device address[%device]',
    status: 'active',
    summary:
      "Keepalives to one IPv6 address, the peer's on that network. Link-local addresses need no configuration at all. A line with this node's own address is skipped.",
  },
  {
    ...common,
    name: 'mcast6',
    shape: { kind: 'line' },
    usage: 'device group port hops loop',
    status: 'active',
    summary: 'Keepalives to an IPv6 multicast group. All five words are needed; hops 0 to 4, loop 0 or 1.',
  },
  {
    ...common,
    name: 'tipc',
    shape: { kind: 'line' },
    usage: '...',
    status: 'no-effect',
    unknownToHeartbeat: true,
    summary: 'Keepalives over TIPC.',
    reason: absent,
  },
  {
    ...common,
    name: 'rds',
    shape: { kind: 'line' },
    usage: '...',
    status: 'no-effect',
    unknownToHeartbeat: true,
    summary: 'Keepalives over RDS.',
    reason: absent,
  },
  {
    ...common,
    name: 'openais',
    shape: { kind: 'line' },
    usage: '...',
    status: 'no-effect',
    unknownToHeartbeat: true,
    summary: 'Keepalives over OpenAIS.',
    reason: absent,
  },
  {
    ...common,
    name: 'baud',
    shape: { kind: 'integer', minimum: 0, maximum: 460_800 },
    usage: '9600|19200|38400|57600|115200|230400|460800',
    default: '19200',
    status: 'active',
    once: true,
    summary: 'Speed of the serial lines that follow it, in bits a second.',
  },
  {
    ...common,
    name: 'ping',
    nodeLocal: false,
    shape: { kind: 'list' },
    usage: 'address ...',
    status: 'active',
    summary:
      'Addresses outside the cluster that tell whether this node still reaches the world. Each is asked at every keepalive and dead after deadping. With ipfail, the node that reaches fewer gives its groups away.',
  },
  {
    ...common,
    name: 'ping6',
    nodeLocal: false,
    shape: { kind: 'list' },
    usage: 'address ...',
    status: 'active',
    summary: 'As ping, for IPv6.',
  },
  {
    ...common,
    name: 'ping_group',
    nodeLocal: false,
    shape: { kind: 'line' },
    usage: 'name address ...',
    status: 'active',
    summary: 'Several addresses that count as one ping node: it is up while any of them answers.',
  },
  {
    ...common,
    name: 'hbaping',
    nodeLocal: false,
    shape: { kind: 'line' },
    usage: 'card',
    status: 'no-effect',
    unknownToHeartbeat: true,
    summary: 'A ping node on a Fibre Channel fabric.',
    reason:
      'It needs the HBA library of the card, which the packaged Heartbeat is not built with either. Use `ping` with an address on the network that matters.',
  },
];

/** Media this version cannot open: as the only link they leave a node deaf, so then they are refused. */
export const unsupportedMedia: readonly string[] = ['tipc', 'rds', 'openais'];

/** The speeds that Heartbeat's serial medium knows. */
export const baudRates: readonly number[] = [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800];

export const defaultBaud = 19_200;

/** As Heartbeat: it refuses a fifth. */
export const maxSerialLines = 4;
