/**
 * What the policy works on: one mutable picture of the cluster, made from an immutable CIB at the start of a decision and thrown
 * away at its end. Stages fill it in order (see `decide.ts`): unpack makes nodes, resources and constraints; status says what
 * runs where; placement chooses nodes and roles; actions turn the difference into a graph. A stage may only read what an earlier
 * one has filled.
 *
 * Identity: resources, nodes and actions are compared by reference. Maps keyed by node use the node's `id`.
 */
import type { Cib, Operation, Primitive, RecordedOperation, ResourceDefinition } from '../cib/model.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { Contribution, ScoreReason } from './reasons.ts';
import { addScores } from './score.ts';

export type { ClusterOptions, NoQuorumPolicy, PlacementStrategy } from './cluster-options.ts';

/** Roles in ascending order, so that `>` means "more active". */
export const role = { unknown: 0, stopped: 1, started: 2, unpromoted: 3, promoted: 4 } as const;
export type Role = (typeof role)[keyof typeof role];

export type OnFail = 'ignore' | 'block' | 'stop' | 'restart' | 'standby' | 'fence' | 'demote' | 'restart-container';

export interface ClusterNode {
  readonly id: string;
  readonly name: string;
  /** Place in the list of nodes sorted by name: the last tie-break. */
  index: number;
  readonly kind: 'member' | 'ping' | 'remote';
  /** Permanent and transient attributes, `#uname`, `#id`, `#kind`, `#is_dc`, ... included; transient wins. */
  readonly attributes: Map<string, string>;
  readonly utilization: Map<string, number>;
  /** What is still free, while resources are assigned. */
  freeCapacity: Map<string, number>;
  online: boolean;
  /** Failed and not yet proven off: must be fenced. */
  unclean: boolean;
  /** Why it must be fenced, in words of the catalogue (first reason wins). */
  fenceReason?: string;
  /** It must be fenced because it left the cluster: the case in which priority-fencing-delay may hold the fencing up. */
  fenceAfterPriorityDelay?: boolean;
  /** Joined but not yet ready to run resources. */
  pending: boolean;
  standby: boolean;
  standbyOnFail: boolean;
  maintenance: boolean;
  shutdown: boolean;
  /** Asked to be fenced, or expected to be there and is not. */
  expectedUp: boolean;
  isDc: boolean;
  /** No node_state at all: never seen. */
  unseen: boolean;
  /** Score of the `<node>` element, usually 0. */
  baseScore: number;
  health: number;
  /** Resources (primitives, instances) active here according to the status. */
  readonly running: Resource[];
  /** Resources assigned to it so far in this decision. */
  assigned: Resource[];
  /** Sum of priorities of what runs here, for priority-fencing-delay. */
  priority: number;
  /** Its fencing action, once there is one. */
  fencing?: Action;
  historyUnpacked: boolean;
}

/** One resource's view of one node. */
export interface AllowedNode {
  readonly node: ClusterNode;
  score: number;
  discovery: 'always' | 'never' | 'exclusive';
  /** For a clone: instances assigned to the node so far. */
  count: number;
}

export interface Resource {
  /** `web`; an instance of a clone: `web:0` (a unique one too). */
  readonly id: string;
  /** The id in the configuration and in an anonymous instance's history: `web`. */
  readonly configuredId: string;
  /** An anonymous instance's id in the histories where that is not the configured one: `web:3`, from older times. */
  historyId: string | undefined;
  readonly kind: 'primitive' | 'group' | 'clone';
  /** undefined for an orphan that exists only in the history. */
  readonly definition: ResourceDefinition | undefined;
  /** The place in the configuration; a tie-break. Orphans come last. */
  readonly index: number;
  parent: Resource | undefined;
  /** Members of a group, instances of a clone. */
  readonly children: Resource[];
  readonly class: string;
  readonly provider: string;
  readonly type: string;
  /** Effective meta attributes: rules evaluated, templates, parents and defaults merged. */
  readonly meta: Map<string, string>;
  /** Operations as configured, templates merged; empty for an orphan. */
  readonly operations: readonly Operation[];
  readonly utilization: Map<string, number>;

  priority: number;
  stickiness: number;
  /** 0: never. Infinity (1,000,000): only a count of INFINITY. */
  migrationThreshold: number;
  failureTimeoutMs: number;
  targetRole: Role | undefined;
  managed: boolean;
  maintenance: boolean;
  /** Nothing may be done to it: failed stop with on-fail=block, multiple-active=block, ... */
  blocked: boolean;
  failed: boolean;
  /** The failure is recovered by a stop (and a start); a failed resource without it only by a demotion. */
  stopNeeded: boolean;
  /** In the history, not in the configuration. */
  orphan: boolean;
  /** An instance beyond clone-max that the history knows. */
  orphanInstance: boolean;
  /** The failure must be ignored for promotion and recovery (on-fail=ignore). */
  failureIgnored: boolean;
  startPending: boolean;
  /** The last operation known to be under way: `monitor`, `start`, `migrate_to`, ... */
  pendingTask: string | undefined;
  critical: boolean;
  allowMigrate: boolean;
  requires: 'nothing' | 'quorum' | 'fencing';
  /** Starts only on a node that has been given access again (a fence device switches it "on"); implies `fencing`. */
  requiresUnfencing: boolean;
  multipleActive: 'stop_start' | 'stop_only' | 'block' | 'stop_unexpected';
  isFencingDevice: boolean;
  /** The value of `restart-type=restart`, `container=` and the like. */
  restartType: 'ignore' | 'restart';
  container: string | undefined;
  removeAfterStop: boolean;
  /** Stop it wherever it runs although not expected to (stop_unexpected). */
  stopUnexpected: boolean;

  /** Clones only. */
  clone?: {
    unique: boolean;
    ordered: boolean;
    interleave: boolean;
    notify: boolean;
    promotable: boolean;
    max: number;
    nodeMax: number;
    promotedMax: number;
    promotedNodeMax: number;
    /** Made when it was unpacked; further instances (orphans) are made by `addInstance` of unpack. */
    definitionOfChild: ResourceDefinition | undefined;
  };
  /** Groups only. */
  group?: { ordered: boolean; colocated: boolean };

  /** Role now and as decided. For a collective the highest of its children. */
  role: Role;
  nextRole: Role;
  /** Where it is active now (more than one: multiple-active, or a partial migration). */
  activeOn: ClusterNode[];
  /** Where its state is known from a probe or an operation; by node id. */
  knownOn: Map<string, ClusterNode>;
  /** Where the decision puts it. */
  assigned: ClusterNode | undefined;
  /** `provisional` until the assignment is made. */
  provisional: boolean;
  /** Being assigned now: a loop of colocations is broken here. */
  assigning: boolean;
  allowed: Map<string, AllowedNode>;
  partialMigrationSource: ClusterNode | undefined;
  partialMigrationTarget: ClusterNode | undefined;
  /** Nodes with a migration that left something behind. */
  danglingMigrations: ClusterNode[];
  lockNode: ClusterNode | undefined;
  lockTimeS: number;
  /** Operations that were stuck as fail counts to be cleared after expiry: made by status, turned into actions later. */
  readonly failures: Failure[];

  /** As dependent. */
  readonly colocations: Colocation[];
  /** As primary. */
  readonly colocatedWithMe: Colocation[];
  readonly locations: Location[];
  readonly tickets: TicketDependency[];
  readonly actions: Action[];

  /** Promotable instances: what placement computed. */
  promotionPriority: number;
  /** Placed so that something else could be decided; free for the actions stage: "start", "move", ... */
  note?: string;
}

/** A failed operation of the history, after on-fail was looked up. */
export interface Failure {
  readonly node: ClusterNode;
  readonly operation: RecordedOperation;
  readonly onFail: OnFail;
  readonly expired: boolean;
}

export interface Location {
  readonly id: string;
  readonly resource: Resource;
  /** Only counts when choosing who is promoted (or only for the role). */
  readonly role: Role | undefined;
  readonly discovery: 'always' | 'never' | 'exclusive' | undefined;
  /** By node id; infinite scores included. */
  readonly scores: readonly { readonly node: ClusterNode; readonly score: number; readonly rule?: string }[];
  /** What made it when it was no constraint of the configuration: a failure in the history, an unmanaged resource. */
  readonly reason?: ScoreReason;
}

export interface Colocation {
  readonly id: string;
  readonly dependent: Resource;
  readonly primary: Resource;
  readonly dependentRole: Role | undefined;
  readonly primaryRole: Role | undefined;
  readonly score: number;
  readonly nodeAttribute: string | undefined;
  readonly influence: boolean;
}

export interface TicketDependency {
  readonly id: string;
  readonly resource: Resource;
  readonly role: Role | undefined;
  readonly ticket: Ticket;
  readonly lossPolicy: 'stop' | 'demote' | 'fence' | 'freeze';
}

export interface Ticket {
  readonly id: string;
  granted: boolean;
  standby: boolean;
  readonly attributes: ReadonlyMap<string, string>;
}

/** How one action depends on another; several may hold at once (bit flags). The actions stage owns the meaning. */
export type OrderFlags = number;

export interface OrderedBy {
  readonly action: Action;
  flags: OrderFlags;
}

/** One step of the transition, or a point that others are ordered by (`pseudo`). */
export interface Action {
  readonly number: number;
  /** `web_start_0`, `stonith-node2-reboot`, ... unique with the node. */
  readonly key: string;
  /** start, stop, promote, demote, monitor, notify, migrate_to, migrate_from, reload-agent, lrm_delete, stonith, do_shutdown, clear_failcount, ... */
  task: string;
  readonly resource: Resource | undefined;
  node: ClusterNode | undefined;
  readonly intervalMs: number;
  /** Effective options and meta attributes of the operation. */
  readonly meta: Map<string, string>;
  pseudo: boolean;
  optional: boolean;
  runnable: boolean;
  /** Printed and put into the graph although optional. */
  printAlways: boolean;
  migrateRunnable: boolean;
  onFail: OnFail;
  roleAfterFailure: Role;
  needs: 'nothing' | 'quorum' | 'fencing';
  priority: number;
  reason: string | undefined;
  before: OrderedBy[];
  after: OrderedBy[];
  /** With one-or-more orderings: how many of the firsts must be runnable, and are. */
  requiredRunnableBefore: number;
  runnableBefore: number;
  inGraph: boolean;
  /** Free for the actions stage. */
  flags: number;
}

/** An ordering between resources or actions as constraints and stages ask for it, before actions are linked. */
export interface Ordering {
  readonly id: string;
  readonly firstResource: Resource | undefined;
  readonly firstTask: string | undefined;
  readonly firstAction: Action | undefined;
  readonly thenResource: Resource | undefined;
  readonly thenTask: string | undefined;
  readonly thenAction: Action | undefined;
  readonly flags: OrderFlags;
}

/** What a failure in the history demands whatever is decided: a stop or demotion on that very node. */
export interface Demand {
  readonly task: 'stop' | 'demote';
  readonly resource: Resource;
  readonly node: ClusterNode;
}

/** Something in the configuration or status that a user should hear about; the catalogue has its words. */
export interface PolicyWarning {
  readonly code: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

export interface Cluster {
  readonly cib: Cib;
  /** Epoch seconds that count as now. */
  readonly nowS: number;
  readonly options: ClusterOptions;
  readonly haveQuorum: boolean;
  /** MD5 in hexadecimal: recorded digests of parameters are compared with it. Given, because the core computes no hashes. */
  readonly md5: (text: string) => string;
  /** A fencing device is configured. */
  haveFencingDevice: boolean;
  /** Something provides or requires unfencing: everything that does not say otherwise waits for it, and so do fence devices. */
  readonly unfencing: boolean;
  readonly dcId: string | undefined;
  /** Sorted by name. */
  readonly nodes: ClusterNode[];
  readonly nodeById: Map<string, ClusterNode>;
  readonly nodeByName: Map<string, ClusterNode>;
  /** Top level, configuration order; orphans at the end. */
  readonly resources: Resource[];
  /** Every resource at any level, by id (`web`, `group`, `web:0`). */
  readonly resourceById: Map<string, Resource>;
  readonly tickets: Map<string, Ticket>;
  /** Expired or outdated fail counts: status finds them, the actions stage clears them. */
  readonly failcountsToClear: { readonly resource: Resource; readonly node: ClusterNode; readonly reason: string }[];
  /** Status finds them, the actions stage makes them actions that are not optional. */
  readonly demands: Demand[];
  /** Histories to erase because their shutdown lock expired. */
  readonly historiesToErase: { readonly resource: Resource; readonly node: ClusterNode }[];
  /** Recurring monitors whose failure expired: to be run anew as if a parameter had changed that needs a restart. */
  readonly expiredMonitors: Set<RecordedOperation>;
  readonly locations: Location[];
  readonly colocations: Colocation[];
  readonly orderings: Ordering[];
  readonly actions: Action[];
  /** The next time (epoch seconds) at which the same CIB may decide differently: a rule, an expiring failure. */
  recheckAtS: number | undefined;
  readonly contributions: Contribution[];
  readonly warnings: PolicyWarning[];
}

/** Adds to a resource's score on a node and remembers why. A node the resource does not know is left alone. */
export function contribute(
  cluster: Cluster,
  resource: Resource,
  node: ClusterNode,
  amount: number,
  reason: ScoreReason,
  phase: Contribution['phase'] = 'placement',
): void {
  const allowed = resource.allowed.get(node.id);
  if (allowed === undefined) return;
  allowed.score = addScores(allowed.score, amount);
  cluster.contributions.push({ resource: resource.id, node: node.name, phase, amount, sum: allowed.score, reason });
}

/** The outermost collective a resource belongs to, or itself. */
export function topmost(resource: Resource): Resource {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
}

/** The clone a resource is an instance (or a member of an instance) of. */
export function cloneOf(resource: Resource): Resource | undefined {
  for (let each: Resource | undefined = resource; each !== undefined; each = each.parent) {
    if (each.kind === 'clone') return each;
  }
  return undefined;
}

/** Primitives below (or the resource itself), in configuration order. */
export function primitivesOf(resource: Resource): Resource[] {
  return resource.kind === 'primitive' ? [resource] : resource.children.flatMap(primitivesOf);
}

/** Whether the definition is that of a primitive. */
export function isPrimitive(definition: ResourceDefinition | undefined): definition is Primitive {
  return definition?.kind === 'primitive';
}
