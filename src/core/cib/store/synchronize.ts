/**
 * Keeps the two nodes equal while both are members. Each says where it stands when they meet and whenever they differ; who is
 * ahead offers its current version, and it is offered again until it is confirmed, quickly at first, then every ten seconds: a peer
 * with a full disk must not be flooded.
 */
import { bestOf, headOf, relationTo } from './ancestry.ts';
import { answer, hereOnly } from './commit.ts';
import { type Digest, nobody } from './entry.ts';
import type { Head } from './messages.ts';
import { giveUpProposal } from './propose.ts';
import {
  currentDigest,
  never,
  quickRetryUs,
  quickTries,
  type Step,
  type StoreEvent,
  type StoreState,
  send,
  slowRetryUs,
} from './state.ts';
import { forgetTransfers, offer, resendOffer } from './transfer.ts';

export function onPeer(step: Step, { isMember, leads }: StoreEvent & { readonly type: 'peer' }): void {
  const { state } = step;
  state.peer = { isMember, leads, head: undefined, refusal: undefined };
  state.wanted = undefined;
  state.tries = 0;
  forgetTransfers(step);
  if (isMember) synchronize(step, true);
  else onPeerGone(step);
}

export function onHead(step: Step, head: Head, wantsAnswer: boolean): void {
  const { state } = step;
  if (!state.peer.isMember) return;
  state.peer.head = head;
  if (wantsAnswer) sendHead(step, false);
  if (head.current?.digest === currentDigest(state)) onAccepted(step, currentDigest(state));
  else synchronize(step, false);
}

/** What the peer needs to be told now. `isRetry`: also what it was told before. */
export function synchronize(step: Step, isRetry: boolean): void {
  const { state } = step;
  const { isMember, leads, head } = state.peer;
  if (!isMember) return;
  const relation = head === undefined ? undefined : relationTo(state, head);
  if (relation === 'same') return agree(state);
  if (isRetry || state.retryAtUs === never) retryLater(step);
  if (relation === 'ahead') offerCurrent(step, head!.current?.digest ?? '', isRetry);
  else if (relation === 'apart' && leads) wantTheirs(step, head!.current!.digest, isRetry);
  else if (isRetry) sendHead(step, true);
}

export function sendHead(step: Step, wantsAnswer: boolean): void {
  send(step, { kind: 'head', head: headOf(step.state), wantsAnswer });
}

/** The peer has this version durable; every version that this node knows lies before its own or is its own. */
export function onAccepted(step: Step, digest: Digest): void {
  const { state } = step;
  const { unconfirmed, peer } = state;
  if (!peer.isMember) return;
  if (unconfirmed?.digest === digest) {
    state.unconfirmed = undefined;
    const { asker, version } = unconfirmed;
    answer(step, asker, { ok: true, value: { version, digest, where: 'both' } });
  }
  if (digest !== currentDigest(state)) return;
  peer.head = headOf(state);
  peer.refusal = undefined;
  synchronize(step, false);
}

export function onRefused(step: Step, digest: Digest, code: string, reason: string): void {
  const { state } = step;
  const { unconfirmed, peer } = state;
  if (!peer.isMember || digest !== currentDigest(state)) return;
  if (peer.refusal === undefined) {
    peer.refusal = { code: 'configuration-peer-refuses', fields: { reason: `${code} ${reason}`.trim() } };
    step.effects.push({ type: 'report', problem: peer.refusal });
  }
  if (unconfirmed?.digest !== digest) return;
  state.unconfirmed = undefined;
  const { asker, version } = unconfirmed;
  const notice = hereOnly('refused', `${code} ${reason}`.trim());
  answer(step, asker, { ok: true, value: { version, digest, where: 'here', notice } });
}

/** What spoke for this node counts from the moment in which the nodes no longer agree. */
export function onStanding(step: Step, { standing }: StoreEvent & { readonly type: 'standing' }): void {
  const { state } = step;
  state.live = standing;
  const { isMember, head } = state.peer;
  const isAgreed = isMember && head !== undefined && relationTo(state, head) === 'same';
  if (!isAgreed) state.apart = bestOf(state.apart, standing);
}

function onPeerGone(step: Step): void {
  const { state } = step;
  const { unconfirmed } = state;
  state.apart = bestOf(state.apart, state.live);
  state.retryAtUs = never;
  state.waiting = state.waiting.filter(({ asker }) => asker.from === 'here');
  if (unconfirmed !== undefined) {
    state.unconfirmed = undefined;
    const { asker, version, digest } = unconfirmed;
    answer(step, asker, { ok: true, value: { version, digest, where: 'here', notice: hereOnly('gone', '') } });
  }
  giveUpProposal(step);
}

function agree(state: StoreState): void {
  state.retryAtUs = never;
  state.tries = 0;
  state.apart = nobody;
  state.wanted = undefined;
  state.peer.refusal = undefined;
  delete state.outgoing.version;
  delete state.outgoing.copy;
  delete state.incoming.copy;
}

function retryLater({ state, nowUs }: Step): void {
  state.tries += 1;
  state.retryAtUs = nowUs + (state.tries <= quickTries ? quickRetryUs : slowRetryUs);
}

function offerCurrent(step: Step, base: Digest, isRetry: boolean): void {
  const { current, outgoing } = step.state;
  if (current === undefined) return;
  const { version } = outgoing;
  if (version?.digest !== current.entry.digest || version.base !== base) offer(step, 'version', current, base);
  else if (isRetry) {
    resendOffer(step, 'version');
    // If it has moved meanwhile, `base` is wrong and it will say so.
    sendHead(step, true);
  }
}

function wantTheirs(step: Step, digest: Digest, isRetry: boolean): void {
  const { state } = step;
  if (state.wanted === digest && !isRetry) return;
  state.wanted = digest;
  send(step, { kind: 'want', digest });
}
