/**
 * What the files in the configuration directory mean once they are parsed and checked. Everything above the parsers
 * (daemon, tools, lab, simulator) speaks this type; nothing else knows the syntax of ha.cf.
 */
import type { MonitoringOptions } from '../haresources/watch.ts';
import type { GroupKey, LinkId, NodeName } from '../types.ts';
import type { FencingConfiguration } from './fencing/fence-device.ts';

export interface Configuration {
  /** The directory the files came from, for messages. */
  readonly directory: string;
  readonly nodes: readonly NodeName[];
  readonly localNode: NodeName;
  readonly timing: Timing;
  readonly links: readonly LinkConfiguration[];
  readonly udpport: number;
  readonly hopfudge: number;
  readonly maxRexmitDelayMs: number;
  readonly messageFormat: 'classic' | 'netstring';
  /** `hbgenmethod time`: a new generation is not below the clock's seconds. */
  readonly generationFromClock: boolean;
  /** Absent without a `compression` line. */
  readonly compression?: CompressionConfiguration;
  readonly autoFailback: 'on' | 'off' | 'legacy';
  readonly realtime: { readonly enabled: boolean; readonly priority: number };
  readonly authentication: Authentication;
  /** `crm`: ha.cf asks for the other resource manager, which this version does not have; haresources is not read then. */
  readonly resourceManager: 'haresources' | 'crm';
  readonly groups: readonly GroupConfiguration[];
  /** Addresses outside the cluster that tell whether this node still reaches the world. */
  readonly pingNodes: readonly PingNodeConfiguration[];
  /** Heartbeat's helper programs that a `respawn` line asks for and that are built in here. */
  readonly helpers: readonly HelperConfiguration[];
  readonly logging: LoggingConfiguration;
  /** Programs of `respawn` and `failfast` lines, in the order in which they are started. */
  readonly services: readonly ServiceConfiguration[];
  /** `apiauth` lines: which users may come under which client name. */
  readonly clients: readonly ClientRule[];
  /** Device of the `watchdog` line. */
  readonly watchdog?: string;
  /** Absent without a stonith or stonith_host line. */
  readonly fencing?: FencingConfiguration;
  readonly tuning: Tuning;
  /** `env NAME=value` lines, handed to agents with the prefix HA_. */
  readonly environment: Readonly<Record<string, string>>;
  /** Effective value of every scalar directive as text, for `cl_status hbparameter` and `heartbeat -v`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** sha256 hex over the meaning of ha.cf (without node-local lines) and haresources; equal on a healthy pair. */
  readonly digest: string;
  /** The lines behind the digest, so that two nodes that differ can say in what. No secrets. */
  readonly meaning: readonly string[];
}

export interface CompressionConfiguration {
  readonly algorithm: 'zlib' | 'bz2';
  readonly thresholdBytes: number;
  /** `traditional_compression on`: the whole message rather than its structures. */
  readonly wholeMessage: boolean;
}

export interface Timing {
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly warntimeMs: number;
  readonly initdeadMs: number;
  readonly deadpingMs: number;
}

/** One `ping` or `ping6` address, or one `ping_group`: a pseudo node that tools list beside the real ones. */
export interface PingNodeConfiguration {
  /** The address as written, or the name of the group. */
  readonly name: string;
  readonly kind: 'ping' | 'ping_group';
  /** Up while any of them answers. Empty when no name in a group could be resolved. */
  readonly targets: readonly PingTarget[];
}

export interface PingTarget {
  readonly address: string;
  readonly family: 4 | 6;
}

export type HelperConfiguration =
  /** Moves resources to the node that reaches more ping nodes. */
  | { readonly kind: 'ipfail' }
  /** Lets DRBD mark its copy on the other node as outdated. */
  | { readonly kind: 'dopd' }
  | PingdConfiguration;

/** Keeps a node attribute at `multiplier` times the number of ping nodes that answer. */
export interface PingdConfiguration {
  readonly kind: 'pingd';
  readonly multiplier: number;
  readonly dampenMs: number;
  readonly attribute: string;
  /** Empty: all ping nodes of ha.cf. */
  readonly hosts: readonly string[];
  readonly intervalMs: number;
  readonly attempts: number;
}

export interface ServiceConfiguration {
  /** `failfast`: its death reboots the machine. */
  readonly kind: 'respawn' | 'failfast';
  readonly user: string;
  /** Absolute path. */
  readonly file: string;
  readonly args: readonly string[];
}

/** A client that comes under this name is served when its user or one of its groups is listed. */
export interface ClientRule {
  readonly client: string;
  /** Names or numbers, as written. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

export type LinkConfiguration = DatagramLink | SerialLink;

/** A link over UDP, IPv4 or IPv6. */
export type DatagramLink =
  | { readonly id: LinkId; readonly kind: 'bcast'; readonly device: string; readonly port: number }
  | {
      readonly id: LinkId;
      readonly kind: 'mcast';
      readonly device: string;
      readonly port: number;
      readonly group: string;
      readonly ttl: number;
      readonly loop: boolean;
    }
  | {
      readonly id: LinkId;
      readonly kind: 'ucast' | 'ucast6';
      readonly device: string;
      readonly port: number;
      /** IPv6 in the one spelling of `printIPv6`, without the zone: that is the device. */
      readonly peerAddress: string;
    }
  | {
      readonly id: LinkId;
      readonly kind: 'mcast6';
      readonly device: string;
      readonly port: number;
      readonly group: string;
      readonly hops: number;
      readonly loop: boolean;
    };

export interface SerialLink {
  readonly id: LinkId;
  readonly kind: 'serial';
  /** Path of the tty. */
  readonly device: string;
  /** Bits a second, one of `baudRates`. */
  readonly baud: number;
}

/** The packet is signed: anyone can read it, nobody without the key can make one. */
export type HmacMethod = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** The packet is encrypted as a whole, and signed by the same step. Between Pairbeat nodes only. */
export type SealedMethod = 'aes256gcm' | 'chacha20poly1305';

export type AuthenticationMethod = 'crc' | HmacMethod | SealedMethod;

export interface AuthenticationKey {
  readonly index: number;
  readonly method: AuthenticationMethod;
  /** Empty for crc. Never logged, never in the journal. */
  readonly secret: string;
}

export interface Authentication {
  /** The number behind `auth`: signs what this node sends. */
  readonly sendIndex: number;
  /** Every listed key is accepted on receipt: that is how keys are rotated. */
  readonly keys: readonly AuthenticationKey[];
  /** Why this is shown as WEAK AUTH; empty when it is not. */
  readonly weaknesses: readonly string[];
}

export interface GroupConfiguration {
  readonly key: GroupKey;
  /** Position of the line in haresources; both nodes must agree, the digest tells. */
  readonly index: number;
  /** The node that the line names: the group is "local" there and "foreign" on the other. */
  readonly owner: NodeName;
  readonly resources: readonly ResourceConfiguration[];
}

export interface ResourceConfiguration {
  /** As written, e.g. `192.168.1.100/24/eth0` or `OCF::IPaddr2::vip`. */
  readonly written: string;
  /**
   * `script`: an R1 or LSB script looked up in resource.d, then init.d; `ocf`: `OCF::type::instance`.
   * `IPaddr`, `IPaddr2`, `IPv6addr` and the bare address shorthand are served by our own agent, whatever resource.d
   * has: the wrappers of a Heartbeat package would cost half a second of every takeover.
   */
  readonly kind: 'script' | 'ocf';
  readonly type: string;
  readonly args: readonly string[];
}

export interface LoggingConfiguration {
  readonly logfile?: string;
  readonly debugfile?: string;
  /** syslog facility; absent means none. */
  readonly facility?: string;
  readonly debug: number;
  /** Lines in files as syslog writes them; else in Heartbeat's older form. */
  readonly syslogFormat: boolean;
  /** Say of packets that do not verify that they were refused. They are counted either way. */
  readonly badPackets: boolean;
}

/** pairbeat.conf: what Heartbeat does not know. Defaults in directives.ts. */
export interface Tuning {
  /** How often held addresses are announced again while nothing happens; 0 turns it off. */
  readonly announceIntervalMs: number;
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly statusTimeoutMs: number;
  /** Pause between two attempts to stop a resource whose stop failed, and how many attempts are made. */
  readonly stopRetryDelayMs: number;
  readonly stopRetryMax: number;
  /** The guardian acts this long before the peer's deadtime for us runs out; 0 means computed from deadtime. */
  readonly guardianMarginMs: number;
  readonly journalMaxBytes: number;
  readonly journalSegments: number;
  readonly fenceAction: 'reset' | 'off';
  readonly fenceTimeoutMs: number;
  /** How long the node that held less waits before its first attempt. */
  readonly fenceDelayMs: number;
  /** A node that starts alone waits for the other, or an operator. Without a fence device it says nothing. */
  readonly waitForAll: boolean;
  /** 0: never. */
  readonly fenceProbeIntervalMs: number;
  /** `conflict_check on|off`: ask the network whether an address is in use before it is configured. */
  readonly conflictCheck: boolean;
  readonly monitoring: MonitoringOptions;
}
