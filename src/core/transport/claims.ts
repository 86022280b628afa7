/**
 * What a packet says of its own age, read before its MAC is looked at: only to decide, while a flood goes on, whether it
 * is worth a MAC at all. A liar gains nothing: the packet that lies is opened as every packet was before, and one that
 * admits to be old is dropped, which nobody can make the peer's own packets do. So even somebody who sends the peer's
 * packets again from the peer's address, twenty thousand a second, costs one short look each.
 */
import type { LinkId } from '../types.ts';
import { hasMark, parseHexNumber } from './bytes.ts';
import { wireLimits } from './limits.ts';
import { netstringStart } from './netstring.ts';
import { clearPartOf, sealedStart } from './sealed.ts';
import type { PeerLink, PeerState, TransportState } from './state.ts';

/**
 * `new`: it would be the next of what this link has brought, or one that is missing. `unknown`: without a number, far
 * ahead, or of an incarnation that nobody has proven yet. `old`: it could have no effect, or is not of the peer.
 */
export type Claim = 'new' | 'unknown' | 'old';

/** So far ahead of what this link brought last is nobody who can be heard at all. */
const farAhead = 1000;

export function claimOf(state: TransportState, link: LinkId, bytes: Uint8Array): Claim {
  const { peer } = state;
  if (peer === undefined) return 'unknown';
  const heard = peer.links.get(link);
  if (heard === undefined) return 'old';
  if (hasMark(bytes, 0, netstringStart)) return claimInFields(peer, heard, bytes);
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

function claimInFields(peer: PeerState, link: PeerLink, bytes: Uint8Array): Claim {
  const fields = readFields(bytes);
  if (fields.src?.toLowerCase() !== peer.name) return 'old';
  const generation = parseHexNumber(fields.hg);
  const sequence = parseHexNumber(fields.seq);
  if (generation === undefined || generation < peer.generation) return 'old';
  if (generation > peer.generation || sequence === undefined) return 'unknown';
  return peer.window.missing.has(sequence) ? 'new' : claimOfNumber(link.highestSequence, sequence);
}

interface Said {
  src?: string;
  hg?: string;
  seq?: string;
}

const comma = 0x2c;
const colon = 0x3a;
const valueMax = 128;

/** From field to field by their lengths, without reading what is in the others. */
function readFields(bytes: Uint8Array): Said {
  const said: Said = {};
  let at = netstringStart.length;
  for (let count = 0; count < wireLimits.fields && at < bytes.length; count++) {
    let length = 0;
    let digits = 0;
    for (let byte = bytes[at]; byte !== colon; byte = bytes[++at]) {
      if (byte === undefined || byte < 0x30 || byte > 0x39 || ++digits > wireLimits.lengthDigits) return said;
      length = length * 10 + byte - 0x30;
    }
    const start = at + 1;
    at = start + length + 1;
    if (bytes[at - 1] !== comma) return said;
    if (hasMark(bytes, start, '(0)s') || hasMark(bytes, start, '(0)h')) note(said, bytes, start + 3, at - 1);
  }
  return said;
}

function note(said: Said, bytes: Uint8Array, start: number, end: number): void {
  if (end - start > valueMax) return;
  const text = String.fromCharCode(...bytes.subarray(start, end));
  if (text.startsWith('src=')) said.src ??= text.slice(4);
  else if (text.startsWith('hg=')) said.hg ??= text.slice(3);
  else if (text.startsWith('seq=')) said.seq ??= text.slice(4);
}
