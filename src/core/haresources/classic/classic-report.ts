/**
 * The report that a real Heartbeat does not send, put together from its claims, so that the ownership gate, the handover
 * and the failback read one thing whoever the peer is. A class is held by all of its groups or by none.
 */
import { type GroupState, letterOf, type NodeState } from '../../node-state.ts';
import { usPerMs } from '../../types.ts';
import { type GroupLetter, isHeld } from '../letters.ts';
import type { Report, ReportStage } from '../report.ts';
import { classOf } from './classic-peer.ts';

/** After a silence that only this node noticed, a peer that had declared us dead says so within this time. */
export const declarationGraceMs = 1000;

/** Derives what the peer says from all that it has said; called whenever that may have changed. */
export function refreshClassicReport(state: NodeState): void {
  const { peer } = state;
  const { claimSequence } = peer.classic;
  const legacy = state.options.legacyFailback === true;
  peer.fresh = isFresh(state);
  if (claimSequence === 0 && !legacy) {
    peer.report = undefined;
    return;
  }
  peer.report = {
    version: claimSequence,
    ack: Number.MAX_SAFE_INTEGER,
    ackGeneration: state.generation,
    stage: stageOfPeer(state),
    groups: state.groups.map((group) => ({
      key: group.configuration.key,
      letter: legacy ? legacyLetter(state, group) : classicLetter(state, group),
      marked: false,
      owner: group.configuration.owner,
    })),
  } satisfies Report;
}

/**
 * Said to us as we are now: it has answered a question of our present incarnation, and the statement is younger than
 * that answer. A statement from before a silence that only we noticed still holds: without us it cannot have taken more.
 */
function isFresh({ peer, nowUs, options }: NodeState): boolean {
  const { knowsUsSince, claimSequence, declaredUsDeadUs } = peer.classic;
  if (peer.presence !== 'up' || knowsUsSince === undefined) return false;
  if (options.legacyFailback === true) return true;
  if (claimSequence > knowsUsSince) return true;
  if (peer.returnedUs === undefined || claimSequence === 0 || declaredUsDeadUs !== undefined) return false;
  return nowUs - peer.returnedUs >= declarationGraceMs * usPerMs;
}

function stageOfPeer({ peer, options }: NodeState): ReportStage {
  if (peer.classic.leaving) return 'leaving';
  if (options.legacyFailback === true) return peer.status === 'active' ? 'member' : 'joining';
  return peer.classic.stable ? 'member' : 'joining';
}

function classicLetter(state: NodeState, group: GroupState): GroupLetter {
  const { held, handed, offered, lettingGo, stable } = state.peer.classic;
  const own = classOf(state, group);
  if (handed[own]) return 's';
  if (offered[own]) return 'o';
  if (held[own]) return 'r';
  if (lettingGo[own]) return 'p';
  if (!stable && !startsKnowingUs(state)) return 'u';
  return own === 'theirs' && isHeldHere(state) ? 'o' : '-';
}

/** The peer's own class is here: by its accounting all of it, so that the peer starts none of it without our `done`. */
function isHeldHere(state: NodeState): boolean {
  const theirs = state.groups.filter((group) => classOf(state, group) === 'theirs');
  return theirs.some((group) => letterOf(group) === 'x' || isHeld(letterOf(group)));
}

/**
 * A node that is not stable claims nothing although it may be taking everything, for want of an answer from us. Only
 * one that said `starting` after it had answered us is sure to wait for what we say before it takes even its own.
 */
function startsKnowingUs({ peer }: NodeState): boolean {
  const { startedSequence, knowsUsSince, declaredUsDeadUs } = peer.classic;
  return knowsUsSince !== undefined && startedSequence > knowsUsSince && declaredUsDeadUs === undefined;
}

/**
 * Legacy failback has no claims: a node keeps to the groups that haresources gives it, and asks for them one by one. So
 * the peer's own groups count as running there, and ours too until it has said that it does not run them.
 */
function legacyLetter(state: NodeState, group: GroupState): GroupLetter {
  const { classic, returnedUs } = state.peer;
  if (classic.released.has(group.configuration.key)) return '-';
  // What we took while only we could not hear it has never stopped there.
  return returnedUs !== undefined && group.marked ? 'r' : 'u';
}
