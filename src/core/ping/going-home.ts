/**
 * ipfail and the way home: to which node auto_failback may give groups, and how long a better view must have lasted.
 */
import type { NodeState } from '../node-state.ts';
import { arm } from '../timers.ts';
import { type Microseconds, usPerMs } from '../types.ts';
import { livePingNodes } from './ping-nodes.ts';
import { peerReach } from './reach.ts';

/** Two keepalives, as ipfail waits; with very short ones, what an answer may take longer on one node than on the other. */
const leastDelayMs = 100;

/**
 * Groups do not go to a node that reaches fewer ping nodes (auto_failback would send them straight back); those that
 * came here for that reason wait until it has been as good as this node for a while, and reaches anything at all.
 */
export function mayFailBack(state: NodeState): boolean {
  const { reach, options } = state;
  if (!options.reach.ipfail) return true;
  const theirs = peerReach(state);
  if (theirs === undefined) return true;
  if (theirs < livePingNodes(reach.nodes)) return false;
  if (!reach.fetched) return true;
  if (theirs === 0 || reach.peerEvenSinceUs === undefined) return false;
  const dueUs = reach.peerEvenSinceUs + homewardUs(state);
  if (state.nowUs >= dueUs) return true;
  arm(state.timers, 'ipfail home', dueUs);
  return false;
}

/** This node takes what the peer gives: is it because the peer reaches less? Then it wants it back one day. */
export function noteFetched(state: NodeState): void {
  const theirs = peerReach(state);
  if (!state.options.reach.ipfail || theirs === undefined) return;
  if (theirs >= livePingNodes(state.reach.nodes)) return;
  state.reach.fetched = true;
  state.peer.failbackDue = true;
}

/** For so long a difference between the two nodes must last. */
export function delayUs({ options }: NodeState): Microseconds {
  return Math.max(2 * options.keepaliveMs, leastDelayMs) * usPerMs;
}

function homewardUs(state: NodeState): Microseconds {
  const deadUs = Math.max(0, ...state.reach.nodes.map((node) => (node.options.listed ? node.options.deadUs : 0)));
  return deadUs + delayUs(state);
}
