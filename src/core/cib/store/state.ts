/**
 * The configuration store of one node as a machine: events in, effects out, nothing else. It keeps the current version in memory,
 * knows the files on its disk, takes commits one after the other, and keeps its peer equal while that is a member.
 *
 * A commit goes the same way on every path: the file is written to the ring, then as cib.xml (one `Work`), and only then sent.
 * While both nodes are members one of them, the coordinator, makes all versions; the other one proposes. So a version has one
 * parent and one successor as long as the nodes see each other; what they do apart is settled when they meet (settle.ts).
 */
import type { Problem, Result } from '../../result.ts';
import { type Microseconds, usPerMs, usPerSecond } from '../../types.ts';
import { type Digest, type Entry, nobody, type Sha256, type Standing } from './entry.ts';
import type { Condition, Current, Loaded } from './load.ts';
import type { Head, Outcome, Purpose, StoreMessage } from './messages.ts';
import type { Reassembly } from './parts.ts';
import type { Shelf } from './shelf.ts';
import type { Numbering, Version } from './version.ts';

/** What somebody wants to become the configuration. */
export interface Candidate {
  /** A whole CIB, its status section empty. Its version is replaced, unless its admin_epoch is higher than the current one. */
  readonly document: string;
  /** Digest of the version that it was made from; `''` for the first one. */
  readonly parent: Digest;
  readonly who: string;
  /** Wall clock, for people. */
  readonly when: string;
  readonly tool: string;
  /** Take it although this node's own configuration is of unknown origin or unreadable: then it replaces that. */
  readonly adopts?: boolean;
}

export interface Committed {
  readonly version: Version;
  readonly digest: Digest;
  /** `both`: durable on both nodes. `here`: on this node only; `notice` says why. */
  readonly where: 'both' | 'here';
  readonly notice?: Problem;
}

export type StoreEvent =
  | { readonly type: 'commit'; readonly id: number; readonly candidate: Candidate }
  /** The outcome of a `replace` or `remove`. */
  | { readonly type: 'written'; readonly id: number; readonly result: Result<void> }
  /** The peer became a member, perhaps again and as another incarnation, or is none any more. `leads`: this node coordinates. */
  | { readonly type: 'peer'; readonly isMember: boolean; readonly leads: boolean }
  /** What speaks for this node now. */
  | { readonly type: 'standing'; readonly standing: Standing }
  | { readonly type: 'message'; readonly message: StoreMessage }
  /** What a `read` gave; `undefined`: nothing, or not to be read. */
  | { readonly type: 'read'; readonly digest: Digest; readonly bytes: Uint8Array | undefined }
  /** `dueUs` has come. */
  | { readonly type: 'tick' };

export type StoreEffect =
  /** Old or new after any crash; answered by `written` only once it is durable. One at a time. */
  | { readonly type: 'replace'; readonly id: number; readonly name: string; readonly bytes: Uint8Array }
  | { readonly type: 'remove'; readonly id: number; readonly name: string }
  /** The file of that version, for the peer; answered by `read`. */
  | { readonly type: 'read'; readonly name: string; readonly digest: Digest }
  | { readonly type: 'send'; readonly message: StoreMessage }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<Committed> }
  /** This is the configuration from now on; it is durable here. */
  | { readonly type: 'changed'; readonly version: Version; readonly digest: Digest; readonly document: Uint8Array }
  | { readonly type: 'report'; readonly problem: Problem };

export interface StoreOptions {
  readonly node: string;
  /** 0 on one of the two nodes and 1 on the other, always the same: the parity of the epochs that it makes. */
  readonly parity: 0 | 1;
  readonly sha256: Sha256;
}

/** Who waits for a commit: somebody here, or the peer that proposed it. */
export type Asker =
  | { readonly from: 'here'; readonly id: number }
  | { readonly from: 'peer'; readonly request: Digest; readonly node: string };

export interface Waiting {
  readonly candidate: Candidate;
  readonly asker: Asker;
  readonly answerByUs: Microseconds;
}

/** A commit that is durable here and waits for the peer. */
export interface Unconfirmed {
  readonly asker: Asker | undefined;
  readonly version: Version;
  readonly digest: Digest;
  readonly answerByUs: Microseconds;
}

export interface Write {
  readonly name: string;
  /** `undefined`: the file is removed. */
  readonly bytes: Uint8Array | undefined;
  /** What is in it then, for the files that the shelf knows. */
  readonly entry: Entry | undefined;
  /** Without it the work fails; else its failure is only reported. */
  readonly isVital: boolean;
}

export type WorkPurpose =
  | { readonly kind: 'commit'; asker: Asker | undefined; readonly answerByUs: Microseconds }
  | { readonly kind: 'accept' }
  | { readonly kind: 'settle' }
  | { readonly kind: 'repair' };

/** Files that are written one after the other; nothing else is begun meanwhile. */
export interface Work {
  readonly purpose: WorkPurpose;
  /** What the current version is afterwards. */
  readonly next: Current;
  readonly writes: Write[];
  at: number;
  /** Of the effect that is under way. */
  id: number;
  /** The write that failed, while its file is taken away again. */
  failed: Problem | undefined;
}

export interface Outgoing {
  readonly file: Digest;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly base: Digest;
}

export interface Incoming {
  readonly reassembly: Reassembly;
  readonly digest: Digest;
  base: Digest;
  asked: number;
  /** Up to this part all are on their way. */
  windowEnd: number;
  askAtUs: Microseconds;
  /** Once it is whole, while something else is waited for. */
  whole: Uint8Array | undefined;
}

/** A commit that the peer was asked to make. */
export interface Proposal {
  readonly id: number;
  readonly request: Digest;
  readonly answerByUs: Microseconds;
  offerAtUs: Microseconds;
}

export interface Peer {
  isMember: boolean;
  /** This node is the coordinator: it makes the versions while both are members. */
  leads: boolean;
  head: Head | undefined;
  /** The last refusal, until it accepts. */
  refusal: Problem | undefined;
}

export interface StoreState {
  readonly options: StoreOptions;
  condition: Condition;
  current: Current | undefined;
  readonly shelf: Shelf;
  /** Versions above the current one that may have existed. */
  skipped: number;
  rejected: Uint8Array | undefined;
  /** Changes of the status section since the last commit: `num_updates` of the running configuration. */
  statusUpdates: number;
  peer: Peer;
  live: Standing;
  apart: Standing;
  waiting: Waiting[];
  work: Work | undefined;
  unconfirmed: Unconfirmed | undefined;
  proposal: Proposal | undefined;
  /** Of the peer's last requests: one that comes again is answered, not carried out. */
  readonly outcomes: Map<Digest, Outcome>;
  outgoing: { [purpose in Purpose]?: Outgoing };
  incoming: { [purpose in Purpose]?: Incoming };
  /** Version of which the peer was asked for a copy: to settle with, or because it lost and is not here. */
  wanted: Digest | undefined;
  nextId: number;
  /** Sync is tried again then, while the peers differ. */
  retryAtUs: Microseconds;
  tries: number;
  /** Parts sent in the second that began then. */
  sent: { sinceUs: Microseconds; parts: number };
}

/** One event being handled. */
export interface Step {
  readonly state: StoreState;
  readonly nowUs: Microseconds;
  readonly effects: StoreEffect[];
}

/** For a commit to become durable, or to be refused. */
export const commitTimeUs = 30 * usPerSecond;
/** For the peer to confirm what is durable here. */
export const confirmTimeUs = 5 * usPerSecond;
export const waitingMax = 8;
export const outcomesMax = 32;
export const quickRetryUs = 500 * usPerMs;
export const slowRetryUs = 10 * usPerSecond;
export const quickTries = 20;
export const never = Number.POSITIVE_INFINITY;

export function createState(options: StoreOptions, loaded: Loaded): StoreState {
  return {
    options,
    condition: loaded.condition,
    current: loaded.current,
    shelf: new Map(loaded.shelf),
    skipped: loaded.skipped,
    rejected: loaded.rejected,
    statusUpdates: 0,
    peer: { isMember: false, leads: false, head: undefined, refusal: undefined },
    live: nobody,
    apart: nobody,
    waiting: [],
    work: undefined,
    unconfirmed: undefined,
    proposal: undefined,
    outcomes: new Map(),
    outgoing: {},
    incoming: {},
    wanted: undefined,
    nextId: 1,
    retryAtUs: never,
    tries: 0,
    sent: { sinceUs: 0, parts: 0 },
  };
}

export function currentDigest(state: StoreState): Digest {
  return state.current?.entry.digest ?? '';
}

export function numberingOf({ options, skipped }: StoreState): Numbering {
  return { parity: options.parity, skipped };
}

/** To a member only. */
export function send({ state, effects }: Step, message: StoreMessage): void {
  if (state.peer.isMember) effects.push({ type: 'send', message });
}

export function report({ effects }: Step, problem: Problem): void {
  effects.push({ type: 'report', problem });
}
