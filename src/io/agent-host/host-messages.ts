/**
 * What daemon and agent host say to each other: one JSON object a line over `<run-dir>/host.sock`. Both ends come from
 * one installation, yet after an upgrade a new daemon may find an old host: the version in `hello` decides.
 */

import type { ServiceConfiguration } from '../../core/config/configuration.ts';
import type { FenceDevice } from '../../core/config/fencing/fence-device.ts';
import type { Problem } from '../../core/result.ts';
import type { ServiceView } from '../../core/services/service.ts';
import type { GroupKey } from '../../core/types.ts';
import type { WatchdogSettings, WatchdogView } from '../../core/watchdog-view.ts';
import type {
  AddressConflict,
  FenceCall,
  FenceProbe,
  FenceProbeResult,
  FenceResult,
  GuardianTerms,
  HookCall,
  HostHello,
  InventoryEntry,
  Operation,
  OperationResult,
  OutdateCall,
} from '../../ports/agents.ts';
import type { LogLevel } from '../../ports/log.ts';

export const hostProtocolVersion = 1;
/** Longer lines end the connection. The largest real message is an inventory of some hundred entries. */
export const maximumLineBytes = 4 << 20;

/** What the host needs to know about this installation; a restarted daemon may bring other values. */
export interface HostSettings {
  readonly haDir: string;
  readonly initDir: string;
  readonly ocfRoot: string;
  /** Directory for agents' own state files (HA_RSCTMP). */
  readonly agentStateDir: string;
  /** Variables for agents beside PATH, LANG and the OCF ones; names as they appear to the agent. */
  readonly environment: Readonly<Record<string, string>>;
  readonly conflictCheck: boolean;
  /** The guardian's patience with one stop of one resource. */
  readonly stopTimeoutMs: number;
  readonly watchdog?: WatchdogSettings;
  /** Passwords included: over a socket that only root can open, and nowhere else. */
  readonly fenceDevices?: readonly FenceDevice[];
  /** Directory for the tools that fence scripts expect; programs can be run from there. */
  readonly fenceToolsDir?: string;
}

export type ToHost =
  | { readonly type: 'hello'; readonly version: number; readonly terms: GuardianTerms; readonly settings: HostSettings }
  | { readonly type: 'run'; readonly operation: Operation }
  | { readonly type: 'release'; readonly operations: readonly Operation[] }
  | { readonly type: 'hook'; readonly call: HookCall; readonly number?: number }
  | { readonly type: 'outdate'; readonly call: OutdateCall }
  | { readonly type: 'fence'; readonly call: FenceCall }
  | { readonly type: 'probeFenceDevice'; readonly probe: FenceProbe }
  | { readonly type: 'services'; readonly services: readonly ServiceConfiguration[] }
  | { readonly type: 'retryServices' }
  /** A reload: these from now on. */
  | { readonly type: 'terms'; readonly terms: GuardianTerms; readonly settings: HostSettings }
  /** The order of a group, as resources are written. */
  | { readonly type: 'order'; readonly group: GroupKey; readonly resources: readonly string[] }
  | { readonly type: 'beat'; readonly sentUs: number }
  | { readonly type: 'ping'; readonly number: number }
  /** The daemon knows that the guardian acted: starts are welcome again. */
  | { readonly type: 'guardianSeen' }
  | { readonly type: 'dismiss'; readonly keep: boolean };

export type FromHost =
  /** `fences` is missing in a host of an older version. */
  | { readonly type: 'hello'; readonly version: number; readonly hello: HostHello; readonly fences?: true }
  | { readonly type: 'result'; readonly result: OperationResult }
  | { readonly type: 'guardianActed'; readonly inventory: readonly InventoryEntry[] }
  | { readonly type: 'outdated'; readonly id: number; readonly exitCode?: number }
  | { readonly type: 'fenced'; readonly result: FenceResult }
  | { readonly type: 'fenceDeviceProbed'; readonly result: FenceProbeResult }
  | { readonly type: 'conflict'; readonly conflict: AddressConflict }
  | { readonly type: 'services'; readonly services: readonly ServiceView[] }
  | { readonly type: 'watchdog'; readonly watchdog?: WatchdogView }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: Problem }
  /** Another daemon has introduced itself: the last message of this session. */
  | { readonly type: 'superseded' }
  /** The hook of that number is over. */
  | { readonly type: 'hookEnded'; readonly number: number }
  | { readonly type: 'pong'; readonly number: number };

export function encodeLine(message: ToHost | FromHost): string {
  return `${JSON.stringify(message)}\n`;
}

/**
 * Cuts a byte stream into messages. `false` when the other side broke the rules (no JSON, line too long): the caller
 * closes the connection.
 */
export function lineReader<Message>(handle: (message: Message) => void): (chunk: string) => boolean {
  let rest = '';
  return (chunk) => {
    rest += chunk;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      const message = parse(line);
      if (message === undefined) return false;
      handle(message as Message);
    }
    return rest.length <= maximumLineBytes;
  };
}

function parse(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? value : undefined;
  } catch {
    return undefined;
  }
}
