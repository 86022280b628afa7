/**
 * How the histories of the two nodes lie to each other. A node knows the versions in its ring, what they were made from, and what
 * lost against them. If one node's current version is among what the other knows, that node is merely behind. If neither is, both
 * have committed without the other, and one of them must give way.
 */
import type { Digest, Entry, Settlement, Standing } from './entry.ts';
import type { ChainLink, Head } from './messages.ts';
import { entriesOf, isRingFile, type Shelf } from './shelf.ts';
import type { StoreState } from './state.ts';

/** `same`: nothing to do. `ahead`: the peer is behind us. `behind`: we are. `apart`: each has what the other has not. */
export type Relation = 'same' | 'ahead' | 'behind' | 'apart';

/** Links in a head; the ring gives at most three for each of its files. */
export const chainMax = 192;

export function headOf(state: StoreState): Head {
  const { current } = state;
  return {
    current: current === undefined ? undefined : { version: current.entry.version, digest: current.entry.digest },
    chain: current === undefined ? [] : chainOf(state.shelf, current.entry),
    apart: state.apart,
  };
}

export function relationTo(state: StoreState, head: Head): Relation {
  const own = headOf(state);
  const mine = own.current?.digest;
  const theirs = head.current?.digest;
  if (mine === theirs) return 'same';
  if (theirs === undefined || knows(own, theirs)) return 'ahead';
  if (mine === undefined || knows(head, mine)) return 'behind';
  return 'apart';
}

function knows(head: Head, digest: Digest): boolean {
  return head.chain.some((link) => link.digest === digest);
}

function chainOf(shelf: Shelf, current: Entry): readonly ChainLink[] {
  const links = new Map<Digest, ChainLink>();
  const add = (digest: Digest, alone?: Standing): void => {
    if (digest !== '' && links.get(digest)?.alone === undefined)
      links.set(digest, alone === undefined ? { digest } : { digest, alone });
  };
  const entries = [current, ...entriesOf(shelf, isRingFile)];
  for (const { digest, parent, alone } of entries) {
    add(digest, alone);
    add(parent);
  }
  // Last, because they end nothing: what spoke for this side in a split counts until the other side has the settlement.
  for (const { settled } of entries) if (settled !== undefined) add(settled.lost);
  return [...links.values()].slice(0, chainMax);
}

export interface Decision {
  readonly winner: 'own' | 'peer';
  readonly reason: Settlement['reason'];
}

/**
 * The coordinator decides, for both. Whoever fenced knows that the other one was off; who had quorum was meant to go on; who held
 * the resources ran by its configuration. The number of commits says nothing: a script on a cut-off node can make a hundred.
 */
export function decide(state: StoreState, peer: Head): Decision {
  const own = headOf(state);
  const mine = standingSince(own, peer);
  const theirs = standingSince(peer, own);
  if (mine.fenced !== theirs.fenced) return { winner: mine.fenced ? 'own' : 'peer', reason: 'fenced' };
  if (mine.quorum !== theirs.quorum) return { winner: mine.quorum ? 'own' : 'peer', reason: 'quorum' };
  if (mine.held !== theirs.held) return { winner: mine.held > theirs.held ? 'own' : 'peer', reason: 'held' };
  return { winner: 'own', reason: 'leads' };
}

/** Everything that spoke for a side since the last version that both know. What lies before that was settled with it. */
function standingSince(side: Head, other: Head): Standing {
  const common = side.chain.findIndex(({ digest }) => knows(other, digest));
  return side.chain
    .slice(0, common < 0 ? side.chain.length : common)
    .reduce((sum, { alone }) => (alone === undefined ? sum : bestOf(sum, alone)), side.apart);
}

export function bestOf(left: Standing, right: Standing): Standing {
  return {
    fenced: left.fenced || right.fenced,
    quorum: left.quorum || right.quorum,
    held: Math.max(left.held, right.held),
  };
}
