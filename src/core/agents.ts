/**
 * Operations on resources and their answers, as data: what the core asks of the agent host and what it hears back.
 * The host itself is a port (src/ports/agents.ts).
 */
import type { ResourceConfiguration } from './config/configuration.ts';
import type { GroupKey, Microseconds } from './types.ts';

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
  /**
   * `start` when nobody waits for it (cold start): an own address agent first asks the network for up to 0.1 s whether
   * somebody has the address, and fails the start if so. On a takeover it configures at once and asks meanwhile.
   */
  readonly careful?: boolean;
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

/** After a start that did not wait: somebody else on the network still answers for the address. */
export interface AddressConflict {
  readonly operationId: number;
  readonly group: GroupKey;
  readonly resource: ResourceConfiguration;
  readonly hardwareAddress: string;
}

/** What the host believes runs here, because it started it and has not stopped it. */
export interface InventoryEntry {
  readonly group: GroupKey;
  readonly index: number;
  readonly resource: ResourceConfiguration;
  /** `running`: last start succeeded. `unknown`: an operation was in flight when its host died. `stop-failed`: sticky. */
  readonly state: 'running' | 'unknown' | 'stop-failed';
  /** Its status has said "running" since its host began to run it: what it says can be relied upon. */
  readonly statusSeenRunning?: boolean;
}

export interface HostHello {
  readonly hostPid: number;
  /** The host was already there: a daemon before us started these. */
  readonly adopted: boolean;
  readonly inventory: readonly InventoryEntry[];
  /** What an earlier host wrote down is damaged: more may run than the inventory says. */
  readonly inventoryLost?: boolean;
  /** The guardian has acted since the last daemon was heard: it released and stopped everything by itself. */
  readonly guardianActed: boolean;
  /** Boot-time clock of the last keepalive that the previous daemon reported as sent; 0 when none. */
  readonly lastBeatUs: Microseconds;
  /** The deadtime that the peer was told last, as far as the guardian knows; 0 or absent when none. */
  readonly promisedDeadtimeMs?: number;
}
