/**
 * One entry of a resource's history (`lrm_rsc_op`) with its strings understood: what was run, what was expected of it and what
 * came of it. Pacemaker packs what was expected into the transition key, `ACTION:TRANSITION:EXPECTED-RC:UUID`, and the magic is
 * `STATUS:RC;KEY`.
 */
import type { RecordedOperation } from '../../cib/model.ts';
import { parseInteger } from '../../cib/values.ts';

/** Exit codes of resource agents that mean something to placement (OCF and Pacemaker's own). */
export const exitCode = {
  ok: 0,
  invalidParameter: 2,
  unimplemented: 3,
  insufficientPrivileges: 4,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
  promoted: 8,
  failedPromoted: 9,
  degraded: 190,
  degradedPromoted: 191,
  unknown: 193,
  largest: 255,
} as const;

/** How the executor ended (`op-status`). */
export const execution = {
  pending: -1,
  done: 0,
  cancelled: 1,
  timeout: 2,
  notSupported: 3,
  error: 4,
  errorHard: 5,
  errorFatal: 6,
  notInstalled: 7,
  notConnected: 8,
  invalid: 9,
  noFenceDevice: 10,
  noSecrets: 11,
} as const;

export interface HistoryEntry {
  readonly recorded: RecordedOperation;
  readonly id: string;
  readonly task: string;
  readonly intervalMs: number;
  /** As recorded. Undefined: not there or no number. */
  readonly status: number | undefined;
  readonly rc: number | undefined;
  /** -1: the transition key does not tell. */
  readonly expectedRc: number;
  readonly callId: number;
  /** Epoch seconds of the last change of the result. */
  readonly changedAtS: number | undefined;
}

export function readEntry(recorded: RecordedOperation): HistoryEntry {
  const { attributes } = recorded;
  return {
    recorded,
    id: recorded.id,
    task: attributes['operation'] ?? '',
    intervalMs: parseInteger(attributes['interval']) ?? 0,
    status: parseInteger(attributes['op-status']),
    rc: parseInteger(attributes['rc-code']),
    expectedRc: transitionOf(attributes['transition-key'])?.expectedRc ?? -1,
    callId: parseInteger(attributes['call-id']) ?? -1,
    changedAtS: parseInteger(attributes['last-rc-change']),
  };
}

/** A monitor without an interval: it asks what the state is, rather than watches over one. */
export function isProbe({ task, intervalMs }: HistoryEntry): boolean {
  return task === 'monitor' && intervalMs === 0;
}

/** A probe on a node that cannot run the resource at all says no more than that it does not run there. */
export function isMaskedProbe(entry: HistoryEntry): boolean {
  if (!isProbe(entry)) return false;
  return (
    entry.rc === exitCode.notInstalled ||
    entry.rc === exitCode.invalidParameter ||
    entry.status === execution.notInstalled
  );
}

/** The key under which results of the same operation of a resource are recorded, a last failure's included. */
export function operationKey(entry: HistoryEntry): string {
  return entry.recorded.attributes['operation_key'] ?? entry.id;
}

export interface Transition {
  readonly number: number;
  readonly expectedRc: number;
  readonly uuid: string;
}

/** Undefined for what is no transition key. */
export function transitionOf(key: string | undefined): Transition | undefined {
  const match = /^(-?\d+):(-?\d+):(-?\d+):(\S+)$/.exec(key ?? '');
  return match === null ? undefined : { number: Number(match[2]), expectedRc: Number(match[3]), uuid: match[4]! };
}

/** The transition a magic (`STATUS:RC;KEY`) was made in. */
export function transitionOfMagic(magic: string | undefined): Transition | undefined {
  const match = /^-?\d+:-?\d+;(.+)$/.exec(magic ?? '');
  return transitionOf(match?.[1]);
}
