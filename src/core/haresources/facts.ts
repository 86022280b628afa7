/** Lays out for the ownership gate what is known about one group. Derived anew for every question, never kept. */
import { type GroupState, letterOf, type NodeState, stageOf } from '../node-state.ts';
import type { OwnershipFacts } from '../ownership.ts';
import { usPerMs } from '../types.ts';
import { isClassic } from './classic/classic-peer.ts';
import { isGiving } from './handover.ts';
import { isHeld } from './letters.ts';
import type { GroupStatement } from './report.ts';

export function factsFor(state: NodeState, group: GroupState): OwnershipFacts {
  const { peer, options } = state;
  return {
    // What is on its way to a real Heartbeat is not started again here while it is: its permission is our `done`.
    mayAct: stageOf(state) === 'member' && state.hostReady && !(isClassic(state) && isGiving(state, group)),
    ownLetter: letterOf(group),
    withdrawnAtVersion: group.withdrawnAtVersion,
    ownerByUs: group.configuration.owner,
    self: options.self,
    operatorWord: group.operatorWord,
    peer: {
      presence: peer.presence,
      generation: peer.generation,
      fresh: peer.fresh,
      reportVersion: peer.report?.version ?? 0,
      ack: peer.report?.ack ?? 0,
      statement: statementOf(state, group),
      failedStop: group.stuckAtPeer,
      silentSinceUs: peer.silentSinceUs,
      deadtimeMs: peer.deadtimeMs === 0 ? options.deadtimeMs : peer.deadtimeMs,
      linkViewVersion: peer.linkViewVersion,
      fencingRequired: options.fencing !== undefined,
      proof: state.fencing.proof,
      initdeadPassed: state.nowUs - state.waitingSinceUs >= state.waitMs * usPerMs,
    },
  };
}

/**
 * By the peer's last word it runs there, or may run: after a stop that failed, or both claim it. Nothing of it is started
 * any further here, not even a part of what runs (S9).
 */
export function mayRunAtPeer(state: NodeState, group: GroupState): boolean {
  return group.stuckAtPeer || isHeld(statementOf(state, group)?.letter ?? '-');
}

/** What the peer last said of the group, in its present generation. */
export function statementOf(state: NodeState, group: GroupState): GroupStatement | undefined {
  return state.peer.report?.groups.find((statement) => statement.key === group.configuration.key);
}
