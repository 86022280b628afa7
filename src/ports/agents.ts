/**
 * The agent host seen from the daemon. The host is a process of its own that runs agents, keeps what it started
 * (the inventory) and outlives the daemon as its guardian (docs/architecture.md, "Dying and hanging").
 */
import type { GroupKey, Microseconds } from '../core/types.ts';
import type { ResourceConfiguration } from '../core/config/configuration.ts';

export type AgentAction = 'start' | 'stop' | 'status' | 'announce';

export interface Operation {
  /** Unique within a daemon's life. */
  readonly id: number;
  readonly group: GroupKey;
  /** Position of the resource in its group: stops run in reverse order of this. */
  readonly index: number;
  readonly resource: ResourceConfiguration;
  readonly action: AgentAction;
  readonly timeoutMs: number;
}

/**
 * `start` and `stop` are idempotent: starting what runs and stopping what is stopped succeed. For R1 scripts the host
 * asks `status` first, as Heartbeat does; own agents need no such question.
 */
export type OperationOutcome =
  | 'done'
  /** `status` only. */
  | 'running'
  | 'not-running'
  /** The agent said no; for `stop`: the resource may still run. */
  | 'failed'
  | 'timeout'
  /** The host died or lost track: never to be read as "not running". */
  | 'unknown';

export interface OperationResult {
  readonly id: number;
  readonly outcome: OperationOutcome;
  readonly exitCode?: number;
  /** Last line of what the agent said (bounded), for the administrator. */
  readonly reason?: string;
  /** When the host began, when the agent answered, and when the first announcement left, all boot-time clock. */
  readonly startedUs: Microseconds;
  readonly finishedUs: Microseconds;
  readonly announcedUs?: Microseconds;
  /** `IPaddr start` found the address in use on the network by this hardware address. */
  readonly conflictWith?: string;
}

/** What the host believes runs here, because it started it and has not stopped it. */
export interface InventoryEntry {
  readonly group: GroupKey;
  readonly index: number;
  readonly resource: ResourceConfiguration;
  /** `running`: last start succeeded. `unknown`: an operation was in flight when its host died. `stop-failed`: sticky. */
  readonly state: 'running' | 'unknown' | 'stop-failed';
}

export interface HostHello {
  readonly hostPid: number;
  /** The host was already there: a daemon before us started these. */
  readonly adopted: boolean;
  readonly inventory: readonly InventoryEntry[];
  /** The guardian has acted since the last daemon was heard: it released and stopped everything by itself. */
  readonly guardianActed: boolean;
  /** Boot-time clock of the last keepalive that the previous daemon reported as sent; 0 when none. */
  readonly lastBeatUs: Microseconds;
}

export interface GuardianTerms {
  readonly deadtimeMs: number;
  /** Acts when `lastBeat + deadtime - margin` passes. */
  readonly marginMs: number;
  readonly realtime: boolean;
  readonly realtimePriority: number;
}

export interface AgentHost {
  /** Connects to a living host or starts one; returns what it holds. */
  connect(terms: GuardianTerms, handlers: AgentHostHandlers): Promise<HostHello>;
  run(operation: Operation): void;
  /**
   * Releases every own-agent address this node holds, at once and in one go; then `result` for each.
   * Works without a living host too (in this process): it is the first act after an own pause.
   */
  releaseAddresses(operations: readonly Operation[]): void;
  /** A keepalive has left: moves the guardian's deadline. */
  beat(sentUs: Microseconds): void;
  /** The daemon ends on purpose with nothing held: the host exits too. With `keep` it stays for the next daemon. */
  dismiss(keep: boolean): void;
}

export interface AgentHostHandlers {
  result(result: OperationResult): void;
  /** The host died or was killed for hanging; operations in flight have been answered `unknown`. A new one is being started. */
  lost(reason: string): void;
  ready(hello: HostHello): void;
  /** The guardian has released and stopped what this daemon held (the daemon was stalled). */
  guardianActed(inventory: readonly InventoryEntry[]): void;
}
