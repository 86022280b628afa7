/**
 * pingd, built in: a node attribute that is the multiplier times the number of ping nodes that answer. Changes reach the
 * attribute after the dampening, so that a lost answer on one node moves nothing anywhere.
 */
import { wantAttribute } from '../attributes.ts';
import type { PingdConfiguration } from '../config/configuration.ts';
import type { NodeState } from '../node-state.ts';
import { usPerMs } from '../types.ts';
import type { PingNode } from './ping-nodes.ts';

/** Called after every event. */
export function settlePingd(state: NodeState): void {
  for (const pingd of state.options.reach.pingd) {
    const watched = watchedBy(state.reach.nodes, pingd);
    // Nothing is said before the first answers can be in: a node that starts is not one that has lost its network.
    if (watched.some((node) => node.status === 'init')) continue;
    const live = watched.filter((node) => node.status === 'ping').length;
    wantAttribute(state, pingd.attribute, String(live * pingd.multiplier), pingd.dampenMs * usPerMs);
  }
}

function watchedBy(nodes: readonly PingNode[], { hosts }: PingdConfiguration): readonly PingNode[] {
  if (hosts.length === 0) return nodes.filter((node) => node.options.listed);
  return nodes.filter((node) => !node.options.listed && hosts.includes(node.options.name));
}
