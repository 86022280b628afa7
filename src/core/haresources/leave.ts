/**
 * Graceful stop. Each group is offered to the peer the moment it is stopped, so that its outage is its own stop and
 * start and nothing else. A group that cannot be stopped keeps the node in the cluster: leaving would let the peer
 * start it a second time (S9).
 */

import { hasAlarm, raiseAlarm } from '../alarms.ts';
import { lifeMachine } from '../life-machine.ts';
import { advance } from '../machine.ts';
import { letterOf, type NodeState, stageOf } from '../node-state.ts';
import { arm } from '../timers.ts';
import { messageOf } from '../transport/message.ts';
import { usPerMs } from '../types.ts';
import { isClassic } from './classic/classic-peer.ts';
import { sendToGroup, stopGroup } from './groups.ts';
import { isHeld } from './letters.ts';

/** `shutdone` is said more than once: it cannot be asked for again after this process is gone. */
const lingerMs: readonly number[] = [15, 40];
/** A real Heartbeat hears it once, and asks for it when it has noticed that it missed it. */
const lingerBesideHeartbeatMs: readonly number[] = [1000];
const lastLinger = 'linger last';

export function stopRequested(state: NodeState): void {
  if (stageOf(state) === 'leaving' || stageOf(state) === 'left') return;
  const { self, peer } = state.options;
  state.effects.push({
    type: 'record',
    record: { kind: 'handoverRequested', us: state.nowUs, reason: 'stop', from: self, to: peer },
  });
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'leaving', fields: {} } });
  state.life = advance<undefined, typeof lifeMachine>(lifeMachine, state.life, { type: 'stopRequested' }).snapshot;
}

export function settleLeaving(state: NodeState): void {
  if (stageOf(state) !== 'leaving') return;
  for (const group of state.groups) {
    const letter = letterOf(group);
    if (letter === 'r' || letter === 's') stopGroup(state, group, 'offered');
    if (letter === '-') sendToGroup(state, group, { type: 'offer' });
  }
  const held = state.groups.filter((group) => isHeld(letterOf(group)));
  if (held.length > 0) {
    if (held.every((group) => letterOf(group) === 'f')) refuseToLeave(state, held[0]?.configuration.key ?? '');
    return;
  }
  state.life = advance<undefined, typeof lifeMachine>(lifeMachine, state.life, { type: 'emptied' }).snapshot;
  sayShutdone(state);
  const besideHeartbeat = isClassic(state) && state.peer.presence === 'up';
  const pausesMs = besideHeartbeat ? lingerBesideHeartbeatMs : lingerMs;
  for (const [index, afterMs] of pausesMs.entries()) {
    const name = index + 1 === pausesMs.length ? lastLinger : `linger ${index}`;
    arm(state.timers, name, state.nowUs + afterMs * usPerMs);
  }
}

export function linger(state: NodeState, name: string): void {
  if (!isClassic(state)) sayShutdone(state);
  if (name === lastLinger) state.effects.push({ type: 'exit', code: 0, keepHost: false });
}

function sayShutdone(state: NodeState): void {
  state.effects.push({ type: 'send', message: messageOf('shutdone', { st: 'dead' }) });
}

function refuseToLeave(state: NodeState, group: string): void {
  if (hasAlarm(state, 'leave-refused')) return;
  raiseAlarm(state, { code: 'leave-refused', fields: { group } });
  state.effects.push({ type: 'log', level: 'critical', message: { code: 'leave-refused', fields: { group } } });
}
