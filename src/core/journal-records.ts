/**
 * What the journal holds: one record per thing that happened, in order, each with the boot-time clock of the machine
 * that wrote it. Additive only: an older reader skips kinds and fields it does not know. Secrets are never in it.
 *
 * The clock starts anew at every boot; `segment` records name the boot, and carry the wall clock for display.
 */
import type { OperationResult } from './agents.ts';
import type { FenceAction, FenceOutcome } from './fencing/settings.ts';
import type { StartEvidence } from './ownership.ts';
import { type LinkId, type Microseconds, type NodeName, usPerSecond } from './types.ts';

export type JournalRecord =
  | SegmentRecord
  | CheckpointRecord
  | LostRecord
  | PacketsRecord
  | FailoverRecord
  | StepRecord
  | QuietStepsRecord
  | DigestRecord
  /** What went into the transport machine and came out of it, but for packets. */
  | { readonly kind: 'event' | 'effect'; readonly us: Microseconds; readonly [field: string]: unknown };

/** First line of every segment. */
export interface SegmentRecord {
  readonly kind: 'segment';
  readonly us: Microseconds;
  readonly format: 1;
  readonly number: number;
  /** /proc/sys/kernel/random/boot_id: times of different boots cannot be compared. */
  readonly bootId: string;
  readonly wallSeconds: number;
  /** Of Pairbeat that wrote it. */
  readonly version?: string;
}

/** Second line of every segment: the whole state at this point, from which a replay can begin. */
export interface CheckpointRecord {
  readonly kind: 'checkpoint';
  readonly us: Microseconds;
  readonly state: unknown;
  /** Steps of the node machine that this daemon had made; 0: it has just begun. */
  readonly step?: number;
  /** Of the node machine's state. */
  readonly digest?: string;
}

/** One step of the node machine: what went in, what came out. The steps of a daemon are numbered from 1. */
export interface StepRecord {
  readonly kind: 'event';
  readonly us: Microseconds;
  readonly to: 'node';
  readonly step: number;
  readonly event: unknown;
  readonly effects?: readonly unknown[];
  /** Of the effects and of what the node says of itself after the step; absent: the daemon ended within the step. */
  readonly digest?: string;
}

/**
 * Steps of which nothing followed but a question (status call, ping), a second or so of them together. `us` is the time
 * of the last, `step` its number.
 */
export interface QuietStepsRecord {
  readonly kind: 'steps';
  readonly us: Microseconds;
  readonly fromUs: Microseconds;
  readonly step: number;
  readonly steps: readonly QuietStep[];
}

/**
 * Microseconds since `fromUs`; the event without its time (0: a timer), or for a keepalive in what it differs from the one
 * before it in this segment; the digest, if anything was asked.
 */
export type QuietStep = readonly [Microseconds, unknown, string?];

/** The node machine's whole state after that step. */
export interface DigestRecord {
  readonly kind: 'digest';
  readonly us: Microseconds;
  readonly step: number;
  readonly digest: string;
}

/** Records were given up here because the disk did not take them (full, or hung) or because they were too large. */
export interface LostRecord {
  readonly kind: 'lost';
  readonly us: Microseconds;
  readonly records: number;
}

/** Keepalives and all other datagrams of about a second: never one by one. */
export interface PacketsRecord {
  readonly kind: 'packets';
  readonly us: Microseconds;
  readonly periodUs: Microseconds;
  readonly links: readonly PacketCount[];
  /** What became of packets in this time, by reason, but for those that did what they were meant to. */
  readonly verdicts?: Readonly<Record<string, number>>;
  /** The newest numbered message of this node and when it went out: by that the clocks of two journals are compared. */
  readonly said?: { readonly generation: number; readonly sequence: number; readonly us: Microseconds };
}

export interface PacketCount {
  readonly link: LinkId;
  readonly sent: number;
  readonly sentBytes: number;
  readonly received: number;
  readonly receivedBytes: number;
  /** Longest time between two, also across the borders of periods; 0 with fewer than two so far. */
  readonly longestSendGapUs: Microseconds;
  readonly longestReceiveGapUs: Microseconds;
}

/** What the failover waterfall is computed from (waterfall.ts). */
export type FailoverRecord =
  /** The daemon is up and may begin to decide. A cold start is measured from here. */
  | { readonly kind: 'boot'; readonly us: Microseconds; readonly node: NodeName }
  /** Silence was established: `us` is when, `lastHeardUs` when the last keepalive came in. A crash is measured from there. */
  | {
      readonly kind: 'peerSilent';
      readonly us: Microseconds;
      readonly node: NodeName;
      readonly lastHeardUs: Microseconds;
    }
  | {
      readonly kind: 'peerFenced';
      readonly us: Microseconds;
      readonly node: NodeName;
      readonly startedUs: Microseconds;
      readonly finishedUs: Microseconds;
      readonly confirmed: boolean;
      readonly device?: string;
      readonly action?: FenceAction;
      readonly outcome?: FenceOutcome;
      /** The device's own status said OFF afterwards. */
      readonly verified?: boolean;
      readonly detail?: string;
      /** Counted from 1 within one request. `startedUs` of a confirmed one is when the first of them began. */
      readonly attempt?: number;
    }
  /**
   * Groups are about to change sides: on the giver when it is told or decides to, on the taker when it hears of it.
   * A handover is measured from here. `stop`: the giver leaves the cluster.
   */
  | {
      readonly kind: 'handoverRequested';
      readonly us: Microseconds;
      readonly reason: 'standby' | 'failback' | 'stop';
      readonly from: NodeName;
      readonly to: NodeName;
    }
  /** The giver has let go of everything it was to give: its own last stop, or its message to that effect. */
  | { readonly kind: 'handoverReleased'; readonly us: Microseconds; readonly from: NodeName }
  /** The ownership gate let a start operation through. */
  | {
      readonly kind: 'start';
      readonly us: Microseconds;
      readonly group: string;
      readonly index: number;
      readonly evidence: StartEvidence;
    }
  | { readonly kind: 'stop'; readonly us: Microseconds; readonly group: string; readonly index: number }
  | ({
      readonly kind: 'operationResult';
      readonly us: Microseconds;
      readonly group: string;
      readonly index: number;
      readonly action: 'start' | 'stop';
    } & Pick<OperationResult, 'outcome' | 'startedUs' | 'finishedUs' | 'announcedUs'>);

export type JournalRecordKind = JournalRecord['kind'];

/** What a reader of a journal meets, in order. */
export type JournalEntry =
  | { readonly type: 'record'; readonly record: JournalRecord }
  | { readonly type: 'damage'; readonly segment: number; readonly line: number; readonly what: JournalDamage };

export type JournalDamage =
  /** The last line has no end: the machine stopped while it was written, or it is being written right now. */
  | 'torn'
  /** A line does not verify; what follows it in this segment is not believed. */
  | 'changed'
  /** One or more segments before this one are gone although older ones exist. */
  | 'missing-segment'
  | 'unreadable';

export function isStep(record: JournalRecord): record is StepRecord {
  return record.kind === 'event' && 'to' in record && record.to === 'node' && 'step' in record;
}

/** The monotonic clock begins anew with every boot; the segment says what the wall clock was. */
export function wallSecondsOf({ us: beganUs, wallSeconds }: SegmentRecord, us: Microseconds): number {
  return wallSeconds + (us - beganUs) / usPerSecond;
}
