/**
 * What the transport knows. One object, changed in place by `step`; every other file of this folder works on a part
 * of it. `accounts` holds what even an unauthenticated packet may change: counters, log limits, the flood limiter.
 * Nothing else may change before a MAC verifies (S15).
 */
import type { Authentication, CompressionConfiguration, Timing } from '../config/configuration.ts';
import type { TransportEffect } from '../effects.ts';
import type { NodeStatus } from '../events.ts';
import { createRandom, nextUint32, type RandomState } from '../random.ts';
import type { LinkId, Microseconds, NodeName } from '../types.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { bytesFromHex } from './bytes.ts';
import type { Zlib } from './compression.ts';
import type { KeepaliveHead } from './keepalive-head.ts';
import type { LinkTest, ProbeCount } from './link-test.ts';
import type { Hashes } from './mac.ts';
import type { Field, Message } from './message.ts';
import type { OwnDeadtime } from './own-deadtime.ts';
import type { VerifiedPacket } from './packet-header.ts';
import type { OwnKeyStatement, PeerKeyStatement } from './peer-keys.ts';
import { beginSealing, type Sealing } from './sealed.ts';
import { createSequenceWindow, type SequenceWindow } from './sequence-window.ts';

export interface TransportOptions extends TransportSettings {
  readonly localNode: NodeName;
  /** 32 lower-case hexadecimal digits. */
  readonly localUuid: string;
  /** Already durable, and higher than in any earlier life of this node. */
  readonly generation: number;
  /** The other node; absent when the configuration names only this one. */
  readonly peer?: NodeName;
  readonly authentication: Authentication;
  readonly seed: number;
  /** Highest generation on disk per uuid, oldest record first: the last one of the peer's name is its present uuid. */
  readonly persistedPeers: readonly PersistedPeer[];
  readonly hashes: Hashes;
  /** Random text of at least 128 bits, new in each process: sealed packets must never repeat a nonce. */
  readonly entropy: string;
  /** Absent: compressed messages are refused as malformed. */
  readonly zlib?: Zlib;
  /** Absent: nothing is compressed on its way out. */
  readonly compression?: CompressionConfiguration;
  /** What this version can do beyond Heartbeat, for the `pbcaps` field. */
  readonly capabilities: readonly string[];
  /** For `ts` and `ld` until the first `environment` event. */
  readonly wallSeconds: number;
  readonly loadAverage: string;
}

/** What a reload may change while the transport runs. */
export interface TransportSettings {
  readonly links: readonly LinkId[];
  /** Those of them that carry the classic form alone. */
  readonly serialLinks?: readonly LinkId[];
  readonly timing: Timing;
  readonly messageFormat: 'classic' | 'netstring';
  readonly hopfudge: number;
  /** How many ping nodes there are: Heartbeat counts them among the nodes when it sets a packet's hop limit. */
  readonly pingNodes?: number;
  readonly maxRexmitDelayMs: number;
}

export interface PersistedPeer {
  readonly node: NodeName;
  readonly uuid: string;
  readonly generation: number;
}

export interface TransportState {
  options: TransportOptions;
  /** `options.localUuid` as it goes on the wire. */
  readonly localUuid: Uint8Array;
  authentication: Authentication;
  /** The last `pbkeys` and what it was made from. */
  keysSaid: OwnKeyStatement | undefined;
  /** Present incarnation of this node, and the first one of this process: both name packets that are our own. */
  generation: number;
  readonly firstGeneration: number;
  started: boolean;
  /** After an own pause, until `rejoin`: silent and deaf. */
  paused: boolean;
  nowUs: Microseconds;
  /** Sequence number of the last message sent in this generation. */
  sequence: number;
  /** Salt and numbers of sealed packets; of this generation as well. */
  sealing: Sealing;
  advertised: Advertised;
  /** What the last keepalive said and the next one says again; only there to save work. */
  keepaliveHead: KeepaliveHead | undefined;
  /** By which this node judges its own silence. */
  ownDeadtime: OwnDeadtime;
  environment: { readonly wallSeconds: number; readonly loadAverage: string };
  startedUs: Microseconds;
  lastKeepaliveUs: Microseconds;
  nextKeepaliveUs: Microseconds;
  /** Ring of the last messages sent; the place of a message is its sequence number modulo the length. */
  history: (SentMessage | undefined)[];
  readonly peer: PeerState | undefined;
  /** The last test of the links that this node was asked for; it stays when it is over. */
  linkTest: LinkTest | undefined;
  readonly persistedGenerations: Map<string, number>;
  /** Sockets are being read empty before silence is judged. */
  drain: { readonly token: number; readonly askedUs: Microseconds } | undefined;
  lastToken: number;
  lastRequestId: number;
  /** Grows whenever the peer or one of its links goes up or down. */
  linkViewVersion: number;
  readonly random: RandomState;
  /** Last decimal digit of the sequence numbers that this node acknowledges. */
  readonly acknowledgedDigit: number;
  readonly accounts: Accounts;
}

/** What the node wants every keepalive to say. */
export interface Advertised {
  readonly status: NodeStatus;
  readonly deadtimeMs: number;
  readonly fields: readonly Field[];
}

export interface SentMessage {
  readonly sequence: number;
  readonly message: Message;
  /** When it last left as a repetition. */
  resentUs: Microseconds | undefined;
}

export interface PeerState {
  readonly name: NodeName;
  /** `never`: not since this node became the present incarnation. */
  heard: 'never' | 'up' | 'silent';
  uuid: string | undefined;
  generation: number;
  /** A status of this generation has been believed in this process: what `pbto` tells the peer. */
  accepted: boolean;
  /** Only a status that names our present generation proves that the peer is not a recording. */
  confirmationRequired: boolean;
  /** The peer sent `pbver` in this generation. */
  pairbeat: boolean;
  /** Number of the key that its last status carried, in this process. */
  signsWith: number | undefined;
  /** What it said of the keys that it accepts. */
  keys: PeerKeyStatement | undefined;
  /** Its `pbcaps`, as sent. */
  capabilities: string;
  status: string;
  deadtimeMs: number;
  lastStatusUs: Microseconds;
  lastStatusSequence: number;
  window: SequenceWindow;
  /** Lowest message refused because no status had been heard yet; asked for again once one is. */
  refused: RefusedMessage | undefined;
  acknowledgementDue: boolean;
  /** What has arrived of the peer's test of the links. */
  probes: ProbeCount | undefined;
  /** Highest of our sequence numbers that the peer has acknowledged. */
  acknowledged: number;
  readonly links: Map<LinkId, PeerLink>;
  pending: PendingGeneration | undefined;
}

export interface RefusedMessage {
  readonly sequence: number;
  readonly atUs: Microseconds;
}

export interface PeerLink {
  readonly link: LinkId;
  up: boolean;
  lastHeardUs: Microseconds;
  /** Only a sequence number above this is news from this link: a recording keeps no link up. */
  highestSequence: number;
  /** Of the last sealed packet that was news from this link. */
  seal?: { readonly salt: Uint8Array; readonly counter: number };
}

/** A higher generation waits here until it is durable. */
export interface PendingGeneration {
  readonly requestId: number;
  readonly uuid: string;
  readonly generation: number;
  /** Latest status of it. */
  held: VerifiedPacket;
  readonly sinceUs: Microseconds;
  askedUs: Microseconds;
  heardUs: Microseconds;
  refused: RefusedMessage | undefined;
}

/** One call of `step`: the state, the time, and what is to be done. */
export interface Turn {
  readonly state: TransportState;
  readonly nowUs: Microseconds;
  readonly effects: TransportEffect[];
}

export const historyLength = 500;

export function createTransport(options: TransportOptions): TransportState {
  const random = createRandom(options.seed);
  const persisted = new Map<string, number>();
  for (const { uuid, generation } of options.persistedPeers) {
    persisted.set(uuid, Math.max(generation, persisted.get(uuid) ?? 0));
  }
  return {
    options,
    localUuid: bytesFromHex(options.localUuid),
    authentication: options.authentication,
    keysSaid: undefined,
    generation: options.generation,
    firstGeneration: options.generation,
    started: false,
    paused: false,
    nowUs: 0,
    sequence: 0,
    sealing: beginSealing(options.hashes, options.entropy, {
      generation: options.generation,
      nowUs: 0,
      wallSeconds: options.wallSeconds,
    }),
    advertised: { status: 'init', deadtimeMs: options.timing.deadtimeMs, fields: [] },
    keepaliveHead: undefined,
    ownDeadtime: { deadtimeMs: options.timing.deadtimeMs, longer: undefined },
    environment: { wallSeconds: options.wallSeconds, loadAverage: options.loadAverage },
    startedUs: 0,
    lastKeepaliveUs: 0,
    nextKeepaliveUs: 0,
    history: new Array(historyLength).fill(undefined),
    peer: options.peer === undefined ? undefined : createPeer(options, options.peer, persisted),
    persistedGenerations: persisted,
    linkTest: undefined,
    drain: undefined,
    lastToken: 0,
    lastRequestId: 0,
    linkViewVersion: 0,
    acknowledgedDigit: nextUint32(random) % 10,
    random,
    accounts: createAccounts(),
  };
}

function createPeer(options: TransportOptions, name: NodeName, persisted: ReadonlyMap<string, number>): PeerState {
  const record = options.persistedPeers.findLast(({ node }) => node === name);
  return {
    name,
    heard: 'never',
    uuid: record?.uuid,
    generation: record === undefined ? 0 : persisted.get(record.uuid)!,
    accepted: false,
    confirmationRequired: record !== undefined,
    pairbeat: false,
    signsWith: undefined,
    keys: undefined,
    capabilities: '',
    status: 'unknown',
    deadtimeMs: options.timing.deadtimeMs,
    lastStatusUs: 0,
    lastStatusSequence: 0,
    window: createSequenceWindow(0),
    refused: undefined,
    acknowledgementDue: false,
    probes: undefined,
    acknowledged: 0,
    links: new Map(options.links.map((link) => [link, { link, up: false, lastHeardUs: 0, highestSequence: 0 }])),
    pending: undefined,
  };
}
