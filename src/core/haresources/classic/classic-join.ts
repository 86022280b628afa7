/**
 * Getting to know a real Heartbeat node. We ask for its list of nodes (`reqnodes`): the answer proves that it hears our
 * present incarnation. A node that joins says `starting` and is told what the other holds; one that is a member already
 * waits for the other's `starting`.
 */
import { hasAlarm, raiseAlarm } from '../../alarms.ts';
import { type NodeState, stageOf } from '../../node-state.ts';
import { arm } from '../../timers.ts';
import { messageOf } from '../../transport/message.ts';
import { usPerMs, usPerSecond } from '../../types.ts';
import { isClassic } from './classic-peer.ts';
import { declarationGraceMs, refreshClassicReport } from './classic-report.ts';

/** Heartbeat asks again after a second as well. */
const askAgainUs = usPerSecond;
/** Unanswered for as long as this, a node that we hear is taken to be deaf to us. */
const deafAfterUs = 5 * usPerSecond;

/** Called in every round of the rules: asks what must be asked, and derives what the peer says. */
export function settleClassicPeer(state: NodeState): void {
  if (!isClassic(state)) return;
  if (state.peer.presence === 'up') {
    askForNodes(state);
    introduce(state);
    waitForDeclaration(state);
  }
  refreshClassicReport(state);
}

function askForNodes(state: NodeState): void {
  const { classic } = state.peer;
  if (classic.knowsUsSince !== undefined || stageOf(state) === 'paused') return;
  if (classic.nodesAskedUs !== undefined && state.nowUs - classic.nodesAskedUs < askAgainUs) return;
  classic.firstAskedUs ??= state.nowUs;
  classic.nodesAskedUs = state.nowUs;
  state.effects.push({ type: 'send', message: messageOf('reqnodes', {}), dest: state.options.peer });
  arm(state.timers, 'classic nodes', state.nowUs + askAgainUs);
  if (state.nowUs - classic.firstAskedUs < deafAfterUs || hasAlarm(state, 'peer-does-not-hear-us')) return;
  const problem = { code: 'peer-does-not-hear-us', fields: { node: state.options.peer } };
  raiseAlarm(state, problem);
  state.effects.push({ type: 'log', level: 'error', message: problem });
}

function introduce(state: NodeState): void {
  const { classic } = state.peer;
  if (state.options.legacyFailback === true || stageOf(state) !== 'joining' || !state.hostReady) return;
  if (classic.knowsUsSince === undefined || classic.claimSequence > classic.knowsUsSince) return;
  if (classic.startingSaidUs !== undefined && state.nowUs - classic.startingSaidUs < askAgainUs) return;
  classic.startingSaidUs = state.nowUs;
  classic.introduced = true;
  state.effects.push({ type: 'send', message: messageOf('starting', {}) });
  arm(state.timers, 'classic starting', state.nowUs + askAgainUs);
}

/** Its statements of before the silence count again once it has not said in time that it took us for dead. */
function waitForDeclaration(state: NodeState): void {
  const { returnedUs } = state.peer;
  if (returnedUs === undefined) return;
  const untilUs = returnedUs + declarationGraceMs * usPerMs;
  if (untilUs > state.nowUs) arm(state.timers, 'classic declaration', untilUs);
}
