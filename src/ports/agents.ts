/**
 * The agent host seen from the daemon. The host is a process of its own that runs agents, keeps what it started
 * (the inventory) and outlives the daemon as its guardian (docs/architecture.md, "Silence, pauses, dying").
 */
import type { AddressConflict, HostHello, InventoryEntry, Operation, OperationResult } from '../core/agents.ts';
import type { ResourceConfiguration, ServiceConfiguration } from '../core/config/configuration.ts';
import type { FenceDevice } from '../core/config/fencing/fence-device.ts';
import type { FenceAction, FenceOutcome } from '../core/fencing/settings.ts';
import type { ServiceView } from '../core/services/service.ts';
import type { GroupKey, Microseconds, NodeName } from '../core/types.ts';
import type { WatchdogView } from '../core/watchdog-view.ts';

export type {
  AddressConflict,
  AgentAction,
  HostHello,
  InventoryEntry,
  Operation,
  OperationOutcome,
  OperationResult,
} from '../core/agents.ts';

export interface GuardianTerms {
  readonly deadtimeMs: number;
  /** Acts when `lastBeat + deadtime - margin` passes. */
  readonly marginMs: number;
  readonly realtime: boolean;
  readonly realtimePriority: number;
}

/** What a reload may change of an agent host that runs. */
export interface HostChanges {
  readonly terms?: GuardianTerms;
  /** Variables for agents, all of them. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly conflictCheck?: boolean;
  readonly stopTimeoutMs?: number;
  /** All of them, with their parameters. */
  readonly fenceDevices?: readonly FenceDevice[];
}

export interface HookCall {
  readonly file: string;
  readonly args: readonly string[];
  /** Beside what every agent gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** `drbdadm outdate RESOURCE`, for the other node's dopd. */
export interface OutdateCall {
  readonly id: number;
  readonly resource: string;
}

/** Put an end to the target with a device of the configuration, by name: its parameters are with the host already. */
export interface FenceCall {
  readonly attempt: number;
  readonly device: string;
  readonly action: FenceAction;
  readonly target: NodeName;
  readonly timeoutMs: number;
}

export interface FenceResult {
  readonly attempt: number;
  readonly outcome: FenceOutcome;
  /** The device's own status said OFF afterwards. */
  readonly verified: boolean;
  /** Its last words: one line, at most 200 bytes, no secrets. */
  readonly detail: string;
}

export interface FenceProbe {
  readonly device: string;
  readonly target: NodeName;
  readonly timeoutMs: number;
}

export interface FenceProbeResult {
  readonly device: string;
  readonly ok: boolean;
  readonly detail: string;
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
  /**
   * A hook of the administrator, after those before it. What becomes of it is in the log; `ended` is called when it is
   * over, however, or when it can no longer be known.
   */
  runHook(call: HookCall, ended?: () => void): void;
  /**
   * The programs of respawn and failfast lines that are to run from now on: what runs already goes on, what is not
   * listed is stopped. Not said: whatever an earlier daemon wanted goes on.
   */
  runServices(services: readonly ServiceConfiguration[]): void;
  /** Programs that were given up are tried again. */
  retryServices(): void;
  /** Answered by `outdated`; not at all when the host is lost. */
  outdate(call: OutdateCall): void;
  /** Answered by `fenced`, always: also when the host is lost (`unknown`), and without a living host (by this process). */
  fence(call: FenceCall): void;
  /** Answered by `fenceDeviceProbed`; not at all when the host is lost or an attempt with the device goes first. */
  probeFenceDevice(probe: FenceProbe): void;
  /** From now on by these. Another deadtime counts at once, whether it is shorter or longer. */
  reconfigure(changes: HostChanges): void;
  /** A group consists of these, in this order: the guardian stops what runs of it from the last to the first. */
  reorder(group: GroupKey, resources: readonly ResourceConfiguration[]): void;
  /** A keepalive was sent, whatever became of it: moves the guardian's deadline. */
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
  /** How the programs are, after each change. Empty: none runs. */
  services?(services: readonly ServiceView[]): void;
  /** How the watchdog device is; undefined without one. */
  watchdog?(watchdog: WatchdogView | undefined): void;
  /** What `outdate` ended with; undefined: it did not run to its end. */
  outdated?(id: number, exitCode: number | undefined): void;
  fenced?(result: FenceResult): void;
  fenceDeviceProbed?(result: FenceProbeResult): void;
  /** An alarm for the administrator: two machines use one address. */
  conflict?(conflict: AddressConflict): void;
}
