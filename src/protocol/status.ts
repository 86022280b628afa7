/**
 * What `status` answers, and what the page, `cl_status` and monitoring read. Additive only: fields are never renamed
 * or removed. Ages say how old a statement is; what is not known is said to be unknown (S20).
 */
import type { FailoverReport } from '../core/waterfall.ts';
import type { ServiceReport, WatchdogReport } from './care-report.ts';

export type { FailoverReport };

export type Protection = 'PROTECTED' | 'UNPROTECTED' | 'CANNOT FAIL OVER';

export interface StatusReport {
  readonly apiVersion: '1';
  readonly product: { readonly name: 'pairbeat'; readonly version: string };
  readonly node: string;
  readonly generation: number;
  readonly uptimeMs: number;
  readonly pid: number;
  readonly hostPid: number;
  readonly configuration: {
    readonly directory: string;
    readonly digest: string;
    readonly keepaliveMs: number;
    readonly deadtimeMs: number;
    readonly autoFailback: string;
  };
  readonly protection: { readonly state: Protection; readonly reason: string; readonly advice: string };
  /** `crm`: ha.cf asks for crm mode, in which this version manages nothing. Older daemons do not say. */
  readonly resourceManager?: 'haresources' | 'crm';
  /** cl_status rscstatus: local, foreign, all, none, transition. */
  readonly resourceStatus: 'local' | 'foreign' | 'all' | 'none' | 'transition';
  readonly nodes: readonly NodeReport[];
  /** Addresses outside the cluster, as this node reaches them. */
  readonly pingNodes?: readonly PingNodeReport[];
  readonly groups: readonly GroupReport[];
  /** Programs of respawn and failfast lines, in the order of starting; absent without any. */
  readonly services?: readonly ServiceReport[];
  /** Where ha.cf has stonith lines. */
  readonly fencing?: FencingReport;
  /** The device of the watchdog line; absent without one. */
  readonly watchdog?: WatchdogReport;
  readonly weakAuthentication: readonly string[];
  /** Present after a healed split in which anything ran twice, until acknowledged. */
  readonly split?: { readonly sinceMs: number; readonly groups: readonly string[]; readonly text: string };
  /** While the files of the two nodes differ and the other one has said in what. */
  readonly configurationDifference?: ConfigurationDifferenceReport;
  readonly alarms: readonly { readonly code: string; readonly text: string; readonly ageMs: number }[];
  readonly counters: Readonly<Record<string, number>>;
  /** The last failover seen by this node: phases in milliseconds (detect, decide, start, announce, total). */
  readonly lastFailover?: FailoverReport;
}

export interface FencingReport {
  /** Those that this node may use against the other one, in the order of ha.cf. */
  readonly devices: readonly {
    readonly name: string;
    readonly type: string;
    /** As it last answered. */
    readonly state: 'unknown' | 'ok' | 'failing';
    readonly ageMs?: number;
    readonly detail?: string;
  }[];
  readonly action: 'reset' | 'off';
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly waitForAll: boolean;
  /** What is done about the other node now; `confirmed`: it is known to be off. */
  readonly request: 'idle' | 'waiting' | 'attempting' | 'recording' | 'confirmed';
  /** Attempts of the present or the last request. */
  readonly attempts: number;
  readonly lastFailure?: string;
  /** The same in words; absent while nothing is under way or proven. */
  readonly now?: string;
}

export interface NodeReport {
  readonly name: string;
  readonly self: boolean;
  readonly uuid: string;
  /** init, up, active, dead; of a ping node init, ping, dead. */
  readonly status: string;
  readonly generation: number;
  /** Age of the last status message; undefined for self or never heard. */
  readonly lastHeardMs?: number;
  readonly deadtimeMs?: number;
  readonly product: 'pairbeat' | 'heartbeat' | 'unknown';
  readonly configurationDigest?: string;
  /** Absent until the node was heard. */
  readonly keys?: KeysOfNode;
  /** As hb_setweight and hb_setsite set them, 100 and none where they are missing; they decide nothing. */
  readonly weight?: number;
  readonly site?: string;
  /** How many ping nodes it reaches, where ha.cf names any. Of the other node: as it last said. */
  readonly livePingNodes?: number;
  /** Its attributes; of the other node as it last said. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly links: readonly {
    readonly link: string;
    readonly device: string;
    readonly up: boolean;
    readonly lastHeardMs?: number;
  }[];
}

/** Lines in one spelling, whatever the files look like. At most a hundred of each side; `omitted` counts the others. */
export interface ConfigurationDifferenceReport {
  readonly onlyHere: readonly string[];
  readonly onlyThere: readonly string[];
  readonly omitted: number;
}

/** Numbers in authkeys. */
export interface KeysOfNode {
  readonly signsWith: number;
  /** Absent when the node does not say, as a real Heartbeat. */
  readonly accepts?: readonly AcceptedKey[];
}

export interface AcceptedKey {
  readonly index: number;
  readonly method: string;
  /** Of the other node's key. `same`: as under that number here. `other`: another method or secret. */
  readonly agreement?: 'same' | 'other' | 'unknown';
}

export interface PingNodeReport {
  readonly name: string;
  readonly kind: 'ping' | 'ping_group';
  readonly addresses: readonly string[];
  /** init, ping, dead. */
  readonly status: string;
  /** Age of the last answer. */
  readonly lastHeardMs?: number;
}

export interface GroupReport {
  readonly key: string;
  readonly owner: string;
  readonly resources: readonly string[];
  /** Node name to what that node says of the group: running, starting, stopping, stopped, stop-failed, start-failed, unknown. */
  readonly holdings: Readonly<Record<string, string>>;
  /** Age of the peer's statement. */
  readonly peerStatementMs?: number;
  /** Why this node runs it (evidence of the last start), in words. */
  readonly because?: string;
  /** The last operation that failed here, in words. */
  readonly lastFailure?: string;
  /** Hands off: who said so, and when (wall clock). `node`: the node that keeps its hands off. */
  readonly unmanaged?: { readonly node: string; readonly who?: string; readonly at?: string };
  /** Present while the group runs here. */
  readonly monitoring?: MonitoringReport;
}

export interface MonitoringReport {
  /** Failures found within the window; at `failuresMax` the group is given up here. */
  readonly failures: number;
  readonly failuresMax: number;
  /** Restarts in place since the daemon began. */
  readonly restarts: number;
  readonly resources: readonly {
    readonly resource: string;
    /** running, stopped, failed, unknown, unreliable, unasked. */
    readonly status: 'running' | 'stopped' | 'failed' | 'unknown' | 'unreliable' | 'unasked';
    readonly ageMs?: number;
  }[];
}
