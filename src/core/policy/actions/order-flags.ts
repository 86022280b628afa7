/**
 * The ways in which one action (`first`) can bear upon another (`then`). They are bits: an ordering may carry several. With no
 * bit set an ordering is switched off.
 *
 * Four questions are asked of an action, and a bit says who answers for whom: is it *required* (or optional), is it *runnable*,
 * is it part of a *live migration*, and is it in the *graph*.
 */
import type { OrderFlags } from '../working-set.ts';

export const order = {
  /** Switched off. */
  none: 0,
  /** Whenever both are done, first comes first. Nothing follows for either. */
  ordered: 1 << 0,
  /** Counts only while first is no part of a live migration. */
  firstNotMigrating: 1 << 1,
  /** A required then makes first required. */
  requireFirst: 1 << 2,
  /** A required first makes then required (a restart). */
  requireThen: 1 << 3,
  /** As requireFirst, when then's resource is promoted now. */
  promotedRequiresFirst: 1 << 4,
  /** First can only run if then can, and as part of a live migration; a required then makes first required. */
  migrationChain: 1 << 5,
  /** Then can only run if first can. */
  firstMustRun: 1 << 6,
  /** If first cannot run, then is really done and is no part of a migration. */
  firstElseThen: 1 << 7,
  /** Stop before start of one resource, or of group members in turn: a required or impossible start makes the stop required. */
  restart: 1 << 8,
  /** Never at the same time; there is no other dependency. */
  serialize: 1 << 9,
  /** Counts only if both are on one node. */
  sameNode: 1 << 10,
  /** A required then takes first into the graph. */
  showFirst: 1 << 11,
  /** A required first that can run takes then into the graph. */
  showThen: 1 << 12,
  /** Made by a constraint that is not symmetrical: first holds then back only where then is about to act. */
  asymmetric: 1 << 13,
  /** Counts only on one node, or where the migration goes. */
  sameNodeOrTarget: 1 << 14,
  /** Then can run once enough of its firsts can. */
  enoughFirsts: 1 << 15,
  /** Counts only if first is required, and both are on one node. */
  requiredSameNode: 1 << 16,
  /** A required then makes first superfluous. */
  thenCancelsFirst: 1 << 17,
  /** Made for a fencing request: first has to have ended, and that is all. */
  afterFencing: 1 << 18,
} as const satisfies Record<string, OrderFlags>;

/** Bits which only place actions in the graph, and never change what is done. */
export const placesOnly: OrderFlags = order.ordered | order.showFirst | order.showThen;

export function has(flags: OrderFlags, bits: OrderFlags): boolean {
  return (flags & bits) !== 0;
}
