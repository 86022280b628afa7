/** What an operator asks for. Every request is answered: at once when refused, else accepted now and finished later. */
import { endAlarm } from '../alarms.ts';
import { askClient } from '../client-questions.ts';
import { outdatePeer } from '../dopd.ts';
import type { NodeEvent, StandbyScope } from '../events.ts';
import { confirmOff } from '../fencing/workflow.ts';
import { letterOf, type NodeState, stageOf } from '../node-state.ts';
import type { Problem } from '../result.ts';
import { whyNotSaid } from '../script-messages.ts';
import { arm, disarm } from '../timers.ts';
import { type Message, messageOf } from '../transport/message.ts';
import { usPerSecond } from '../types.ts';
import { tryLeftOutAgain } from './change.ts';
import { statementOf } from './facts.ts';
import { persistSticky, sendToGroup } from './groups.ts';
import { askStandby, cannotNarrow, groupsInScope, isHandingOver } from './handover.ts';
import { forgetFailures } from './monitor.ts';
import { noSuchGroup } from './no-such-group.ts';
import { manage, unmanage } from './unmanage.ts';

type CommandEvent = Extract<NodeEvent, { type: 'command' }>;

const takeoverLimitUs = 3600 * usPerSecond;

export function runCommand(state: NodeState, event: CommandEvent): void {
  const { command, requestId, who } = event;
  switch (command.verb) {
    case 'standby':
      return askStandby(state, command.scope, 'standby', requestId, command.groups);
    case 'takeover':
      return askTakeover(state, command.scope, requestId, command.groups);
    case 'cleanup':
      return cleanup(state, command.group, requestId, who);
    case 'unmanage':
      return reply(state, requestId, unmanage(state, command.group, { who, at: command.at }));
    case 'manage':
      return reply(state, requestId, manage(state, command.group, who));
    case 'confirmOff':
      return reply(state, requestId, confirmOff(state, command.node, who));
    case 'acknowledgeSplit':
      return acknowledgeSplit(state, requestId);
    case 'outdatePeer':
      return outdatePeer(state, command.resource, command.timeoutMs, requestId);
    case 'askClient':
      return askClient(state, command.client, requestId);
    case 'say':
      return say(state, command.message, requestId);
  }
}

/** The groups asked for run here now, or the peer is gone. */
export function settleTakeoverRequest(state: NodeState): void {
  const pending = state.pendingTakeover;
  if (pending === undefined) return;
  const groups = state.groups.filter((group) => pending.keys.includes(group.configuration.key));
  if (groups.every((group) => letterOf(group) === 'r')) answerTakeover(state, undefined);
  else if (groups.some((group) => letterOf(group) === 'x'))
    answerTakeover(state, { code: 'group-start-failed', fields: { group: pending.keys.join(' '), reason: '' } });
  else if (state.nowUs >= pending.limitUs)
    answerTakeover(state, { code: 'handover-timeout', fields: { peer: state.options.peer } });
}

function askTakeover(
  state: NodeState,
  scope: StandbyScope,
  requestId: number,
  only: readonly string[] | undefined,
): void {
  const fields = { peer: state.options.peer, scope: only?.join(' ') ?? scope };
  const narrow = cannotNarrow(state, scope, only);
  if (narrow !== undefined) {
    reply(state, requestId, narrow);
    return;
  }
  const there = groupsInScope(state, scope, only).filter((group) => statementOf(state, group)?.letter === 'r');
  const wanted = there.filter((group) => statementOf(state, group)?.unmanaged !== true);
  const code =
    stageOf(state) !== 'member'
      ? 'not-a-member'
      : isHandingOver(state) || state.pendingTakeover !== undefined
        ? 'handover-in-progress'
        : state.peer.presence !== 'up'
          ? 'peer-not-there'
          : !state.peer.fresh
            ? 'peer-not-ready'
            : wanted.length === 0
              ? there.length > 0
                ? 'unmanaged-at-peer'
                : 'nothing-to-take'
              : undefined;
  if (code !== undefined) {
    reply(state, requestId, { code, fields });
    return;
  }
  const keys = wanted.map((group) => group.configuration.key);
  state.pendingTakeover = { requestId, keys, limitUs: state.nowUs + takeoverLimitUs };
  arm(state.timers, 'takeover limit', state.nowUs + takeoverLimitUs);
  for (const group of wanted) if (letterOf(group) === 'x') sendToGroup(state, group, { type: 'cleanup' });
  const named = { rsc_hold: scope, ...(only === undefined ? {} : { pbask: keys.join(' ') }) };
  state.effects.push({ type: 'send', message: messageOf('hb_takeover', named) });
  state.effects.push({ type: 'reply', requestId, ok: true, final: false });
}

function answerTakeover(state: NodeState, problem: Problem | undefined): void {
  const { pendingTakeover } = state;
  if (pendingTakeover === undefined) return;
  state.pendingTakeover = undefined;
  disarm(state.timers, 'takeover limit');
  reply(state, pendingTakeover.requestId, problem);
}

/** Forgets failures here, and takes the operator's word that the peer does not run what it could not stop. */
function cleanup(state: NodeState, key: string | undefined, requestId: number, who: string): void {
  const groups = state.groups.filter((group) => key === undefined || group.configuration.key === key);
  if (groups.length === 0) {
    reply(state, requestId, noSuchGroup(state, key ?? ''));
    return;
  }
  let stuckThere: string | undefined;
  for (const group of groups) {
    const letter = letterOf(group);
    forgetFailures(state, group);
    if (letter === 'x' || letter === 'f') sendToGroup(state, group, { type: 'cleanup' });
    tryLeftOutAgain(state, group);
    if (letter === '-' && state.peer.presence === 'up' && group.stuckAtPeer) stuckThere = group.configuration.key;
    if (state.peer.presence !== 'up' && group.stuckAtPeer) group.operatorWord = who;
    for (const code of ['group-stop-failed', 'address-in-use', 'address-shared'])
      endAlarm(state, code, group.configuration.key);
  }
  endAlarm(state, 'leave-refused');
  endAlarm(state, 'guardian-acted');
  persistSticky(state);
  state.effects.push({
    type: 'log',
    level: 'notice',
    message: { code: 'cleanup-done', fields: { group: key ?? 'all', who } },
  });
  // That node is there: only it can say whether the group has stopped.
  const problem = { code: 'cleanup-at-peer', fields: { group: stuckThere ?? '', peer: state.options.peer } };
  reply(state, requestId, stuckThere === undefined ? undefined : problem);
}

function acknowledgeSplit(state: NodeState, requestId: number): void {
  state.split = undefined;
  const recordId = state.nextRecordId++;
  state.effects.push({ type: 'persist', recordId, name: 'split.json', content: JSON.stringify({ groups: [] }) });
  reply(state, requestId, undefined);
}

function say(state: NodeState, message: Message, requestId: number): void {
  const problem = stageOf(state) === 'left' ? notAMember(state) : whyNotSaid(message);
  if (problem === undefined) state.effects.push({ type: 'send', message });
  reply(state, requestId, problem);
}

const notAMember = (state: NodeState): Problem => ({ code: 'not-a-member', fields: { stage: stageOf(state) } });

function reply(state: NodeState, requestId: number, problem: Problem | undefined): void {
  if (problem === undefined) state.effects.push({ type: 'reply', requestId, ok: true, final: true });
  else state.effects.push({ type: 'reply', requestId, ok: false, problem, final: true });
}
