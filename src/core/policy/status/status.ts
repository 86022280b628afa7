/**
 * The second stage of a decision: what the status section means. First the state of every node, then the histories: node by node
 * and resource by resource, every recorded operation oldest first, until it is known what runs where, in which role, what failed
 * there and what that demands.
 */
import type { NodeState, ResourceHistory } from '../../cib/model.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { role } from '../working-set.ts';
import { applyEntry } from './apply-entry.ts';
import { findResource } from './find-resource.ts';
import { sortedHistory } from './history-order.ts';
import { noteOwner } from './history-owner.ts';
import { historiesInOrder } from './history-sequence.ts';
import { nodeOfState, unpackNodeStates } from './node-state.ts';
import { orphanFor } from './orphans.ts';
import type { Reading } from './reading.ts';
import { setNextRole } from './reading.ts';
import { concludeHistory } from './resource-state.ts';
import { readShutdownLock } from './shutdown-lock.ts';

export function unpackStatus(cluster: Cluster): void {
  unpackNodeStates(cluster);
  for (const resource of cluster.resourceById.values()) setNextRole(resource, resource.targetRole ?? role.unknown);
  const { fencingEnabled, shutdownLock } = cluster.options;
  // Without fencing nothing is believed to run on a node that is down; a shutdown lock is found there all the same.
  const readsOffline = fencingEnabled || shutdownLock;
  for (const state of cluster.cib.status.nodes) {
    const node = nodeOfState(cluster, state);
    if (node === undefined || node.historyUnpacked) continue;
    if (node.online || readsOffline) unpackHistories(cluster, node, state);
  }
}

function unpackHistories(cluster: Cluster, node: ClusterNode, state: NodeState): void {
  node.historyUnpacked = true;
  for (const history of historiesInOrder(cluster, state)) unpackHistory(cluster, node, history);
}

function unpackHistory(cluster: Cluster, node: ClusterNode, history: ResourceHistory): void {
  const empty = history.operations.length === 0;
  if (empty && !cluster.options.shutdownLock) return;
  const found = findResource(cluster, node, history.id);
  if (found === undefined && empty) return;
  const resource = found ?? orphanFor(cluster, history);
  if (history.id !== resource.configuredId) resource.historyId = history.id;
  noteOwner(cluster, history, resource);
  if (cluster.options.shutdownLock) readShutdownLock(cluster, resource, node, history);
  readHistory({ cluster, resource, node, response: 'ignore', lastFailure: undefined }, history);
}

/** The resource's role is the most active one that any node's history gives it. */
function readHistory(reading: Reading, history: ResourceHistory): void {
  const { resource } = reading;
  const roleElsewhere = resource.role;
  resource.role = role.unknown;
  for (const entry of sortedHistory(history.operations)) applyEntry(reading, entry);
  concludeHistory(reading);
  applyTargetRole(resource);
  if (roleElsewhere > resource.role) resource.role = roleElsewhere;
}

/** A failure may ask for less than the target role; what asks for more has to wait. */
function applyTargetRole(resource: Resource): void {
  const { targetRole, nextRole } = resource;
  if (targetRole === undefined) return;
  if (nextRole === role.unknown || targetRole < nextRole) setNextRole(resource, targetRole);
}
