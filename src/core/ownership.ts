/**
 * The ownership gate. Nothing in Pairbeat can start a resource except through `authorizeStart`, and that demands
 * evidence that the other node does not run it, freshly derived here from facts, not from what a manager believes
 * (S2). The safety argument, step by step, is docs/handover.md.
 *
 * With the other node in contact, the evidence rests on three rules:
 * 1. The owner may start a group that the peer's report does not hold; the other node only one that the peer offers.
 * 2. A report counts only if the peer wrote it knowing our present incarnation (`fresh`).
 * 3. After an offer of our own was withdrawn, only a report that acknowledges the withdrawal counts: until then the
 *    peer may be starting on the strength of the offer.
 */
import type { Operation } from './agents.ts';
import { assert } from './assert.ts';
import type { NodeEffect } from './effects.ts';
import type { FenceProof } from './fencing/fencing-state.ts';
import type { FenceAction } from './fencing/settings.ts';
import { type GroupLetter, isHeld, isOffered } from './haresources/letters.ts';
import { failure, type Result, success } from './result.ts';
import type { Microseconds, NodeName } from './types.ts';

/**
 * Why a start is permissible. Logged, shown by `status`, kept in the journal, checked by the simulator.
 * `unprotected` is a statement, not a proof: it is never counted as protection.
 */
export type StartEvidence =
  /** The peer's present incarnation says, freshly, that it does not hold the group and will not start it. */
  | {
      readonly kind: 'peerConfirmedStopped';
      readonly peerGeneration: number;
      readonly reportVersion: number;
      readonly letter: GroupLetter;
    }
  /** The peer said goodbye and has not come back. */
  | { readonly kind: 'peerShutDown'; readonly peerGeneration: number }
  /** A fence device has put an end to the peer's present incarnation, and nothing newer of it has been heard since. */
  | {
      readonly kind: 'peerFenced';
      readonly device: string;
      readonly action: FenceAction;
      readonly verified: boolean;
      readonly peerGeneration: number;
      readonly requestedUs: Microseconds;
      readonly confirmedUs: Microseconds;
    }
  /** The peer fell silent, or was never seen during initdead. */
  | {
      readonly kind: 'unprotected';
      readonly peerSeen: boolean;
      readonly silentSinceUs: Microseconds;
      readonly deadtimeMs: number;
      readonly linkViewVersion: number;
    }
  | { readonly kind: 'operator'; readonly who: string }
  /**
   * Part of a group that has been held here without a gap since it was started on `first`: a reload adds it, or starts it
   * again. It proves what `first` proved, no more.
   */
  | {
      readonly kind: 'heldHere';
      readonly sinceUs: Microseconds;
      readonly first: FirstEvidence;
    };

/** `adopted`: started by an earlier daemon of this boot, on evidence that only its journal has. */
export type FirstEvidence =
  | 'peerConfirmedStopped'
  | 'peerShutDown'
  | 'peerFenced'
  | 'unprotected'
  | 'operator'
  | 'adopted';

/** What the gate looks at for one group. Filled by node.ts from membership and reports. */
export interface OwnershipFacts {
  readonly mayAct: boolean;
  readonly ownLetter: GroupLetter;
  /** Report version with which this node's last offer of the group was withdrawn; 0 when it never offered. */
  readonly withdrawnAtVersion: number;
  readonly ownerByUs: NodeName;
  readonly self: NodeName;
  readonly peer: PeerFacts;
  /** Who has said that the peer does not run this group any more, although its last word was "stop failed". */
  readonly operatorWord: string | undefined;
}

export interface PeerFacts {
  readonly presence: 'never' | 'up' | 'silent' | 'left';
  readonly generation: number;
  readonly fresh: boolean;
  readonly reportVersion: number;
  readonly ack: number;
  /** `undefined`: the peer does not list the group. */
  readonly statement: { readonly letter: GroupLetter; readonly owner: string } | undefined;
  /** The last that any incarnation of the peer said of the group was that its stop had failed. */
  readonly failedStop: boolean;
  readonly silentSinceUs: Microseconds;
  readonly deadtimeMs: number;
  readonly linkViewVersion: number;
  readonly initdeadPassed: boolean;
  /** The administrator has configured fencing: silence alone permits nothing. */
  readonly fencingRequired: boolean;
  readonly proof: FenceProof | undefined;
}

/** The only constructor of a start operation. */
export function authorizeStart(operation: Operation, evidence: StartEvidence | undefined): NodeEffect {
  assert(operation.action === 'start', 'the ownership gate authorizes starts');
  assert(evidence !== undefined, `S2: start of ${operation.group} without evidence`);
  return { type: 'operation', operation, evidence };
}

/** Evidence for starting the group now, or why there is none. */
export function evidenceFor(facts: OwnershipFacts): Result<StartEvidence> {
  if (!facts.mayAct) return failure('start-refused-not-member');
  if (facts.ownLetter !== '-') return failure('start-refused-not-stopped-here', { letter: facts.ownLetter });
  switch (facts.peer.presence) {
    case 'up':
      return fromReport(facts);
    case 'left':
      return blockedByFailedStop(facts) ?? success({ kind: 'peerShutDown', peerGeneration: facts.peer.generation });
    case 'silent':
      return fromProof(facts) ?? withoutProof(facts, true);
    case 'never':
      return fromProof(facts) ?? withoutProof(facts, false);
  }
}

/** The peer is off: by its fence device, or by the operator who has been there. */
function fromProof({ peer }: OwnershipFacts): Result<StartEvidence> | undefined {
  const { proof } = peer;
  if (proof === undefined) return undefined;
  // It speaks of one incarnation. Where none was heard by this process, it is the last one that was heard at all.
  if (peer.presence === 'silent' && proof.peerGeneration !== peer.generation) return undefined;
  if (proof.by === 'operator') return success({ kind: 'operator', who: proof.name });
  assert(proof.action !== 'word', 'S8: a device has acted');
  const { action, verified, peerGeneration, requestedUs, confirmedUs } = proof;
  return success({
    kind: 'peerFenced',
    device: proof.name,
    action,
    verified,
    peerGeneration,
    requestedUs,
    confirmedUs,
  });
}

/** S8: with fencing configured there is no other way than a proof, and a failed attempt is none. */
function withoutProof(facts: OwnershipFacts, peerSeen: boolean): Result<StartEvidence> {
  const { peer } = facts;
  if (!peerSeen && !peer.initdeadPassed) return failure('start-refused-peer-not-seen');
  if (peer.fencingRequired) return failure('start-refused-peer-not-fenced');
  return blockedByFailedStop(facts) ?? success(unprotected(peer, peerSeen));
}

/**
 * Evidence for starting a part of a group that this node has not let go of. Since the first start every report of this
 * node has said so, and the peer may start nothing that a report of ours holds: what was true then is true now. That ends
 * with an incarnation (own pause, guardian), which makes the group `unknown` and is never seen here.
 */
export function evidenceForPart(
  ownLetter: GroupLetter,
  held: { readonly sinceUs: Microseconds; readonly first: StartEvidence | undefined },
): StartEvidence {
  assert(ownLetter === 's', 'a group that is changed in place has been held all along');
  return { kind: 'heldHere', sinceUs: held.sinceUs, first: firstKind(held.first) };
}

function firstKind(evidence: StartEvidence | undefined): FirstEvidence {
  if (evidence === undefined) return 'adopted';
  return evidence.kind === 'heldHere' ? evidence.first : evidence.kind;
}

/** The owner of a group when the two haresources files disagree: the same answer on both sides. */
export function effectiveOwner(ownerByUs: string, ownerByPeer: string | undefined): string {
  return ownerByPeer === undefined || ownerByUs < ownerByPeer ? ownerByUs : ownerByPeer;
}

function fromReport(facts: OwnershipFacts): Result<StartEvidence> {
  const { peer } = facts;
  if (!peer.fresh) return failure('start-refused-no-fresh-report');
  if (peer.ack < facts.withdrawnAtVersion) return failure('start-refused-withdrawal-not-seen');
  // Its haresources has no such group: it may run the same address or service as part of another one.
  if (peer.statement === undefined) return failure('start-refused-unknown-to-peer');
  const { letter } = peer.statement;
  if (isHeld(letter)) return failure('start-refused-held-by-peer', { letter });
  const isOwner = effectiveOwner(facts.ownerByUs, peer.statement.owner) === facts.self;
  if (!isOwner && !isOffered(letter)) return failure('start-refused-not-offered', { letter });
  return success({
    kind: 'peerConfirmedStopped',
    peerGeneration: peer.generation,
    reportVersion: peer.reportVersion,
    letter,
  });
}

/** S9: the peer's last word was that it could not stop the group. Only an operator can say that it is off. */
function blockedByFailedStop(facts: OwnershipFacts): Result<StartEvidence> | undefined {
  if (!facts.peer.failedStop) return undefined;
  if (facts.operatorWord !== undefined) return success({ kind: 'operator', who: facts.operatorWord });
  return failure('start-refused-failed-stop-at-peer');
}

function unprotected(peer: PeerFacts, peerSeen: boolean): StartEvidence {
  const { silentSinceUs, deadtimeMs, linkViewVersion } = peer;
  return { kind: 'unprotected', peerSeen, silentSinceUs, deadtimeMs, linkViewVersion };
}
