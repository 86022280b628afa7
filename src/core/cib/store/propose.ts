/**
 * A commit asked for on the node that does not coordinate. Its document goes to the coordinator as a file like a version's; the
 * version that comes back names the request. Whoever has that version durable knows that both nodes have. A request may arrive
 * twice and is carried out once: its digest is in the version.
 */
import { failure } from '../../result.ts';
import { answer, currentFrom, enqueue, objection } from './commit.ts';
import { type Digest, decodeVersionFile, type Entry, tidyName } from './entry.ts';
import type { Outcome } from './messages.ts';
import { readRootVersion } from './root-element.ts';
import { entriesOf, isRingFile } from './shelf.ts';
import { currentDigest, type Step, type StoreState, send, type Waiting } from './state.ts';
import { offer, resendOffer } from './transfer.ts';
import { decodeDocument } from './verify.ts';

const offerAgainUs = 1_000_000;

export function propose(step: Step, { candidate, asker, answerByUs }: Waiting): void {
  const { state, nowUs } = step;
  if (asker.from !== 'here') return;
  const problem = objection(state, candidate);
  if (problem !== undefined) return answer(step, asker, { ok: false, problem });
  const { node, sha256 } = state.options;
  const entry: Omit<Entry, 'digest'> = {
    version: readRootVersion(candidate.document)!,
    parent: candidate.parent,
    who: tidyName(candidate.who),
    when: tidyName(candidate.when),
    tool: tidyName(candidate.tool),
    node: tidyName(node),
    // Makes each request another one, also where somebody asks for the same again.
    difference: [`${asker.id} ${nowUs}`],
  };
  const file = currentFrom(candidate.document, entry, sha256);
  const request = offer(step, 'proposal', file, currentDigest(state));
  state.proposal = { id: asker.id, request, answerByUs, offerAtUs: nowUs + offerAgainUs };
}

/** The offer may have been lost, and the outcome too. */
export function proposeAgain(step: Step): void {
  const { state, nowUs } = step;
  const { proposal } = state;
  if (proposal === undefined || nowUs < proposal.offerAtUs) return;
  proposal.offerAtUs = nowUs + offerAgainUs;
  resendOffer(step, 'proposal');
}

/** When the coordinator has the whole request of its peer. */
export function proposeIfWhole(step: Step): void {
  const { incoming } = step.state;
  const { proposal } = incoming;
  if (proposal?.whole === undefined) return;
  delete incoming.proposal;
  onProposal(step, proposal.reassembly.file, proposal.whole);
}

function onProposal(step: Step, request: Digest, bytes: Uint8Array): void {
  const { state } = step;
  const outcome = state.outcomes.get(request) ?? writtenOutcome(state, request);
  if (outcome !== undefined) return send(step, { kind: 'outcome', request, outcome });
  if (isUnderWay(state, request)) return;
  const file = decodeVersionFile(bytes, state.options.sha256);
  const document = file === undefined ? undefined : decodeDocument(file.document);
  if (file === undefined || document === undefined) return;
  const { parent, who, when, tool, node } = file.entry;
  enqueue(step, { document, parent, who, when, tool }, { from: 'peer', request, node });
}

/** `both`: the coordinator made the version durable before it sent it, and here it is durable now. */
export function onOwnRequestAccepted(step: Step, { request, version, digest }: Entry): void {
  const { proposal } = step.state;
  if (proposal === undefined || proposal.request !== request) return;
  endProposal(step.state);
  answer(step, { from: 'here', id: proposal.id }, { ok: true, value: { version, digest, where: 'both' } });
}

export function onOutcome(step: Step, request: Digest, outcome: Outcome): void {
  const { state } = step;
  const { proposal } = state;
  if (proposal === undefined || proposal.request !== request) return;
  const asker = { from: 'here', id: proposal.id } as const;
  if (!outcome.ok) {
    endProposal(state);
    answer(step, asker, { ok: false, problem: { code: outcome.code, fields: outcome.fields } });
  } else if (outcome.digest === currentDigest(state)) {
    endProposal(state);
    answer(step, asker, { ok: true, value: { version: outcome.version, digest: outcome.digest, where: 'both' } });
  }
  // Else the version itself is still on its way.
}

/** Nobody here can say what became of it. */
export function giveUpProposal(step: Step): void {
  const { state } = step;
  const { proposal } = state;
  if (proposal === undefined) return;
  endProposal(state);
  answer(step, { from: 'here', id: proposal.id }, failure('configuration-outcome-unknown'));
}

function endProposal(state: StoreState): void {
  state.proposal = undefined;
  delete state.outgoing.proposal;
}

/** Made before this process began. */
function writtenOutcome({ shelf }: StoreState, request: Digest): Outcome | undefined {
  const entry = entriesOf(shelf, isRingFile).find((each) => each.request === request);
  return entry === undefined ? undefined : { ok: true, version: entry.version, digest: entry.digest };
}

function isUnderWay({ waiting, work, unconfirmed }: StoreState, request: Digest): boolean {
  const purpose = work?.purpose;
  const askers = [
    ...waiting.map(({ asker }) => asker),
    ...(purpose?.kind === 'commit' ? [purpose.asker] : []),
    unconfirmed?.asker,
  ];
  return askers.some((asker) => asker?.from === 'peer' && asker.request === request);
}
