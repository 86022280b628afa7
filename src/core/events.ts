/**
 * Everything that can happen, as data. Two machines take these: the transport (keepalives, keys, windows, silence)
 * and the node (membership, managers, ownership). `nowUs` is boot-time clock; the core reads no clock itself.
 */
import type { AddressConflict, HostHello, InventoryEntry, OperationResult } from './agents.ts';
import type { Authentication } from './config/configuration.ts';
import type { FenceProof } from './fencing/fencing-state.ts';
import type { FenceOutcome } from './fencing/settings.ts';
import type { UnmanagedGroup } from './haresources/unmanage.ts';
import type { NodeSettings } from './node-state.ts';
import type { Field, Message } from './transport/message.ts';
import type { TransportSettings } from './transport/state.ts';
import type { LinkId, Microseconds, NodeName } from './types.ts';

export type NodeStatus = 'init' | 'up' | 'active' | 'dead';

export type TransportEvent =
  /** Begin: open windows, send the first status. */
  | { readonly type: 'start'; readonly nowUs: Microseconds }
  /** A datagram came in on a link. Nothing in it is believed before its MAC verifies. */
  | {
      readonly type: 'datagram';
      readonly nowUs: Microseconds;
      readonly link: LinkId;
      readonly bytes: Uint8Array;
      readonly source: string;
    }
  /** `transportDeadline(state)` has passed. */
  | { readonly type: 'timer'; readonly nowUs: Microseconds }
  /** The sockets have been read empty since `drainSockets` with this token: silence may be declared now. */
  | { readonly type: 'socketsDrained'; readonly nowUs: Microseconds; readonly token: number }
  /** The node wants this said. Stamped, signed, kept for retransmission, sent on every link. */
  | { readonly type: 'send'; readonly nowUs: Microseconds; readonly message: Message; readonly dest?: NodeName }
  /** What the keepalive says from now on. `immediately`: send one now. */
  | {
      readonly type: 'advertise';
      readonly nowUs: Microseconds;
      readonly status: NodeStatus;
      readonly deadtimeMs: number;
      readonly fields: readonly Field[];
      readonly immediately: boolean;
    }
  /** An operator asks how good each link is: probe them for this long. */
  | { readonly type: 'linkTest'; readonly nowUs: Microseconds; readonly durationMs: number }
  /** The peer's new generation is on disk and may be accepted. */
  | { readonly type: 'peerGenerationPersisted'; readonly nowUs: Microseconds; readonly requestId: number }
  /** Wall clock and load average for the `ts` and `ld` fields, about once a second. Decides nothing (S22). */
  | { readonly type: 'environment'; readonly wallSeconds: number; readonly loadAverage: string }
  /** Be a new incarnation from here on: after an own pause, with the new generation already on disk. */
  | { readonly type: 'rejoin'; readonly nowUs: Microseconds; readonly generation: number }
  /** A reload: go on with these, from now on. Before `start`: with them from the beginning. */
  | { readonly type: 'reconfigure'; readonly nowUs: Microseconds; readonly settings: TransportSettings }
  /** authkeys was read again: sign with its sending key and accept all keys that it lists, from now on. */
  | { readonly type: 'keysChanged'; readonly authentication: Authentication }
  /** A link's socket failed or works again. */
  | { readonly type: 'linkProblem' | 'linkRecovered'; readonly nowUs: Microseconds; readonly link: LinkId };

export type NodeEvent =
  /** The daemon is wired: what the host already runs (adoption) and what earlier lives left behind. */
  | {
      readonly type: 'boot';
      readonly nowUs: Microseconds;
      readonly generation: number;
      readonly hello: HostHello;
      readonly stickyStopFailures: readonly string[];
      /** Groups that an earlier daemon of this boot took on the peer's silence, not yet agreed about. */
      readonly takenOnSilence?: readonly string[];
      /** Groups of which the last that the peer said was that their stop had failed. */
      readonly stuckAtPeer?: readonly string[];
      /** Groups of a SPLIT record that no operator has acknowledged yet. */
      readonly splitGroups?: readonly string[];
      /** Groups that an earlier daemon of this boot was told to keep its hands off. */
      readonly unmanaged?: readonly UnmanagedGroup[];
      /** What an earlier daemon of this boot knew to be off, and no newer incarnation of it has been heard since. */
      readonly fencedPeer?: FenceProof;
    }
  /** Next `nodeDeadline(state)` has passed. */
  | { readonly type: 'timer'; readonly nowUs: Microseconds }
  // --- from the transport ---
  /** First status of a generation, or the first one after silence (`returning`). */
  | {
      readonly type: 'peerHeard';
      readonly nowUs: Microseconds;
      readonly node: NodeName;
      readonly uuid: string;
      readonly generation: number;
      readonly returning: boolean;
      readonly linkViewVersion: number;
    }
  /** No status for the deadtime the peer advertised, and the sockets were empty. */
  | {
      readonly type: 'peerSilent';
      readonly nowUs: Microseconds;
      readonly node: NodeName;
      readonly lastHeardUs: Microseconds;
      readonly deadtimeMs: number;
      readonly linkViewVersion: number;
    }
  /** A verified, fresh, not yet seen message of the peer (status messages included). */
  | {
      readonly type: 'message';
      readonly nowUs: Microseconds;
      readonly from: NodeName;
      readonly generation: number;
      readonly message: Message;
      readonly linkViewVersion: number;
    }
  /**
   * Verified keepalives of the peer come in that were meant for an earlier life of ours: it lives (or somebody plays a
   * recording), but does not hear us. Nothing that it says is believed, but nothing is started beside it either.
   */
  | { readonly type: 'peerDoesNotHearUs'; readonly nowUs: Microseconds; readonly node: NodeName }
  /** This node did not send for longer than its own deadtime: release before anything else is believed. */
  | { readonly type: 'ownPause'; readonly nowUs: Microseconds; readonly gapUs: Microseconds }
  | {
      readonly type: 'lateHeartbeat';
      readonly nowUs: Microseconds;
      readonly node: NodeName;
      readonly intervalMs: number;
    }
  | {
      readonly type: 'linkState';
      readonly nowUs: Microseconds;
      readonly node: NodeName;
      readonly link: LinkId;
      readonly up: boolean;
    }
  // --- from the agent host ---
  | { readonly type: 'operationResult'; readonly nowUs: Microseconds; readonly result: OperationResult }
  | { readonly type: 'hostLost'; readonly nowUs: Microseconds; readonly reason: string }
  | { readonly type: 'hostReady'; readonly nowUs: Microseconds; readonly hello: HostHello }
  | { readonly type: 'guardianActed'; readonly nowUs: Microseconds; readonly inventory: readonly InventoryEntry[] }
  /** Somebody else on the network answers for an address that runs here. */
  | { readonly type: 'addressConflict'; readonly nowUs: Microseconds; readonly conflict: AddressConflict }
  /** `drbdadm outdate` has ended with this code; undefined: it did not run to its end. */
  | {
      readonly type: 'outdateDone';
      readonly nowUs: Microseconds;
      readonly id: number;
      readonly exitCode: number | undefined;
    }
  /** What an attempt to fence ended with. `detail`: the device's last words, at most 200 bytes, no secrets. */
  | {
      readonly type: 'fenceResult';
      readonly nowUs: Microseconds;
      readonly attempt: number;
      readonly outcome: FenceOutcome;
      /** The device's own status said OFF afterwards. */
      readonly verified: boolean;
      readonly detail: string;
    }
  /** A fence device was asked whether it is there and knows the peer. */
  | {
      readonly type: 'fenceDeviceProbed';
      readonly nowUs: Microseconds;
      readonly device: string;
      readonly ok: boolean;
      readonly detail: string;
    }
  /** A ping node has answered a question of this process (`ping`). */
  | { readonly type: 'pingAnswer'; readonly nowUs: Microseconds; readonly address: string }
  // --- from disk, tools and signals ---
  | { readonly type: 'recordPersisted'; readonly nowUs: Microseconds; readonly recordId: number; readonly ok: boolean }
  | { readonly type: 'rejoined'; readonly nowUs: Microseconds; readonly generation: number }
  | {
      readonly type: 'command';
      readonly nowUs: Microseconds;
      readonly requestId: number;
      readonly command: NodeCommand;
      readonly who: string;
    }
  /** A reload: go on with these. What runs and is wanted goes on running. */
  | { readonly type: 'reconfigure'; readonly nowUs: Microseconds; readonly settings: NodeSettings }
  /** SIGTERM: hand over, stop, say goodbye, exit. */
  | { readonly type: 'stopRequested'; readonly nowUs: Microseconds };

export type StandbyScope = 'all' | 'local' | 'foreign';

export type NodeCommand =
  /** Give groups to the peer: those of the scope, or of these only the ones named. */
  | { readonly verb: 'standby'; readonly scope: StandbyScope; readonly groups?: readonly string[] }
  /** Ask the peer to give groups to us. */
  | { readonly verb: 'takeover'; readonly scope: StandbyScope; readonly groups?: readonly string[] }
  /** Send a message of an administrator's tool or script to the cluster; nothing here depends on it. */
  | { readonly verb: 'say'; readonly message: Message }
  /** DRBD asks to have the peer's copy marked outdated. */
  | { readonly verb: 'outdatePeer'; readonly resource: string; readonly timeoutMs: number }
  /** Does a helper run on the peer? */
  | { readonly verb: 'askClient'; readonly client: string }
  /** Forget failures (failed stop, failed start) of a group, or of all: the operator says that they are dealt with. */
  | { readonly verb: 'cleanup'; readonly group?: string }
  /** Hands off a group that runs here, until `manage`. `at`: the wall clock in words, for the record. */
  | { readonly verb: 'unmanage'; readonly group: string; readonly at: string }
  | { readonly verb: 'manage'; readonly group: string }
  /** The operator has made sure, by other means than ours, that the peer is off. */
  | { readonly verb: 'confirmOff'; readonly node: string }
  /** The operator has seen the SPLIT record. */
  | { readonly verb: 'acknowledgeSplit' };
