/**
 * Everything the core can ask for, as data. The driver carries effects out in the order given. An effect that must
 * not happen before a record is durable waits inside the core for `recordPersisted`; stop and release never wait.
 */
import type { Operation } from './agents.ts';
import type { ClusterEvent } from './cluster-events.ts';
import type { PingTarget, ResourceConfiguration } from './config/configuration.ts';
import type { NodeEvent, NodeStatus } from './events.ts';
import type { FenceAction } from './fencing/settings.ts';
import type { FailoverRecord } from './journal-records.ts';
import type { LogLevel } from './log-level.ts';
import type { StartEvidence } from './ownership.ts';
import type { Problem } from './result.ts';
import type { Field, Message } from './transport/message.ts';
import type { GroupKey, LinkId, NodeName } from './types.ts';

export type TransportEffect =
  | { readonly type: 'transmit'; readonly link: LinkId; readonly bytes: Uint8Array }
  /** Read the sockets empty, then answer `socketsDrained` with the token. */
  | { readonly type: 'drainSockets'; readonly token: number }
  /** Make the peer's generation durable, then answer `peerGenerationPersisted`. */
  | {
      readonly type: 'persistPeerGeneration';
      readonly requestId: number;
      readonly node: NodeName;
      readonly uuid: string;
      readonly generation: number;
    }
  /** A keepalive has just been handed to `transmit`: tell the guardian. */
  | { readonly type: 'keepaliveSent'; readonly sentUs: number }
  /** The silence after which the peer takes over has changed: the guardian must count by this from now on. */
  | { readonly type: 'ownDeadtime'; readonly deadtimeMs: number }
  /** For the node machine. */
  | { readonly type: 'toNode'; readonly event: NodeEvent }
  | LogEffect;

export type NodeEffect =
  /** For the transport machine. */
  | { readonly type: 'send'; readonly message: Message; readonly dest?: NodeName }
  | {
      readonly type: 'advertise';
      readonly status: NodeStatus;
      readonly deadtimeMs: number;
      readonly fields: readonly Field[];
      readonly immediately: boolean;
    }
  /** Run an agent. `start` comes from the ownership gate alone and carries what made it permissible (S2). */
  | { readonly type: 'operation'; readonly operation: Operation; readonly evidence?: StartEvidence }
  /** All own addresses of this node, at once. */
  | { readonly type: 'releaseAddresses'; readonly operations: readonly Operation[] }
  /** A group consists of these now, in this order: the guardian stops by it. Whatever of it runs goes on running. */
  | { readonly type: 'regroup'; readonly group: GroupKey; readonly resources: readonly ResourceConfiguration[] }
  /** Make durable, then answer `recordPersisted`. Content is JSON text without secrets. */
  | { readonly type: 'persist'; readonly recordId: number; readonly name: string; readonly content: string }
  /** Become a new incarnation: next generation on disk, then `rejoin` to the transport and `rejoined` to the node. */
  | { readonly type: 'rejoin' }
  /** A milestone of a failover, for the journal and the waterfall. */
  | { readonly type: 'record'; readonly record: FailoverRecord }
  /** Something was said or has happened in the cluster: for hooks and other listeners outside. Decides nothing. */
  | { readonly type: 'clusterEvent'; readonly event: ClusterEvent }
  /** The peer wants a DRBD resource outdated here: the agent host runs drbdadm, then `outdateDone`. */
  | { readonly type: 'outdate'; readonly id: number; readonly resource: string }
  /** Have the device put an end to the target; then `fenceResult` with the attempt's number, always. */
  | {
      readonly type: 'fence';
      readonly attempt: number;
      readonly device: string;
      readonly action: FenceAction;
      readonly target: NodeName;
      readonly timeoutMs: number;
    }
  /** Ask a fence device whether it is there and knows the target; then `fenceDeviceProbed`. */
  | {
      readonly type: 'probeFenceDevice';
      readonly device: string;
      readonly target: NodeName;
      readonly timeoutMs: number;
    }
  /** Ask each address once for an echo; `pingAnswer` tells of those that answer. */
  | { readonly type: 'ping'; readonly targets: readonly PingTarget[] }
  /** Answer of a command. */
  | {
      readonly type: 'reply';
      readonly requestId: number;
      readonly ok: boolean;
      readonly problem?: Problem;
      readonly final: boolean;
    }
  /** The daemon may end now. `keepHost`: something could not be stopped. */
  | { readonly type: 'exit'; readonly code: number; readonly keepHost: boolean }
  | LogEffect;

export interface LogEffect {
  readonly type: 'log';
  readonly level: LogLevel;
  readonly message: Problem;
}
