/**
 * Nobody holds what a real Heartbeat owns: it had given its class to us, and we were restarted before it could notice.
 * It takes its own groups only when it joins, so it would leave them stopped. We may not start them without its
 * `done` either; so it is asked to hand them over, as `hb_takeover` does.
 */
import { type GroupState, letterOf, type NodeState, stageOf } from '../../node-state.ts';
import { arm } from '../../timers.ts';
import { messageOf } from '../../transport/message.ts';
import { usPerSecond } from '../../types.ts';
import { isHandingOver } from '../handover.ts';
import { classOf, isClassic } from './classic-peer.ts';

/** Longer than the moment between two statements in which a class seems to belong to nobody. */
const patienceUs = 15 * usPerSecond;

/** Called after every event. */
export function settleOrphanedClass(state: NodeState): void {
  if (!isClassic(state)) return;
  const { classic } = state.peer;
  if (!isOrphaned(state)) {
    classic.orphanedSinceUs = undefined;
    return;
  }
  classic.orphanedSinceUs ??= state.nowUs;
  const dueUs = classic.orphanedSinceUs + patienceUs;
  if (state.nowUs < dueUs) {
    arm(state.timers, 'classic orphan', dueUs);
    return;
  }
  classic.orphanedSinceUs = state.nowUs;
  arm(state.timers, 'classic orphan', state.nowUs + patienceUs);
  const message = { code: 'class-orphaned', fields: { peer: state.options.peer } };
  state.effects.push({ type: 'log', level: 'warning', message });
  state.effects.push({ type: 'send', message: messageOf('hb_takeover', { rsc_hold: 'foreign' }) });
}

function isOrphaned(state: NodeState): boolean {
  const { peer } = state;
  if (peer.presence !== 'up' || !peer.fresh || peer.report?.stage !== 'member') return false;
  if (stageOf(state) !== 'member' || !state.hostReady || isHandingOver(state)) return false;
  if (state.options.legacyFailback === true || peer.classic.held.theirs || peer.classic.handed.theirs) return false;
  const theirs = state.groups.filter((group) => classOf(state, group) === 'theirs');
  const idle = (group: GroupState): boolean => letterOf(group) === '-';
  return theirs.length > 0 && theirs.every(idle);
}
