/**
 * Files on their way between the nodes. The sender offers one and pushes the first parts; the receiver asks for the rest, window
 * by window, and again for what did not come. A small configuration takes two messages and an answer. One file for each purpose
 * at a time, each way, so that a peer cannot make this node keep more than that; a receiver that gets nothing gives up.
 */

import { usPerMs, usPerSecond } from '../../types.ts';
import type { Digest } from './entry.ts';
import type { Current } from './load.ts';
import type { Purpose, StoreMessage } from './messages.ts';
import {
  addPart,
  assemble,
  beginReassembly,
  cutPart,
  missingWindow,
  type Part,
  partsOf,
  windowParts,
} from './parts.ts';
import { type Incoming, type Outgoing, type Step, send } from './state.ts';
import { fileOfVersion, readVersion } from './versions.ts';

type Offer = StoreMessage & { readonly kind: 'offer' };

export const purposes: readonly Purpose[] = ['version', 'proposal', 'copy'];
export const askAgainUs = 150 * usPerMs;
/** Without a new part in between. */
const asksMax = 40;
/** 32 MiB a second. */
const partsPerSecond = 1024;

/** Of the current version at once; of an older one when it has been read. */
export function onWant(step: Step, digest: Digest): void {
  const { state, effects } = step;
  const name = fileOfVersion(state, digest);
  if (state.current?.entry.digest === digest) offer(step, 'copy', state.current, '');
  else if (state.outgoing.copy?.digest === digest) resendOffer(step, 'copy');
  else if (name !== undefined) effects.push({ type: 'read', name, digest });
}

export function onRead(step: Step, digest: Digest, bytes: Uint8Array | undefined): void {
  const file = bytes === undefined ? undefined : readVersion(bytes, digest, step.state.options.sha256);
  if (bytes !== undefined && file !== undefined) offer(step, 'copy', { ...file, bytes }, '');
}

/** Answers the digest of the file. */
export function offer(step: Step, purpose: Purpose, { bytes, entry }: Current, base: Digest): Digest {
  const file = step.state.options.sha256(bytes);
  step.state.outgoing[purpose] = { file, bytes, digest: entry.digest, base };
  resendOffer(step, purpose);
  return file;
}

export function resendOffer(step: Step, purpose: Purpose): void {
  const outgoing = step.state.outgoing[purpose];
  if (outgoing === undefined) return;
  const { file, bytes, digest, base } = outgoing;
  const first = cutPart(bytes, 1, step.state.options.sha256);
  send(step, { kind: 'offer', purpose, file, bytes: bytes.length, digest, base, sum: first.sum, data: first.bytes });
  sendParts(step, outgoing, 2, windowParts);
}

export function onAsk(step: Step, file: Digest, from: number, to: number): void {
  const outgoing = purposes.map((purpose) => step.state.outgoing[purpose]).find((each) => each?.file === file);
  if (outgoing !== undefined && from >= 1) sendParts(step, outgoing, from, Math.min(to, from + windowParts - 1));
}

/** The caller has seen that the file is wanted. */
export function onOffer(step: Step, message: Offer): void {
  expect(step, message);
  onPart(step, message.file, { number: 1, sum: message.sum, bytes: message.data });
}

function expect({ state, nowUs }: Step, { purpose, file, bytes, digest, base }: Offer): void {
  const known = state.incoming[purpose];
  if (known?.reassembly.file === file) {
    known.base = base;
    return;
  }
  const reassembly = beginReassembly(file, bytes);
  if (reassembly === undefined) return;
  const windowEnd = Math.min(windowParts, reassembly.parts.length);
  const askAtUs = nowUs + askAgainUs;
  state.incoming[purpose] = { reassembly, digest, base, asked: 0, windowEnd, askAtUs, whole: undefined };
}

export function onPart(step: Step, file: Digest, part: Part): void {
  const { state, nowUs } = step;
  const { sha256 } = state.options;
  const purpose = purposes.find((each) => state.incoming[each]?.reassembly.file === file);
  const incoming = purpose === undefined ? undefined : state.incoming[purpose];
  if (purpose === undefined || incoming === undefined || !addPart(incoming.reassembly, part, sha256)) return;
  incoming.askAtUs = nowUs + askAgainUs;
  incoming.asked = 0;
  const window = missingWindow(incoming.reassembly);
  if (window === undefined) {
    incoming.whole = assemble(incoming.reassembly, sha256);
    if (incoming.whole === undefined) delete state.incoming[purpose];
  } else if (window.from > incoming.windowEnd) ask(step, incoming);
}

/** What did not come is asked for again. */
export function askAgain(step: Step): void {
  const { state, nowUs } = step;
  for (const purpose of purposes) {
    const incoming = state.incoming[purpose];
    if (incoming === undefined || incoming.whole !== undefined || nowUs < incoming.askAtUs) continue;
    incoming.asked += 1;
    if (incoming.asked > asksMax) delete state.incoming[purpose];
    else ask(step, incoming);
  }
}

export function forgetTransfers(step: Step): void {
  step.state.outgoing = {};
  step.state.incoming = {};
}

function ask(step: Step, incoming: Incoming): void {
  const window = missingWindow(incoming.reassembly);
  if (window === undefined) return;
  incoming.windowEnd = window.to;
  incoming.askAtUs = step.nowUs + askAgainUs;
  send(step, { kind: 'ask', file: incoming.reassembly.file, ...window });
}

function sendParts(step: Step, { file, bytes }: Outgoing, from: number, to: number): void {
  const { state, nowUs } = step;
  const { sent } = state;
  if (nowUs - sent.sinceUs >= usPerSecond) state.sent = { sinceUs: nowUs, parts: 0 };
  const last = Math.min(to, partsOf(bytes.length));
  for (let number = from; number <= last && state.sent.parts < partsPerSecond; number++) {
    state.sent.parts += 1;
    const part = cutPart(bytes, number, state.options.sha256);
    send(step, { kind: 'part', file, number, sum: part.sum, data: part.bytes });
  }
}
