/**
 * What `<node_state>` says about a node: member of the cluster layer (`in_ccm`), its controller's process (`crmd`), how far it
 * joined (`join`) and what is expected of it (`expected`). With fencing a node that should be there and is not must be fenced;
 * without fencing it just counts as down, and Pacemaker then believes that it runs nothing.
 */
import type { NodeState } from '../../cib/model.ts';
import { parseBoolean, parseInteger } from '../../cib/values.ts';
import { noteRecheck } from '../unpack/rule-context.ts';
import type { Cluster, ClusterNode } from '../working-set.ts';
import { requireFencing } from './node-fencing.ts';

/** Every node counts as never seen until a state of it is read; what was never seen may run anything. */
export function unpackNodeStates(cluster: Cluster): void {
  const { fencingEnabled, startupFencing } = cluster.options;
  for (const node of cluster.nodes) {
    node.unseen = true;
    node.unclean = fencingEnabled && startupFencing && node.kind !== 'remote';
  }
  for (const state of cluster.cib.status.nodes) {
    const node = nodeOfState(cluster, state);
    if (node !== undefined && node.kind !== 'remote') unpackNodeState(cluster, node, state);
  }
}

/** Undefined for a node that the configuration does not know. */
export function nodeOfState(cluster: Cluster, state: NodeState): ClusterNode | undefined {
  return cluster.nodeById.get(state.id) ?? cluster.nodeByName.get(state.uname ?? '');
}

interface Presence {
  /** Epoch seconds since which it is a member; 0: it is not; -1: nobody ever said. */
  readonly memberSinceS: number;
  /** Epoch seconds since which its controller answers; 0: it does not. */
  readonly processSinceS: number;
  readonly join: string;
  readonly expected: string;
}

function unpackNodeState(cluster: Cluster, node: ClusterNode, state: NodeState): void {
  const { attributes } = state;
  const presence: Presence = {
    memberSinceS: memberSince(attributes['in_ccm'], cluster.nowS),
    processSinceS: processSince(attributes['crmd'], cluster.nowS),
    join: (attributes['join'] ?? '').toLowerCase(),
    expected: (attributes['expected'] ?? 'down').toLowerCase(),
  };
  node.unseen = false;
  node.unclean = false;
  node.standby = parseBoolean(node.attributes.get('standby')) === true;
  node.maintenance = parseBoolean(node.attributes.get('maintenance')) === true;
  node.shutdown = (parseInteger(node.attributes.get('shutdown')) ?? 0) > 0;
  node.expectedUp = !node.shutdown && presence.expected === 'member';
  node.online = cluster.options.fencingEnabled
    ? onlineWithFencing(cluster, node, presence)
    : onlineWithoutFencing(cluster, node, presence);
  if (!cluster.haveQuorum && node.online && cluster.options.noQuorumPolicy === 'suicide') {
    requireFencing(cluster, node, 'cluster does not have quorum');
  }
}

function onlineWithFencing(cluster: Cluster, node: ClusterNode, presence: Presence): boolean {
  const { memberSinceS, processSinceS } = presence;
  if (node.shutdown) return processSinceS > 0;
  if (memberSinceS < 0) {
    requireFencing(cluster, node, 'peer has not been seen by the cluster');
    return false;
  }
  const gone = memberSinceS === 0 && processSinceS === 0;
  if (terminationWanted(node) && gone && presence.join === 'down') return false;
  const reason = reasonToFence(cluster, node, presence);
  if (reason !== undefined) requireFencing(cluster, node, reason);
  if (reason === lostMember) node.fenceAfterPriorityDelay = true;
  return memberSinceS > 0;
}

const lostMember = 'peer is no longer part of the cluster';

/** Marks a node that is not ready yet as pending. */
function reasonToFence(cluster: Cluster, node: ClusterNode, presence: Presence): string | undefined {
  const { memberSinceS, processSinceS, join, expected } = presence;
  if (join === 'banned') return 'peer failed Pacemaker membership criteria';
  if (terminationWanted(node)) return 'fencing was requested';
  if (expected === 'down') {
    if (pendingTooLong(cluster, presence)) return 'peer pending timed out on joining the process group';
    if (memberSinceS > 0 || processSinceS > 0) notReady(node);
    return undefined;
  }
  if (memberSinceS === 0) return lostMember;
  if (processSinceS === 0) return 'peer process is no longer available';
  if (join === 'member') return undefined;
  if (join !== 'pending' && join !== 'down') return 'peer was in an unknown state';
  notReady(node);
  return undefined;
}

function onlineWithoutFencing(cluster: Cluster, node: ClusterNode, presence: Presence): boolean {
  if (presence.memberSinceS <= 0) return false;
  if (presence.processSinceS > 0) return presence.join === 'member';
  if (node.expectedUp) requireFencing(cluster, node, 'peer is unexpectedly down');
  return false;
}

function notReady(node: ClusterNode): void {
  node.standby = true;
  node.pending = true;
}

/** A member whose controller does not come up within node-pending-timeout (0: no limit). */
function pendingTooLong(cluster: Cluster, { memberSinceS, processSinceS }: Presence): boolean {
  const { nodePendingTimeoutMs } = cluster.options;
  if (nodePendingTimeoutMs <= 0 || memberSinceS <= 0 || processSinceS > 0) return false;
  const endS = memberSinceS + Math.trunc(nodePendingTimeoutMs / 1000);
  if (cluster.nowS >= endS) return true;
  noteRecheck(cluster, endS);
  return false;
}

/** The attribute `terminate`: yes, or the epoch second at which somebody asked for it. */
function terminationWanted(node: ClusterNode): boolean {
  const value = node.attributes.get('terminate');
  return parseBoolean(value) ?? (parseInteger(value) ?? 0) > 0;
}

/** `true`/`false` up to Pacemaker 2.1.6, epoch seconds since. */
function memberSince(value: string | undefined, nowS: number): number {
  if (value === undefined) return -1;
  const yes = parseBoolean(value);
  if (yes !== undefined) return yes ? nowS : 0;
  const sinceS = parseInteger(value);
  return sinceS === undefined || sinceS < 0 ? -1 : sinceS;
}

/** `online`/`offline` up to Pacemaker 2.1.6, epoch seconds since. */
function processSince(value: string | undefined, nowS: number): number {
  if (value === 'online') return nowS;
  return Math.max(0, parseInteger(value) ?? 0);
}
