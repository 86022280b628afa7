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
import { isHandingOver } from '../handover.ts';
import { isClassic } from './classic-peer.ts';
import { declarationGraceMs, refreshClassicReport } from './classic-report.ts';

/** Heartbeat asks again after a second as well. */
const askAgainUs = usPerSecond;
/** How long a member leaves a peer alone that has not said what it holds. Its scripts may take their time. */
const doubtUs = 5 * usPerSecond;
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

/**
 * `starting` asks what the peer holds. A node that joins says it until it is answered. A member says it where it ought
 * to know and does not: the peer took everything while the two could not hear each other and has nothing more to say, or
 * the last that it said was that something is on its way, and that was long ago.
 */
function introduce(state: NodeState): void {
  const { classic } = state.peer;
  if (classic.knowsUsSince === undefined) classic.doubtSinceUs = undefined;
  if (state.options.legacyFailback === true || !state.hostReady || classic.knowsUsSince === undefined) return;
  const isJoining = stageOf(state) === 'joining';
  if (!isJoining && (stageOf(state) !== 'member' || isHandingOver(state))) return;
  const isKnown = classic.claimSequence > classic.knowsUsSince && (isJoining || classic.stable);
  if (isKnown || classic.leaving) return;
  const pauseUs = isJoining ? askAgainUs : doubtUs;
  classic.doubtSinceUs ??= state.nowUs;
  const saidUs = classic.startingSaidUs ?? Number.NEGATIVE_INFINITY;
  // Said at once after a split, it would make a Heartbeat that is about to restart wait for a failback first.
  const dueUs = (isJoining ? saidUs : Math.max(saidUs, classic.doubtSinceUs)) + pauseUs;
  if (state.nowUs < dueUs) {
    arm(state.timers, 'classic starting', dueUs);
    return;
  }
  classic.startingSaidUs = state.nowUs;
  classic.introduced = true;
  // It takes us for unstable until it has heard what we hold.
  if (!isJoining) state.holdSent = '';
  state.effects.push({ type: 'send', message: messageOf('starting', {}) });
  arm(state.timers, 'classic starting', state.nowUs + pauseUs);
}

/** Its statements of before the silence count again once it has not said in time that it took us for dead. */
function waitForDeclaration(state: NodeState): void {
  const { returnedUs } = state.peer;
  if (returnedUs === undefined) return;
  const untilUs = returnedUs + declarationGraceMs * usPerMs;
  if (untilUs > state.nowUs) arm(state.timers, 'classic declaration', untilUs);
}
