/** Ties two actions together. Everything that orders actions ends here. */
import type { Action, OrderFlags } from '../working-set.ts';
import { order } from './order-flags.ts';

/**
 * `first` bears upon `then` as the flags say. A pair that already shares one of the bits is left alone: what is asked twice is
 * said once. Returns whether anything was added.
 */
export function linkActions(first: Action | undefined, then: Action | undefined, flags: OrderFlags): boolean {
  if (first === undefined || then === undefined || first === then || flags === order.none) return false;
  const known = flagsBetween(first, then);
  if ((known & flags) !== 0) return false;
  remember(first, then, known | flags);
  first.after.push({ action: then, flags });
  then.before.push({ action: first, flags });
  return true;
}

/** Actions that many others wait for get an index, so that tying one more does not search through all. */
const indexFrom = 16;
const indexes = new WeakMap<Action, Map<Action, OrderFlags>>();

function flagsBetween(first: Action, then: Action): OrderFlags {
  if (first.after.length < indexFrom) {
    let flags: OrderFlags = order.none;
    for (const link of first.after) if (link.action === then) flags |= link.flags;
    return flags;
  }
  return indexOf(first).get(then) ?? order.none;
}

function remember(first: Action, then: Action, flags: OrderFlags): void {
  if (first.after.length >= indexFrom) indexOf(first).set(then, flags);
}

function indexOf(first: Action): Map<Action, OrderFlags> {
  let index = indexes.get(first);
  if (index === undefined) {
    index = new Map();
    for (const { action, flags } of first.after) index.set(action, (index.get(action) ?? order.none) | flags);
    indexes.set(first, index);
  }
  return index;
}
