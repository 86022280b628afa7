/**
 * What each verb takes and gives, in one table: the daemon validates requests with it, the types below are derived
 * from it. Arguments are closed (a misspelt one is refused); results are open, because newer daemons say more.
 */
import type { FromSchema } from 'json-schema-to-ts';
import type { FenceProbeReport } from './fence-probe.ts';
import type { LinkTestReport } from './link-test.ts';
import type { FailoverReport, StatusReport } from './status.ts';
import type { Verb } from './verbs.ts';

const nothing = { type: 'object', properties: {}, additionalProperties: false } as const;

const oneGroup = {
  type: 'object',
  properties: { group: { type: 'string', minLength: 1, maxLength: 256 } },
  required: ['group'],
  additionalProperties: false,
} as const;

const handover = {
  type: 'object',
  properties: {
    scope: { enum: ['all', 'local', 'foreign'] },
    groups: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 256 }, minItems: 1, maxItems: 512 },
    wait: { type: 'boolean' },
  },
  required: ['scope'],
  additionalProperties: false,
} as const;

const nodes = {
  type: 'object',
  properties: {
    nodes: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 100 }, minItems: 1, maxItems: 100 },
  },
  required: ['nodes'],
  additionalProperties: false,
} as const;

export const argumentSchemas = {
  status: nothing,
  parameters: nothing,
  timeline: {
    type: 'object',
    properties: { count: { type: 'integer', minimum: 1, maximum: 1000 } },
    additionalProperties: false,
  },
  watch: nothing,
  linkTest: {
    type: 'object',
    properties: { seconds: { type: 'integer', minimum: 1, maximum: 120 } },
    required: ['seconds'],
    additionalProperties: false,
  },
  clientStatus: {
    type: 'object',
    properties: {
      node: { type: 'string', minLength: 1, maxLength: 100 },
      client: { type: 'string', minLength: 1, maxLength: 100 },
      timeoutMs: { type: 'integer', minimum: 1, maximum: 60_000 },
    },
    required: ['node', 'client'],
    additionalProperties: false,
  },
  standby: handover,
  takeover: handover,
  setNode: {
    type: 'object',
    properties: {
      node: { type: 'string', minLength: 1, maxLength: 100 },
      weight: { type: 'string', maxLength: 100 },
      site: { type: 'string', maxLength: 200 },
    },
    required: ['node'],
    additionalProperties: false,
  },
  addNode: nodes,
  deleteNode: nodes,
  outdatePeer: {
    type: 'object',
    properties: {
      resource: { type: 'string', minLength: 1, maxLength: 128 },
      peer: { type: 'string', minLength: 1, maxLength: 255 },
      timeoutMs: { type: 'integer', minimum: 1, maximum: 3_600_000 },
    },
    required: ['resource', 'peer', 'timeoutMs'],
    additionalProperties: false,
  },
  cleanup: {
    type: 'object',
    properties: { group: { type: 'string', minLength: 1, maxLength: 256 } },
    additionalProperties: false,
  },
  unmanage: oneGroup,
  manage: oneGroup,
  probeFence: nothing,
  confirmOff: {
    type: 'object',
    properties: { node: { type: 'string', minLength: 1, maxLength: 100 } },
    required: ['node'],
    additionalProperties: false,
  },
  acknowledgeSplit: nothing,
  configuration: nothing,
  reloadKeys: {
    type: 'object',
    properties: { dryRun: { type: 'boolean' }, force: { type: 'boolean' } },
    additionalProperties: false,
  },
  reload: { type: 'object', properties: { dryRun: { type: 'boolean' } }, additionalProperties: false },
  restart: nothing,
  stop: nothing,
} as const satisfies Record<Verb, object>;

type Schemas = typeof argumentSchemas;

export interface VerbArguments {
  readonly status: FromSchema<Schemas['status']>;
  readonly parameters: FromSchema<Schemas['parameters']>;
  readonly timeline: FromSchema<Schemas['timeline']>;
  readonly watch: FromSchema<Schemas['watch']>;
  readonly linkTest: FromSchema<Schemas['linkTest']>;
  readonly clientStatus: FromSchema<Schemas['clientStatus']>;
  readonly standby: FromSchema<Schemas['standby']>;
  readonly takeover: FromSchema<Schemas['takeover']>;
  readonly setNode: FromSchema<Schemas['setNode']>;
  readonly addNode: FromSchema<Schemas['addNode']>;
  readonly deleteNode: FromSchema<Schemas['deleteNode']>;
  readonly outdatePeer: FromSchema<Schemas['outdatePeer']>;
  readonly cleanup: FromSchema<Schemas['cleanup']>;
  readonly unmanage: FromSchema<Schemas['unmanage']>;
  readonly manage: FromSchema<Schemas['manage']>;
  readonly probeFence: FromSchema<Schemas['probeFence']>;
  readonly confirmOff: FromSchema<Schemas['confirmOff']>;
  readonly acknowledgeSplit: FromSchema<Schemas['acknowledgeSplit']>;
  readonly configuration: FromSchema<Schemas['configuration']>;
  readonly reloadKeys: FromSchema<Schemas['reloadKeys']>;
  readonly reload: FromSchema<Schemas['reload']>;
  readonly restart: FromSchema<Schemas['restart']>;
  readonly stop: FromSchema<Schemas['stop']>;
}

/** What a successful answer carries. `watch` streams; every other verb answers once. */
export interface VerbResults {
  readonly status: StatusReport;
  /** Effective value of every scalar directive as text. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeline: TimelineReport;
  readonly watch: StatusReport;
  readonly linkTest: LinkTestReport;
  readonly clientStatus: { readonly state: 'online' | 'offline' };
  readonly standby: CommandReport;
  readonly takeover: CommandReport;
  readonly setNode: CommandReport;
  readonly addNode: CommandReport;
  readonly deleteNode: CommandReport;
  readonly outdatePeer: CommandReport;
  readonly cleanup: CommandReport;
  readonly unmanage: CommandReport;
  readonly manage: CommandReport;
  readonly probeFence: FenceProbeReport;
  readonly confirmOff: CommandReport;
  readonly acknowledgeSplit: CommandReport;
  readonly configuration: ConfigurationReport;
  readonly reloadKeys: KeysReport;
  readonly reload: ReloadReport;
  readonly restart: CommandReport;
  readonly stop: CommandReport;
}

export interface CommandReport {
  /** `accepted`: the node has begun. `done`: it has ended (asked for with `wait`, or ended at once). */
  readonly state: 'accepted' | 'done';
  /** From the request's arrival in the daemon to its end; with `done` only. */
  readonly durationMs?: number;
}

export interface TimelineReport {
  /** Newest first. */
  readonly failovers: readonly FailoverReport[];
  /** Oldest first: what the node decided and did, in words. */
  readonly entries: readonly TimelineEntry[];
}

export interface TimelineEntry {
  readonly agoMs: number;
  readonly text: string;
}

/** What authkeys says, now in force (or, with `dryRun`, as it would be). Never a secret. */
export interface KeysReport {
  readonly changed: boolean;
  readonly signsWith: number;
  readonly accepts: readonly { readonly index: number; readonly method: string }[];
}

/** ha.cf and haresources as they count for both nodes: the lines behind the digest. */
export interface ConfigurationReport {
  readonly node: string;
  readonly digest: string;
  readonly meaning: readonly string[];
  /** Absent until a digest was heard. `meaning` is absent until the other node has told it. */
  readonly peer?: { readonly node: string; readonly digest: string; readonly meaning?: readonly string[] };
}

/** What a reload has changed, or with `dryRun` would change. */
export interface ReloadReport {
  readonly dryRun: boolean;
  /** `effect`: `now`, or `restart` for what only `heartbeat -R` takes up. */
  readonly changes: readonly { readonly sign: string; readonly line: string; readonly effect: string }[];
  readonly groups: readonly GroupPlanReport[];
  readonly keysChanged: boolean;
}

/** What happens to one group: resources as written, in the order in which they are stopped and started. */
export interface GroupPlanReport {
  readonly group: string;
  readonly change: 'new' | 'changed' | 'removed';
  /** Only then anything is stopped or started; else it counts from the next start on. */
  readonly runsHere: boolean;
  readonly stops: readonly string[];
  readonly restarts: readonly string[];
  readonly starts: readonly string[];
}
