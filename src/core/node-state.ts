/** The whole state of the node machine: membership, groups, handover, timers. Plain data, one place. */

import type { Operation } from './agents.ts';
import type { Alarm } from './alarms.ts';
import type { Rest } from './at-rest.ts';
import { type AttributeStore, createAttributes } from './attributes.ts';
import { type ClientQuestions, createClientQuestions } from './client-questions.ts';
import type { GroupConfiguration, ResourceConfiguration } from './config/configuration.ts';
import { createMeaningExchange, type MeaningExchange } from './configuration-difference.ts';
import { createDopd, type DopdState } from './dopd.ts';
import type { NodeEffect } from './effects.ts';
import type { StandbyScope } from './events.ts';
import { createFencing, type FencingState } from './fencing/fencing-state.ts';
import type { FencingSettings } from './fencing/settings.ts';
import { type ClassicPeer, createClassicPeer } from './haresources/classic/classic-peer.ts';
import { type GroupContext, groupMachine, letterOfState } from './haresources/group-machine.ts';
import { handoverMachine } from './haresources/handover-machine.ts';
import type { GroupLetter } from './haresources/letters.ts';
import type { Report, ReportStage } from './haresources/report.ts';
import type { Unmanaged } from './haresources/unmanage.ts';
import { createMonitor, type Monitor, type MonitoringOptions } from './haresources/watch.ts';
import { lifeMachine } from './life-machine.ts';
import { begin, type StoredSnapshot } from './machine.ts';
import type { StartEvidence } from './ownership.ts';
import { createReach, type ReachOptions, type ReachState } from './ping/reach-state.ts';
import { createTimers, type Timers } from './timers.ts';
import type { Microseconds, NodeName } from './types.ts';

export interface NodeOptions extends NodeSettings {
  readonly self: NodeName;
  readonly peer: NodeName;
  readonly uuid: string;
  /** crm mode: no group is ever managed here, and everybody is told so. */
  readonly unmanaged?: boolean;
}

/** What a reload may change while the node runs. */
export interface NodeSettings {
  readonly groups: readonly GroupConfiguration[];
  readonly deadtimeMs: number;
  readonly keepaliveMs: number;
  readonly initdeadMs: number;
  readonly autoFailback: boolean;
  /** `auto_failback legacy`: matters only where the peer is a real Heartbeat, which then makes no claims. */
  readonly legacyFailback?: boolean;
  readonly configurationDigest: string;
  /** The lines behind the digest (`Configuration.meaning`). */
  readonly configurationMeaning: readonly string[];
  /** Names of the helpers that this node runs, as `cl_status clientstatus` asks for them. */
  readonly clients?: readonly string[];
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly statusTimeoutMs: number;
  readonly stopRetryDelayMs: number;
  readonly stopRetryMax: number;
  readonly announceIntervalMs: number;
  readonly monitoring: MonitoringOptions;
  readonly reach: ReachOptions;
  /** `undefined`: nothing is fenced, silence alone permits a takeover. */
  readonly fencing?: FencingSettings | undefined;
}

/** Version of a change that has not been published yet: nothing can have acknowledged it. */
export const unpublished = Number.MAX_SAFE_INTEGER;

export interface GroupState {
  /** In force: what is started and stopped as this group. While a part of it changes, also what is on its way out. */
  configuration: GroupConfiguration;
  /** What haresources says now; `undefined` once it does not name the group any more. */
  wanted: GroupConfiguration | undefined;
  /** Resources (as written) that were to be added and did not start: not tried again before a reload or a cleanup. */
  leftOut: readonly string[];
  /** What the present change stops for good. */
  going: readonly ResourceConfiguration[];
  snapshot: StoredSnapshot<GroupContext>;
  /** The one operation of this group whose answer counts. */
  inFlight: Operation | undefined;
  evidence: StartEvidence | undefined;
  /** When the present start was decided, and when the last one was done. */
  decidedUs: Microseconds;
  startedUs: Microseconds;
  /** Taken on the peer's silence, and not yet agreed about. */
  marked: boolean;
  /** Report version that first told the peer of the present start and its mark. */
  claimedAtVersion: number;
  offeredAtVersion: number;
  withdrawnAtVersion: number;
  operatorWord: string | undefined;
  /** The peer's last word on this group was that its stop failed there: remembered when its report is forgotten (S9). */
  stuckAtPeer: boolean;
  lastFailure: string | undefined;
  readonly monitor: Monitor;
  /** Somebody works on its services: hands off. Only while it runs here. */
  unmanaged: Unmanaged | undefined;
  /** A split with the peer over this group is being settled since. */
  disputedSinceUs: Microseconds | undefined;
}

export interface PeerState {
  presence: 'never' | 'up' | 'silent' | 'left';
  generation: number;
  uuid: string;
  product: 'pairbeat' | 'heartbeat' | 'unknown';
  /** What a real Heartbeat has said; without meaning beside a Pairbeat node. */
  classic: ClassicPeer;
  linkViewVersion: number;
  lastHeardUs: Microseconds;
  /** When it said `returning` after silence; used to settle a split. */
  returnedUs: Microseconds | undefined;
  silentSinceUs: Microseconds;
  deadtimeMs: number;
  status: string;
  report: Report | undefined;
  reportUs: Microseconds;
  /** Its last report, also one that was not written for us: good enough to give way to, never to start on. */
  overheard: Report | undefined;
  fresh: boolean;
  configurationDigest: string | undefined;
  /** The peer says it does not hear us, since. */
  deafSinceUs: Microseconds | undefined;
  /** It has come back in a new generation and its groups may go home (auto_failback). */
  failbackDue: boolean;
}

/** What the handshake that is under way is about; its phase is the state of the handover machine. */
export interface Handover {
  readonly reason: 'standby' | 'failback' | 'ipfail' | 'peer';
  readonly scope: StandbyScope;
  readonly keys: readonly string[];
  readonly requestId: number | undefined;
  readonly startedUs: Microseconds;
  /** As taker: the giver has begun to stop what it gives. */
  moving: boolean;
  /** As taker from a real Heartbeat: it says again that nothing moves, without having said `done`. */
  stableSinceUs?: Microseconds | undefined;
}

export interface PendingTakeover {
  readonly requestId: number;
  readonly keys: readonly string[];
  readonly limitUs: Microseconds;
}

export interface SplitRecord {
  readonly sinceUs: Microseconds;
  readonly healedUs: Microseconds;
  readonly groups: readonly string[];
}

export interface NodeState {
  options: NodeOptions;
  /** In what the peer's files differ from ours. */
  readonly exchange: MeaningExchange;
  nowUs: Microseconds;
  generation: number;
  bootUs: Microseconds;
  /** `initdead` counts from here: boot, or the rejoin after an own pause. */
  waitingSinceUs: Microseconds;
  waitMs: number;
  life: StoredSnapshot<undefined>;
  hostReady: boolean;
  readonly peer: PeerState;
  groups: GroupState[];
  handoverPhase: StoredSnapshot<undefined>;
  handover: Handover | undefined;
  pendingTakeover: PendingTakeover | undefined;
  readonly questions: ClientQuestions;
  reportVersion: number;
  /** The report as last said, without version and acknowledgement, and the text that it was compared by. */
  reportSaid: Report | undefined;
  reportContent: string;
  /** The resource lists of this node as last said, and the report version that said them first. */
  listsSaid: string;
  listsAtVersion: number;
  /** The digest of these lists, which is asked for with every message. */
  listsMemo: { readonly present: readonly (readonly ResourceConfiguration[])[]; readonly digest: string } | undefined;
  ackSent: number;
  digestSent: string;
  holdSent: string;
  statusSent: string;
  nextOperationId: number;
  nextRecordId: number;
  /** Probes at boot by operation id: is this address configured although nobody started it? */
  readonly probes: Map<number, string>;
  /** This incarnation ended with an own pause. */
  rejoinDue: boolean;
  rejoinAsked: boolean;
  /** Groups last written down as taken on silence. */
  marksRecorded: string | undefined;
  /** The same for groups whose stop failed at the peer. */
  stuckRecorded: string | undefined;
  /** The record of unmanaged groups as last written. */
  unmanagedRecorded: string;
  split: SplitRecord | undefined;
  readonly reach: ReachState;
  readonly attributes: AttributeStore;
  readonly dopd: DopdState;
  readonly fencing: FencingState;
  /** Attributes as last told to the peer. */
  attributesSent: string;
  /** Status of the peer as last told to listeners outside. */
  peerStatusTold: string;
  readonly alarms: Map<string, Alarm>;
  readonly timers: Timers;
  /** Nothing followed from the last event, nor will from the same once more. */
  rest: Rest | undefined;
  /** Effects of the step that is running. */
  effects: NodeEffect[];
}

export function createNode(options: NodeOptions, generation: number): NodeState {
  return {
    options,
    exchange: createMeaningExchange(),
    digestSent: '',
    nowUs: 0,
    generation,
    bootUs: 0,
    waitingSinceUs: 0,
    waitMs: options.initdeadMs,
    life: begin(lifeMachine, undefined),
    hostReady: false,
    peer: unknownPeer(),
    groups: options.groups.map((configuration) => createGroup(configuration, options.stopRetryMax)),
    handoverPhase: begin(handoverMachine, undefined),
    handover: undefined,
    pendingTakeover: undefined,
    questions: createClientQuestions(),
    reportVersion: 0,
    reportSaid: undefined,
    reportContent: '',
    listsSaid: '',
    listsAtVersion: 0,
    listsMemo: undefined,
    ackSent: 0,
    holdSent: '',
    statusSent: '',
    nextOperationId: 1,
    nextRecordId: 1,
    probes: new Map(),
    rejoinDue: false,
    rejoinAsked: false,
    stuckRecorded: '',
    unmanagedRecorded: '{"unmanaged":[]}',
    marksRecorded: '',
    split: undefined,
    reach: createReach(options.reach),
    attributes: createAttributes(),
    dopd: createDopd(),
    fencing: createFencing(),
    attributesSent: '',
    peerStatusTold: 'init',
    alarms: new Map(),
    timers: createTimers(),
    rest: undefined,
    effects: [],
  };
}

export function createGroup(configuration: GroupConfiguration, stopRetryMax: number): GroupState {
  return {
    configuration,
    wanted: configuration,
    leftOut: [],
    going: [],
    snapshot: begin(groupMachine, { size: configuration.resources.length, stopRetryMax }),
    inFlight: undefined,
    evidence: undefined,
    decidedUs: 0,
    startedUs: 0,
    marked: false,
    claimedAtVersion: 0,
    offeredAtVersion: 0,
    withdrawnAtVersion: 0,
    operatorWord: undefined,
    stuckAtPeer: false,
    lastFailure: undefined,
    monitor: createMonitor(configuration),
    unmanaged: undefined,
    disputedSinceUs: undefined,
  };
}

function unknownPeer(): PeerState {
  return {
    presence: 'never',
    generation: 0,
    uuid: '',
    product: 'unknown',
    classic: createClassicPeer(),
    linkViewVersion: 0,
    lastHeardUs: 0,
    returnedUs: undefined,
    silentSinceUs: 0,
    deadtimeMs: 0,
    status: 'init',
    report: undefined,
    reportUs: 0,
    overheard: undefined,
    fresh: false,
    configurationDigest: undefined,
    deafSinceUs: undefined,
    failbackDue: false,
  };
}

export const stageOf = (state: NodeState): ReportStage => state.life.value as ReportStage;

export function letterOf(group: GroupState): GroupLetter {
  return letterOfState[group.snapshot.value] ?? 'u';
}

export function isOwnerOf(state: NodeState, group: GroupState): boolean {
  return group.configuration.owner === state.options.self;
}
