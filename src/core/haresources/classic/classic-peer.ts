/**
 * What a real Heartbeat 3 node has said of its resources. It sends no report and knows no letters; it claims classes:
 * its own groups (`local`), the other node's (`foreign`), both or none. Everything here is seen from this node: `ours`
 * are the groups that haresources gives to us, `theirs` those of the peer. docs/handover.md, "With a real Heartbeat",
 * has the argument why that is enough; docs/wire-protocol.md the messages.
 */
import type { StandbyScope } from '../../events.ts';
import { type GroupState, isOwnerOf, type NodeState } from '../../node-state.ts';
import type { Microseconds } from '../../types.ts';

export type ResourceClass = 'ours' | 'theirs';
export type ClassFlags = Readonly<Record<ResourceClass, boolean>>;

export const noClass: ClassFlags = { ours: false, theirs: false };

export interface ClassicPeer {
  /** Number of its answer to a `reqnodes` of our present incarnation: what it numbers higher is said knowing us. */
  knowsUsSince: number | undefined;
  firstAskedUs: Microseconds | undefined;
  nodesAskedUs: Microseconds | undefined;
  /** When we said `starting` last, and whether either of us has: before that nothing is claimed over the wire. */
  startingSaidUs: Microseconds | undefined;
  introduced: boolean;
  /** Since when this node, a member, ought to know what the peer holds and does not. */
  doubtSinceUs: Microseconds | undefined;
  /** Since when nobody holds the peer's own class, and when we asked for it last. */
  orphanedSinceUs: Microseconds | undefined;
  /** Number of its own `starting`: a node that knew us when it said so waits for our word before it takes anything. */
  startedSequence: number;
  /** Its last full statement, and the number of the message; 0 when it has made none in this generation. */
  held: ClassFlags;
  stable: boolean;
  claimSequence: number;
  /** Held before, and withdrawn in a statement that was not stable: it may still be stopping. */
  lettingGo: ClassFlags;
  /** Given to it with our `done`, until it has claimed what it took: from then on only it may start it. */
  handed: ClassFlags;
  /** Number of its own `done` at the end of taking. */
  takenSequence: number | undefined;
  /** Given to us with its `done`, until we have taken it. */
  offered: ClassFlags;
  /** It has begun to stop for good. */
  leaving: boolean;
  /** It told the cluster that we are dead, although we hear it. */
  declaredUsDeadUs: Microseconds | undefined;
  /** Legacy failback: groups of ours that it has said it does not run, in this generation of both. */
  released: ReadonlySet<string>;
  requestedUs: Microseconds | undefined;
  /** Legacy failback: groups that the peer has asked for, and whether they were held here when it did. */
  wanted: ReadonlyMap<string, boolean>;
  /** Groups whose failed start has already made us offer their class. */
  triedToGive: ReadonlySet<string>;
}

export function createClassicPeer(): ClassicPeer {
  return {
    knowsUsSince: undefined,
    firstAskedUs: undefined,
    nodesAskedUs: undefined,
    startingSaidUs: undefined,
    introduced: false,
    doubtSinceUs: undefined,
    orphanedSinceUs: undefined,
    startedSequence: 0,
    held: noClass,
    stable: false,
    claimSequence: 0,
    lettingGo: noClass,
    handed: noClass,
    takenSequence: undefined,
    offered: noClass,
    leaving: false,
    declaredUsDeadUs: undefined,
    released: new Set(),
    requestedUs: undefined,
    wanted: new Map(),
    triedToGive: new Set(),
  };
}

/** The other node is a real Heartbeat: it says `status` without `pbver`. */
export const isClassic = (state: NodeState): boolean => state.peer.product === 'heartbeat';

export const classOf = (state: NodeState, group: GroupState): ResourceClass =>
  isOwnerOf(state, group) ? 'ours' : 'theirs';

/** Classes of a scope; `local` means the giver's own. */
export function classesInScope(scope: StandbyScope, giver: 'us' | 'peer'): ClassFlags {
  const local = giver === 'us' ? 'ours' : 'theirs';
  return {
    ours: scope === 'all' || (scope === 'local') === (local === 'ours'),
    theirs: scope === 'all' || (scope === 'local') === (local === 'theirs'),
  };
}

export const eitherOf = (left: ClassFlags, right: ClassFlags): ClassFlags => ({
  ours: left.ours || right.ours,
  theirs: left.theirs || right.theirs,
});

export const without = (flags: ClassFlags, removed: ClassFlags): ClassFlags => ({
  ours: flags.ours && !removed.ours,
  theirs: flags.theirs && !removed.theirs,
});
