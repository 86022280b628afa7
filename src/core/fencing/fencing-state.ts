/** Fencing in the node's state: the request that is under way, what has been proven, how the devices are. Plain data. */
import { begin, type StoredSnapshot } from '../machine.ts';
import type { Microseconds } from '../types.ts';
import { fenceRequestMachine } from './request-machine.ts';
import type { FenceAction } from './settings.ts';

/** That the peer is off: what a start of its groups may rest on until any newer incarnation of it is heard. */
export interface FenceProof {
  readonly by: 'device' | 'operator';
  /** The device, or who has said so. */
  readonly name: string;
  readonly action: FenceAction | 'word';
  /** The device's own status said OFF afterwards. */
  readonly verified: boolean;
  /** The incarnation that was put to an end; 0: none was ever heard, any. */
  readonly peerGeneration: number;
  readonly requestedUs: Microseconds;
  readonly confirmedUs: Microseconds;
}

export interface FenceAttempt {
  readonly id: number;
  readonly requestId: number;
  readonly device: string;
  readonly action: FenceAction;
  readonly startedUs: Microseconds;
  /** An answer that has not come by then counts as unknown. */
  readonly limitUs: Microseconds;
}

export interface FencingState {
  phase: StoredSnapshot<undefined>;
  requestId: number;
  requestedUs: Microseconds;
  /** First attempt of this request; the fence phase of the waterfall begins here. */
  firstAttemptUs: Microseconds | undefined;
  /** When the present phase is to be looked at again. */
  dueUs: Microseconds;
  /** Waiting for an earlier attempt to end: when this request would strike without it. */
  heldUpUs: Microseconds | undefined;
  /** Attempts of this request so far. */
  attempts: number;
  nextAttemptId: number;
  /** The one that is under way; also one whose request is over, since a device does one thing at a time. */
  attempt: FenceAttempt | undefined;
  /** What the last attempt of this request ended with. */
  lastFailure: string | undefined;
  /** Confirmed, and not yet on disk. */
  unrecorded: FenceProof | undefined;
  recordId: number | undefined;
  proof: FenceProof | undefined;
  /** The record on disk as last written. */
  recorded: string;
  /** This life, or an earlier daemon of this boot, has heard the peer: it is not waited for as after a boot (S7). */
  peerSeen: boolean;
  readonly devices: Map<string, DeviceHealth>;
}

export interface DeviceHealth {
  readonly state: 'unknown' | 'ok' | 'failing';
  readonly saidUs: Microseconds;
  readonly detail: string;
}

export type FencePhase = 'idle' | 'waiting' | 'attempting' | 'recording' | 'confirmed';

export function createFencing(): FencingState {
  return {
    phase: begin(fenceRequestMachine, undefined),
    requestId: 0,
    requestedUs: 0,
    firstAttemptUs: undefined,
    dueUs: 0,
    heldUpUs: undefined,
    attempts: 0,
    nextAttemptId: 1,
    attempt: undefined,
    lastFailure: undefined,
    unrecorded: undefined,
    recordId: undefined,
    proof: undefined,
    recorded: noProof,
    peerSeen: false,
    devices: new Map(),
  };
}

/** The record when nothing is proven. */
export const noProof = '{}';

export const fencePhaseOf = (fencing: FencingState): FencePhase => fencing.phase.value as FencePhase;
