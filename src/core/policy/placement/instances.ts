/**
 * Dealing out a clone's instances. First every instance that is active keeps its node, as long as the node holds no more than its
 * fair share; then the rest go where the ordinary rules send them, within the limit per node. What is beyond clone-max runs
 * nowhere.
 */

import type { ScoreReason } from '../reasons.ts';
import { infinity } from '../score.ts';
import type { AllowedNode, Cluster, ClusterNode, Resource } from '../working-set.ts';
import { contribute, primitivesOf, role } from '../working-set.ts';
import { assignAny } from './any.ts';
import { inDealingOrder } from './instance-order.ts';
import { unplace } from './place.ts';
import { forgetHandedDown, handDownToInstance } from './relations.ts';
import { assignedNodes, currentNode, hasFailed, isActive, parentEntry } from './state.ts';
import { forbidEverywhere, isAvailable, restore, scoresOf } from './tables.ts';

interface Limits {
  readonly nodeMax: number;
  readonly everyNodeGetsOne: boolean;
}

export function assignInstances(cluster: Cluster, clone: Resource): void {
  const { max, nodeMax } = clone.clone!;
  const instances = inDealingOrder(cluster, clone);
  let available = 0;
  for (const allowed of clone.allowed.values()) {
    allowed.count = 0;
    if (isAvailable(allowed.node)) available += 1;
  }
  const limits: Limits = { nodeMax, everyNodeGetsOne: max >= available };
  const fairShare = Math.max(1, available > 0 ? Math.floor(max / available) : 0);
  let dealt = 0;
  for (const instance of instances) {
    if (dealt >= max) break;
    const home = homeWorthKeeping(instance, fairShare);
    if (home !== undefined && assignInstance(cluster, instance, home, limits)) dealt += 1;
  }
  for (const instance of instances) {
    if (!instance.provisional) continue;
    if (dealt >= max) leaveOut(cluster, instance);
    else if (assignInstance(cluster, instance, undefined, limits)) dealt += 1;
  }
}

/** Beyond clone-max: it stays without a decision, so that colocations do not take it for one that could not be placed. */
function leaveOut(cluster: Cluster, instance: Resource): void {
  forbidEverywhere(cluster, instance, { kind: 'clone-limit', detail: 'clone-max' });
  for (const primitive of primitivesOf(instance)) primitive.nextRole = role.stopped;
  instance.nextRole = role.stopped;
}

function homeWorthKeeping(instance: Resource, fairShare: number): ClusterNode | undefined {
  if (!instance.provisional || !isActive(instance) || hasFailed(instance)) return undefined;
  const node = currentNode(instance);
  if (node === undefined || !isAvailable(node)) return undefined;
  const entry = parentEntry(instance, node);
  return entry === undefined || entry.count >= fairShare ? undefined : node;
}

/** Assigns one instance; with a home only there, and says whether it got a node. */
function assignInstance(cluster: Cluster, instance: Resource, home: ClusterNode | undefined, limits: Limits): boolean {
  if (instance.assigning) return false;
  handDownToInstance(instance.parent!, instance, limits.everyNodeGetsOne);
  if (home !== undefined && !mayStay(instance, home)) return false;
  forbidFullNodes(cluster, instance, limits.nodeMax);
  const before = remembered(instance);
  const contributionsBefore = cluster.contributions.length;
  const chosen = assignAny(cluster, instance, home) ?? assignedNodes(instance)[0];
  if (home !== undefined && chosen !== undefined && chosen !== home) {
    for (const each of before) {
      unplace(each.resource);
      restore(cluster, each.resource, each.scores, contributionsBefore);
      each.resource.nextRole = each.nextRole;
    }
    if (instance.kind === 'group') forgetHandedDown(instance);
    return false;
  }
  if (chosen === undefined) return false;
  const entry = parentEntry(instance, chosen);
  if (entry !== undefined) entry.count += 1;
  return true;
}

function mayStay(instance: Resource, home: ClusterNode): boolean {
  const own = instance.allowed.get(home.id);
  return own !== undefined && own.score >= 0;
}

function remembered(
  resource: Resource,
): { resource: Resource; scores: Map<string, number>; nextRole: Resource['nextRole'] }[] {
  return [
    { resource, scores: scoresOf(resource), nextRole: resource.nextRole },
    ...resource.children.flatMap(remembered),
  ];
}

function forbidFullNodes(cluster: Cluster, instance: Resource, nodeMax: number): void {
  for (const { node } of [...instance.allowed.values()]) {
    const entry = parentEntry(instance, node);
    if (!isAvailable(node)) addToAll(cluster, instance, node, -infinity, { kind: 'node-unavailable' });
    else if (entry === undefined) addToAll(cluster, instance, node, -infinity, { kind: 'clone-limit' });
    else limitByEntry(cluster, instance, entry, nodeMax);
  }
}

function limitByEntry(cluster: Cluster, instance: Resource, entry: AllowedNode, nodeMax: number): void {
  const clone = instance.parent!;
  if (entry.score < 0) addToAll(cluster, instance, entry.node, -infinity, { kind: 'other', resource: clone.id });
  else if (entry.count >= nodeMax)
    addToAll(cluster, instance, entry.node, -infinity, { kind: 'clone-limit', detail: 'clone-node-max' });
}

function addToAll(cluster: Cluster, resource: Resource, node: ClusterNode, amount: number, reason: ScoreReason): void {
  contribute(cluster, resource, node, amount, reason);
  for (const child of resource.children) addToAll(cluster, child, node, amount, reason);
}
