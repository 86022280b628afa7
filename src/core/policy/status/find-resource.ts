/**
 * Which resource an entry of a node's status is about. Names in the history are those of primitives; an anonymous clone may be
 * recorded as `web` or, from older times or from when it was unique, as `web:1`. The number then means nothing: the history
 * belongs to the instance that is active on that node, or to one that is active nowhere yet, or, if the node has more histories
 * than the clone instances, to an orphan.
 */

import { addInstance } from '../unpack/instances.ts';
import type { Cluster, ClusterNode, Resource } from '../working-set.ts';
import { primitivesOf, topmost } from '../working-set.ts';
import { pendingNodeOf } from './pending.ts';

/** Undefined for what the configuration does not have, or has as a collective now. */
export function findResource(cluster: Cluster, node: ClusterNode, historyId: string): Resource | undefined {
  const bare = withoutNumber(historyId);
  const named = cluster.resourceById.get(historyId);
  if (named !== undefined && named.kind !== 'primitive') return undefined;
  const found = named ?? anonymousInstance(cluster, bare);
  if (found === undefined) return undefined;
  const clone = topmost(found);
  if (clone.clone === undefined || clone.clone.unique) return found;
  return instanceFor(cluster, clone, bare, node);
}

/** `web:3` is an instance of `web`. */
export function withoutNumber(id: string): string {
  return id.replace(/:\d+$/, '');
}

function anonymousInstance(cluster: Cluster, bare: string): Resource | undefined {
  const first = cluster.resourceById.get(`${bare}:0`);
  return first !== undefined && topmost(first).clone?.unique === false ? first : undefined;
}

function instanceFor(cluster: Cluster, clone: Resource, bare: string, node: ClusterNode): Resource | undefined {
  const found = chooseInstance(clone, bare, node);
  if (found === undefined || isWastedOn(cluster, clone, found, node)) return orphanInstance(cluster, clone, bare);
  return found;
}

function chooseInstance(clone: Resource, bare: string, node: ClusterNode): Resource | undefined {
  let free: Resource | undefined;
  for (const instance of clone.children) {
    const places = placesOf(instance);
    if (places.includes(node)) {
      const member = memberOf(instance, bare);
      // A second history of the clone on the same node: more instances than there should be.
      if (member !== undefined && member.activeOn.length > 0) return undefined;
      if (member !== undefined) return member;
    } else if (places.length === 0 && free === undefined && !instance.blocked) {
      free = freeMember(instance, bare, node);
    }
  }
  return free;
}

/** Where an instance is active or about to be, as far as it has been read. */
function placesOf(instance: Resource): ClusterNode[] {
  return primitivesOf(instance).flatMap((member) => {
    const pending = pendingNodeOf(member);
    return pending === undefined || member.activeOn.includes(pending) ? member.activeOn : [...member.activeOn, pending];
  });
}

function freeMember(instance: Resource, bare: string, node: ClusterNode): Resource | undefined {
  const member = memberOf(instance, bare);
  const pending = member === undefined ? undefined : pendingNodeOf(member);
  return pending === undefined || pending === node ? member : undefined;
}

function memberOf(instance: Resource, bare: string): Resource | undefined {
  return primitivesOf(instance).find(({ configuredId }) => configuredId === bare);
}

/** What does not require fencing is not believed to run on a node that is gone: its instance is free for another node. */
function isWastedOn(cluster: Cluster, clone: Resource, found: Resource, node: ClusterNode): boolean {
  if (found.requires === 'fencing' || (node.online && !node.unclean)) return false;
  return clone.clone?.max !== cluster.nodes.length;
}

function orphanInstance(cluster: Cluster, clone: Resource, bare: string): Resource | undefined {
  const instance = addInstance(cluster, clone);
  return instance === undefined ? undefined : memberOf(instance, bare);
}
