/**
 * What a packet says of its own age, read before its MAC is looked at: only to decide, while a flood goes on, whether it
 * is worth a MAC at all. A liar gains nothing: the packet that lies is opened as every packet was before, and one that
 * admits to be old is dropped, which nobody can make the peer's own packets do. So even somebody who sends the peer's
 * packets again from the peer's address, twenty thousand a second, costs one short look each, however large they are.
 */
import type { LinkId } from '../types.ts';
import { hasMark, parseHexNumber } from './bytes.ts';
import { classicStart } from './classic.ts';
import { netstringStart } from './netstring.ts';
import { clearPartOf, sealedStart } from './sealed.ts';
import type { PeerLink, PeerState, TransportState } from './state.ts';

/**
 * `new`: it would be the next of what this link has brought, or one that is missing. `unknown`: without a number, far
 * ahead, or of an incarnation that nobody has proven yet. `old`: it could have no effect, or is not of the peer.
 */
export type Claim = 'new' | 'unknown' | 'old';

const latin1 = new TextDecoder('latin1');

/** So far ahead of what this link brought last is nobody who can be heard at all. */
const farAhead = 1000;

/**
 * Sender, number and generation follow what a node has to say, and little follows them (docs/wire-protocol.md). So the
 * end of a packet is enough, and to look at the largest takes 1 µs; to decode all of it would take longer than its MAC.
 */
const tailBytes = 2_048;

interface Form {
  readonly before: string;
  readonly after: string;
}

const netstrings: Form = { before: ':(0)', after: ',' };
const classicLines: Form = { before: '\n', after: '\n' };

export function claimOf(state: TransportState, link: LinkId, bytes: Uint8Array): Claim {
  const { peer } = state;
  if (peer === undefined) return 'unknown';
  const heard = peer.links.get(link);
  if (heard === undefined) return 'old';
  if (hasMark(bytes, 0, netstringStart)) return claimInFields(peer, heard, bytes, netstrings);
  if (hasMark(bytes, 0, classicStart)) return claimInFields(peer, heard, bytes, classicLines);
  return hasMark(bytes, 0, sealedStart) ? claimOfSealed(heard, bytes) : 'old';
}

/** From a sealed packet that was news: the next one of this sender has a higher number. */
export function rememberSeal(link: PeerLink, bytes: Uint8Array): void {
  if (!hasMark(bytes, 0, sealedStart)) return;
  const clear = clearPartOf(bytes);
  if (clear !== undefined) link.seal = { salt: clear.salt, counter: clear.counter };
}

function claimOfSealed({ seal }: PeerLink, bytes: Uint8Array): Claim {
  const clear = clearPartOf(bytes);
  if (clear === undefined) return 'old';
  if (seal === undefined || clear.salt.some((byte, index) => byte !== seal.salt[index])) return 'unknown';
  return claimOfNumber(seal.counter, clear.counter);
}

function claimOfNumber(highest: number, number: number): Claim {
  if (number <= highest) return 'old';
  return number <= highest + farAhead ? 'new' : 'unknown';
}

function claimInFields(peer: PeerState, link: PeerLink, bytes: Uint8Array, form: Form): Claim {
  const text = latin1.decode(bytes.subarray(-tailBytes));
  const sender = fieldValue(text, 'src', form);
  if (sender === undefined) return isCompressed(text, form) ? 'unknown' : 'old';
  if (sender.toLowerCase() !== peer.name) return 'old';
  const generation = parseHexNumber(fieldValue(text, 'hg', form));
  const sequence = parseHexNumber(fieldValue(text, 'seq', form));
  if (generation === undefined || generation < peer.generation) return 'old';
  if (generation > peer.generation || sequence === undefined) return 'unknown';
  return peer.window.missing.has(sequence) ? 'new' : claimOfNumber(link.highestSequence, sequence);
}

/** As a whole: who sends it is known after the MAC alone. */
function isCompressed(text: string, form: Form): boolean {
  return fieldValue(text, '_compression_algorithm', form) !== undefined;
}

/**
 * Found by a search over the text and not by reading field after field, which takes thirty times as long. Who hides such a
 * field in the value of another one spoils only his own packet.
 */
function fieldValue(text: string, name: string, { before, after }: Form): string | undefined {
  const mark = `${before}${name}=`;
  const at = text.indexOf(mark);
  const end = at < 0 ? -1 : text.indexOf(after, at + mark.length);
  return end < 0 ? undefined : text.slice(at + mark.length, end);
}
