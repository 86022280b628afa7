/**
 * A start that failed, beside a real Heartbeat. It knows no single groups, so the whole class of the group goes to it,
 * as its own class comes to us when a start fails there. Tried once for each failure: what neither node can start would
 * wander for ever.
 */
import { type GroupState, letterOf, type NodeState, stageOf } from '../../node-state.ts';
import { statementOf } from '../facts.ts';
import { askStandby, isHandingOver } from '../handover.ts';
import { isHeld } from '../letters.ts';
import { cannotGive } from './classic-handover.ts';
import { classOf, isClassic } from './classic-peer.ts';

/** Called after every event. */
export function settleFailedClass(state: NodeState): void {
  if (!isClassic(state)) return;
  const { peer } = state;
  const failed = state.groups.filter((group) => letterOf(group) === 'x');
  const keys = new Set(failed.map((group) => group.configuration.key as string));
  peer.classic.triedToGive = new Set([...peer.classic.triedToGive].filter((key) => keys.has(key)));
  const group = failed.find((candidate) => mayGive(state, candidate));
  if (group === undefined) return;
  const scope = classOf(state, group) === 'ours' ? 'local' : 'foreign';
  if (cannotGive(state, scope) !== undefined) return;
  peer.classic.triedToGive = new Set([...peer.classic.triedToGive, group.configuration.key]);
  const fields = { group: group.configuration.key, scope, peer: state.options.peer };
  state.effects.push({ type: 'log', level: 'warning', message: { code: 'class-follows-failed-group', fields } });
  askStandby(state, scope, 'standby', undefined);
}

function mayGive(state: NodeState, group: GroupState): boolean {
  const { peer } = state;
  if (peer.presence !== 'up' || !peer.fresh || peer.report?.stage !== 'member') return false;
  if (stageOf(state) !== 'member' || isHandingOver(state)) return false;
  if (state.groups.some((other) => ['s', 'p', 'u'].includes(letterOf(other)))) return false;
  const theirs = statementOf(state, group)?.letter ?? 'u';
  return !isHeld(theirs) && !peer.classic.triedToGive.has(group.configuration.key);
}
