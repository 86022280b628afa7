/**
 * The configuration store: `createStore` from what the disk holds, then one `stepStore` for each event. See state.ts for events and
 * effects, and docs/configuration-store.md for what is promised. The caller carries out effects in their order, tells the outcome of
 * each write, delivers messages between members, and sends `tick` when `dueUs` has come.
 */
import { failure, type Problem } from '../../result.ts';
import type { Microseconds } from '../../types.ts';
import { acceptIfWhole } from './accept.ts';
import { headOf } from './ancestry.ts';
import { answer, beginCommit, enqueue, hereOnly, mayCommit } from './commit.ts';
import type { Entry } from './entry.ts';
import type { Loaded } from './load.ts';
import type { StoreMessage } from './messages.ts';
import { giveUpProposal, onOutcome, onOwnRequestAccepted, propose, proposeAgain, proposeIfWhole } from './propose.ts';
import { reportSettlement, settleIfWhole } from './settle.ts';
import { fileOf, isRingFile } from './shelf.ts';
import {
  confirmTimeUs,
  createState,
  currentDigest,
  never,
  report,
  type Step,
  type StoreEffect,
  type StoreEvent,
  type StoreOptions,
  type StoreState,
  send,
  type Work,
} from './state.ts';
import { onAccepted, onHead, onPeer, onRefused, onStanding, sendHead, synchronize } from './synchronize.ts';
import { askAgain, onAsk, onOffer, onPart, onRead, onWant, purposes } from './transfer.ts';
import type { Version } from './version.ts';
import { beginRepair, onWritten, type WorkResult } from './work.ts';

export interface StoreStart {
  readonly state: StoreState;
  readonly effects: readonly StoreEffect[];
}

export function createStore(options: StoreOptions, loaded: Loaded): StoreStart {
  const state = createState(options, loaded);
  const step: Step = { state, nowUs: 0, effects: [] };
  for (const problem of loaded.problems) report(step, problem);
  if (loaded.condition === 'unreadable') report(step, { code: 'configuration-unreadable', fields: {} });
  if (loaded.condition === 'foreign') report(step, { code: 'configuration-foreign', fields: {} });
  const { current } = state;
  if (current !== undefined && needsRepair(loaded)) beginRepair(step, current);
  return { state, effects: step.effects };
}

export function stepStore(state: StoreState, event: StoreEvent, nowUs: Microseconds): readonly StoreEffect[] {
  const step: Step = { state, nowUs, effects: [] };
  take(step, event);
  advance(step);
  return step.effects;
}

/** When the next `tick` is due; infinity: never. */
export function dueUs({ peer, retryAtUs, unconfirmed, proposal, incoming, waiting, work }: StoreState): Microseconds {
  return Math.min(
    peer.isMember ? retryAtUs : never,
    unconfirmed?.answerByUs ?? never,
    proposal?.answerByUs ?? never,
    proposal?.offerAtUs ?? never,
    work?.purpose.kind === 'commit' && work.purpose.asker !== undefined ? work.purpose.answerByUs : never,
    ...waiting.map(({ answerByUs }) => answerByUs),
    ...purposes.map((purpose) => {
      const each = incoming[purpose];
      if (each === undefined) return never;
      // A whole version may wait for the copy of another one; all others wait for work to end.
      const isAsking = each.whole === undefined || (purpose === 'version' && work === undefined);
      return isAsking ? each.askAtUs : never;
    }),
  );
}

/** The version that the running cluster shows: `num_updates` counts what happened to the status section since the last commit. */
export function runningVersion({ current, statusUpdates }: StoreState): Version | undefined {
  return current === undefined ? undefined : { ...current.entry.version, numUpdates: statusUpdates };
}

/** The status section is nobody's decision: it is counted, never committed, and begins at 0 after a restart and a commit. */
export function countStatusUpdate(state: StoreState): void {
  state.statusUpdates += 1;
}

function needsRepair({ shelf, current, isCurrentFileStale }: Loaded): boolean {
  return isCurrentFileStale || ![...shelf.values()].some(({ entry }) => entry.digest === current?.entry.digest);
}

function take(step: Step, event: StoreEvent): void {
  switch (event.type) {
    case 'commit':
      return enqueue(step, event.candidate, { from: 'here', id: event.id });
    case 'written': {
      const ended = onWritten(step, event.id, event.result.ok ? undefined : event.result.problem);
      if (ended !== undefined) onWorkEnded(step, ...ended);
      return;
    }
    case 'peer':
      return onPeer(step, event);
    case 'standing':
      return onStanding(step, event);
    case 'message':
      if (step.state.peer.isMember) onMessage(step, event.message);
      return;
    case 'read':
      return onRead(step, event.digest, event.bytes);
    case 'tick':
      return onTick(step);
  }
}

function onMessage(step: Step, message: StoreMessage): void {
  switch (message.kind) {
    case 'head':
      return onHead(step, message.head, message.wantsAnswer);
    case 'offer':
      return considerOffer(step, message);
    case 'part':
      onPart(step, message.file, { number: message.number, sum: message.sum, bytes: message.data });
      return;
    case 'ask':
      return onAsk(step, message.file, message.from, message.to);
    case 'want':
      // Whoever settles must not decide about a version that is not current any more.
      if (message.digest !== currentDigest(step.state)) sendHead(step, false);
      return onWant(step, message.digest);
    case 'accepted':
      return onAccepted(step, message.digest);
    case 'refused':
      return onRefused(step, message.digest, message.code, message.reason);
    case 'outcome':
      return onOutcome(step, message.request, message.outcome);
  }
}

function considerOffer(step: Step, message: StoreMessage & { readonly kind: 'offer' }): void {
  const { state } = step;
  const { purpose, digest, base } = message;
  if (purpose === 'version') {
    // Not what is only known to have come before, or to have lost: of that, no file need be here.
    if (fileOf(state.shelf, digest, isRingFile) !== undefined) return send(step, { kind: 'accepted', digest });
    if (base !== currentDigest(state)) return sendHead(step, true);
  }
  if (purpose === 'proposal' && !state.peer.leads) return;
  if (purpose === 'copy' && digest !== state.wanted) return;
  onOffer(step, message);
}

function onTick(step: Step): void {
  const { state, nowUs } = step;
  const { unconfirmed, proposal, work } = state;
  if (work?.purpose.kind === 'commit' && nowUs >= work.purpose.answerByUs) {
    answer(step, work.purpose.asker, failure('configuration-outcome-unknown'));
    work.purpose.asker = undefined;
  }
  for (const { asker } of state.waiting.filter(({ answerByUs }) => nowUs >= answerByUs))
    answer(step, asker, failure('configuration-not-in-sync'));
  state.waiting = state.waiting.filter(({ answerByUs }) => nowUs < answerByUs);
  if (unconfirmed !== undefined && nowUs >= unconfirmed.answerByUs) {
    state.unconfirmed = undefined;
    const { asker, version, digest } = unconfirmed;
    answer(step, asker, { ok: true, value: { version, digest, where: 'here', notice: hereOnly('slow', '') } });
  }
  if (proposal !== undefined && nowUs >= proposal.answerByUs) giveUpProposal(step);
  proposeAgain(step);
  askAgain(step);
  if (nowUs >= state.retryAtUs) synchronize(step, true);
}

/** Begins what can be begun: one thing at a time, the peer's version before anything of our own. */
function advance(step: Step): void {
  const { state } = step;
  proposeIfWhole(step);
  if (state.work === undefined) acceptIfWhole(step);
  if (state.work === undefined) settleIfWhole(step);
  while (isIdle(state) && mayCommit(state)) {
    const waiting = state.waiting.shift();
    if (waiting === undefined) return;
    if (state.peer.isMember && !state.peer.leads) propose(step, waiting);
    else beginCommit(step, waiting);
  }
}

function isIdle({ work, unconfirmed, proposal }: StoreState): boolean {
  return work === undefined && unconfirmed === undefined && proposal === undefined;
}

function onWorkEnded(step: Step, work: Work, result: WorkResult): void {
  if (result.ok) onWorkDone(step, work);
  else onWorkFailed(step, work, result.problem, result.isUncertain);
}

function onWorkDone(step: Step, { purpose, next }: Work): void {
  const { state } = step;
  const { entry } = next;
  state.rejected = undefined;
  if (purpose.kind === 'repair') return;
  state.current = next;
  state.condition = 'loaded';
  state.statusUpdates = 0;
  step.effects.push({ type: 'changed', version: entry.version, digest: entry.digest, document: next.document });
  reportSettlement(step, entry);
  endUnconfirmed(step, entry);
  if (purpose.kind === 'accept') return onAcceptDone(step, entry);
  state.skipped = 0;
  if (purpose.kind === 'commit') onCommitDone(step, purpose, entry);
  synchronize(step, false);
}

function onCommitDone(
  step: Step,
  { asker }: Work['purpose'] & { readonly kind: 'commit' },
  { version, digest, alone }: Entry,
): void {
  const { state, nowUs } = step;
  if (state.peer.isMember) {
    state.unconfirmed = { asker, version, digest, answerByUs: nowUs + confirmTimeUs };
    return;
  }
  const notice = hereOnly(alone === undefined ? 'gone' : 'alone', '');
  answer(step, asker, { ok: true, value: { version, digest, where: 'here', notice } });
}

/** Another version became current before the peer had confirmed this one: it follows it, or went before it in a settlement. */
function endUnconfirmed(step: Step, { parent, settled }: Entry): void {
  const { state } = step;
  const { unconfirmed } = state;
  if (unconfirmed === undefined) return;
  state.unconfirmed = undefined;
  const { asker, version, digest } = unconfirmed;
  if (parent === digest && settled === undefined)
    answer(step, asker, { ok: true, value: { version, digest, where: 'both' } });
  else if (settled?.lost === digest) answer(step, asker, failure('configuration-superseded', { digest }));
  else answer(step, asker, { ok: true, value: { version, digest, where: 'here', notice: hereOnly('slow', '') } });
}

function onAcceptDone(step: Step, entry: Entry): void {
  const { state } = step;
  send(step, { kind: 'accepted', digest: entry.digest });
  onOwnRequestAccepted(step, entry);
  if (state.peer.isMember) state.peer.head = headOf(state);
  synchronize(step, false);
}

function onWorkFailed(step: Step, { purpose, next }: Work, problem: Problem, isUncertain: boolean): void {
  const { code, fields } = problem;
  report(step, problem);
  if (purpose.kind === 'commit')
    answer(step, purpose.asker, isUncertain ? failure('configuration-outcome-unknown') : { ok: false, problem });
  if (purpose.kind === 'accept')
    send(step, { kind: 'refused', digest: next.entry.digest, code, reason: String(fields['file'] ?? '') });
}
