/**
 * The node's side of its ping nodes: they are asked, changes are told, and the count of those that answer is compared
 * with the peer's. Between two Pairbeat nodes the count is part of the report, a level; a real ipfail says it in
 * messages of its own (ipfail-messages.ts).
 */
import type { NodeEvent } from '../events.ts';
import type { PingReport } from '../haresources/report.ts';
import { type NodeState, stageOf, unpublished } from '../node-state.ts';
import { tellPingChange } from './ping-events.ts';
import {
  beginAsking,
  createPingNodes,
  livePingNodes,
  type PingChange,
  pingAnswered,
  stepPingNodes,
} from './ping-nodes.ts';
import type { ReachOptions } from './reach-state.ts';

export function beginReach(state: NodeState): void {
  beginAsking(state.reach.nodes, state.nowUs);
  askPingNodes(state);
}

/** A reload: what both lists have goes on as it is, the new ones are asked from now on. */
export function changePingNodes(state: NodeState, { pingNodes }: ReachOptions): void {
  const { nodes } = state.reach;
  const known = new Map(nodes.map((node) => [JSON.stringify(node.options), node]));
  const wanted = createPingNodes(pingNodes).map((node) => known.get(JSON.stringify(node.options)) ?? node);
  const begun = nodes.length === 0 ? stageOf(state) !== 'joining' : nodes.some((node) => node.nextAskUs !== undefined);
  if (begun)
    beginAsking(
      wanted.filter((node) => !nodes.includes(node)),
      state.nowUs,
    );
  nodes.splice(0, nodes.length, ...wanted);
}

/** Called with every event: what is due is done. */
export function askPingNodes(state: NodeState): void {
  const { nodes } = state.reach;
  if (nodes.length === 0) return;
  const { ask, changes } = stepPingNodes(nodes, state.nowUs);
  if (ask.length > 0) state.effects.push({ type: 'ping', targets: ask });
  tell(state, changes);
}

export function pingNodeAnswered(state: NodeState, event: Extract<NodeEvent, { type: 'pingAnswer' }>): void {
  tell(state, pingAnswered(state.reach.nodes, event.address, state.nowUs));
}

/** For the report; nothing when ha.cf names no ping node. */
export function reachReport({ reach }: NodeState): PingReport | undefined {
  if (!reach.nodes.some((node) => node.options.listed)) return undefined;
  const live = livePingNodes(reach.nodes);
  return reach.disputed === undefined ? { live } : { live, disputed: reach.disputed };
}

/** How many ping nodes the peer reaches; undefined when it does not say, or not now. */
export function peerReach({ peer, reach }: NodeState): number | undefined {
  if (peer.presence !== 'up' || peer.deafSinceUs !== undefined) return undefined;
  if (peer.product === 'heartbeat') return reach.classicCount;
  return peer.fresh ? peer.report?.pings?.live : undefined;
}

/**
 * A split is being settled: the count of this moment is what both nodes compare, however it changes meanwhile. It
 * counts once the peer has read it.
 */
export function freezeReach({ reach }: NodeState): void {
  if (reach.disputed !== undefined) return;
  reach.disputed = livePingNodes(reach.nodes);
  reach.disputedAtVersion = unpublished;
}

export function thawReach({ reach }: NodeState): void {
  reach.disputed = undefined;
  reach.disputedAtVersion = 0;
}

/**
 * Who had the better view when the split was found, from what both have said and both have read; `undecided` until then.
 */
export function betterReach(state: NodeState): 'ours' | 'theirs' | 'nobody' | 'undecided' {
  const { reach, peer } = state;
  const theirs = peer.report?.pings;
  if (theirs === undefined || reachReport(state) === undefined) return 'nobody';
  if (reach.disputed === undefined || theirs.disputed === undefined) return 'undecided';
  if ((peer.report?.ack ?? 0) < reach.disputedAtVersion) return 'undecided';
  if (reach.disputed === theirs.disputed) return 'nobody';
  return reach.disputed > theirs.disputed ? 'ours' : 'theirs';
}

function tell(state: NodeState, changes: readonly PingChange[]): void {
  for (const change of changes) tellPingChange(state, change);
}
