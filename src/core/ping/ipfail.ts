/**
 * ipfail, built in: a node that reaches fewer ping nodes than its peer gives its resources to it. Decided from levels in
 * every step, so nothing is lost with a message, and dampened twice: a ping node counts as dead only after deadping, and
 * the difference must last for two keepalives. Way home: only after the peer's view has been as good as ours for
 * deadping and two keepalives more, so that a ping node that answers once in a while moves nothing to and fro.
 */
import { askStandby, isHandingOver } from '../haresources/handover.ts';
import { letterOf, type NodeState, stageOf } from '../node-state.ts';
import { arm, disarm } from '../timers.ts';
import { usPerSecond } from '../types.ts';
import { delayUs } from './going-home.ts';
import { livePingNodes } from './ping-nodes.ts';
import { peerReach } from './reach.ts';

/** A peer that refused, or could not, is not asked again at once. */
const askAgainUs = 10 * usPerSecond;

/** Called after every event. */
export function settleIpfail(state: NodeState): void {
  const { reach, options } = state;
  if (!options.reach.ipfail) return;
  compare(state);
  if (reach.lessSinceUs === undefined) {
    disarm(state.timers, 'ipfail');
    return;
  }
  const dueUs = Math.max(reach.lessSinceUs + delayUs(state), reach.askAgainUs);
  if (state.nowUs < dueUs) {
    arm(state.timers, 'ipfail', dueUs);
    return;
  }
  const holds = state.groups.some((group) => letterOf(group) === 'r');
  if (!holds || isHandingOver(state)) return;
  reach.askAgainUs = state.nowUs + askAgainUs;
  const fields = { ours: livePingNodes(reach.nodes), theirs: peerReach(state) ?? 0, peer: options.peer };
  state.effects.push({ type: 'log', level: 'warning', message: { code: 'ipfail-gives', fields } });
  askStandby(state, 'all', 'ipfail', undefined);
}

function compare(state: NodeState): void {
  const { reach } = state;
  const theirs = stageOf(state) === 'member' ? peerReach(state) : undefined;
  const ours = livePingNodes(reach.nodes);
  // A node that has just begun to ask does not know yet what it reaches.
  const known = reach.nodes.every((node) => !node.options.listed || node.status !== 'init');
  const less = theirs !== undefined && known && ours < theirs;
  const even = theirs !== undefined && theirs >= ours;
  reach.lessSinceUs = less ? (reach.lessSinceUs ?? state.nowUs) : undefined;
  reach.peerEvenSinceUs = even ? (reach.peerEvenSinceUs ?? state.nowUs) : undefined;
}
