/**
 * Plays a transition on paper: every action is done at once when its inputs are done, and works, except where the caller
 * wants one to fail. What the nodes would then report goes into a new status section.
 */
import type { Cib } from '../../cib/model.ts';
import { presentDigest } from '../actions/digests.ts';
import type { Decision } from '../decision.ts';
import type { GraphAction } from '../graph.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import type { TransitionEntry } from './answer.ts';
import { foldedName } from './names.ts';
import { playInOrder } from './play-order.ts';
import { StatusEditor } from './status-editor.ts';

/** `web_start_0@node1=1`: this operation ends with that exit code. */
export interface WantedFailure {
  readonly resource: string;
  readonly task: string;
  readonly intervalMs: number;
  readonly node: string;
  readonly rc: number;
}

export interface Played {
  readonly entries: TransitionEntry[];
  readonly cib: Cib;
  /** What was not reached, because something before it failed. */
  readonly left: readonly GraphAction[];
  readonly failed: readonly GraphAction[];
}

export interface PlayOptions {
  readonly failures?: readonly WantedFailure[];
  /** The CIB will be kept and decided on again: its operations carry the digests of their parameters. */
  readonly kept?: boolean;
}

export function play(base: Cib, decision: Decision, nowS: number, options: PlayOptions = {}): Played {
  const { failures = [], kept = false } = options;
  const status = new StatusEditor(base, nowS);
  const entries: TransitionEntry[] = [];
  const failed: GraphAction[] = [];
  const left = playInOrder(decision.cluster, decision.graph.actions, (action) => {
    entries.push(entryOf(decision, action));
    const wanted = failures.find((failure) => isMeant(failure, action));
    carryOut(decision, status, action, { rc: wanted?.rc, kept });
    if (wanted === undefined) return true;
    failed.push(action);
    return false;
  });
  return { entries, cib: status.cib(), left, failed };
}

interface Outcome {
  readonly rc: number | undefined;
  readonly kept: boolean;
}

function carryOut(decision: Decision, status: StatusEditor, action: GraphAction, outcome: Outcome): void {
  const { cluster } = decision;
  const node = action.node === undefined ? undefined : cluster.nodeByName.get(action.node);
  if (node === undefined || action.kind === 'pseudo') return;
  if (action.kind === 'fence') {
    if (action.meta['stonith_action'] !== 'on') status.gone(node);
    return;
  }
  const resource = cluster.resourceById.get(action.instance ?? action.resource ?? '');
  if (action.resource === undefined || resource === undefined) return;
  // What is to be forgotten stays on record, as with crm_simulate: the same cleanup is planned again by the next decision.
  if (isForgetting(action) || action.kind === 'cluster' || action.task === 'notify') return;
  report(cluster, status, node, resource, action, outcome);
}

function report(
  cluster: Cluster,
  status: StatusEditor,
  node: ClusterNode,
  resource: Resource,
  action: GraphAction,
  { rc, kept }: Outcome,
): void {
  const { class: standard, provider, type } = resource;
  const owner = { id: action.resource!, class: standard, provider, type };
  // A cancellation is recorded too, as crm_simulate does it; what was cancelled stays on record.
  const { task, intervalMs, expectedRc } = action;
  const { migrate_source = '', migrate_target = '' } = action.meta;
  const moved = /^migrate_/.test(task) ? { migrate_source, migrate_target } : {};
  const digest = kept ? { 'op-digest': presentDigest(cluster, resource, node, task, intervalMs) } : {};
  const attributes = { ...moved, ...digest };
  // An agent that has taken new parameters runs as one that was started with them.
  const recorded = /^reload/.test(task) ? 'start' : task;
  status.record(node, owner, { task: recorded, intervalMs, rc: rc ?? expectedRc, expectedRc, status: 0, attributes });
  if (rc !== undefined && rc !== expectedRc) status.countFailure(node, owner.id, task, intervalMs);
}

const isForgetting = ({ task }: GraphAction): boolean => task === 'delete' || task === 'lrm_delete';

function isMeant(failure: WantedFailure, action: GraphAction): boolean {
  return (
    action.kind === 'resource' &&
    (failure.resource === action.resource || failure.resource === action.instance) &&
    failure.task === action.task &&
    failure.intervalMs === action.intervalMs &&
    failure.node === action.node
  );
}

function entryOf({ cluster }: Decision, action: GraphAction): TransitionEntry {
  const node = action.node === undefined ? {} : { node: action.node };
  if (action.kind === 'pseudo') return { pseudo: action.key };
  if (action.kind === 'fence') return { op: 'fence', ...node, how: action.meta['stonith_action'] ?? 'reboot' };
  const known = cluster.resourceById.get(action.instance ?? action.resource ?? '');
  const unknown = action.resource === undefined ? {} : { resource: action.resource };
  const name = known === undefined ? unknown : foldedName(known);
  const op = action.task;
  const interval = action.intervalMs > 0 ? { interval: action.intervalMs } : {};
  return { op, ...name, ...node, ...interval };
}
