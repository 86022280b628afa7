/**
 * Name-value sets that may hold only under a rule, brought down to one table. Of several sets the one with the higher score
 * wins; of sets with the same score the later one does (so that what a resource says itself beats its template).
 */

import type { NvSet } from '../../cib/model.ts';
import { parseScore } from '../../cib/values.ts';
import type { RuleContext } from './context.ts';
import { evaluateRule } from './evaluate.ts';
import { referredPair, referredSet } from './references.ts';

export interface PairsOptions {
  /** Names already in it stay as they are, unless `overwrite`. */
  readonly into?: Map<string, string>;
  /** Later sets and pairs replace earlier ones: what is known of a node now beats what was configured. */
  readonly overwrite?: boolean;
  /** The id of a set that goes before all others: `cib-bootstrap-options`. */
  readonly firstId?: string;
}

export function effectivePairs(
  sets: readonly NvSet[],
  context: RuleContext,
  { into = new Map<string, string>(), overwrite = false, firstId }: PairsOptions = {},
): Map<string, string> {
  for (const set of sets.length > 1 || sets[0]?.idRef !== undefined ? inOrder(sets, context, firstId) : sets) {
    if (set.rule === undefined || evaluateRule(set.rule, context)) addPairs(set, context, into, overwrite);
  }
  return into;
}

/** Highest score first; among equals the last of the document first. */
function inOrder(sets: readonly NvSet[], context: RuleContext, firstId: string | undefined): readonly NvSet[] {
  const resolved = sets.map((set) => referredSet(context.cib, set)).filter((set) => set !== undefined);
  return resolved
    .toReversed()
    .toSorted(
      (left, right) =>
        Number(right.id === firstId && firstId !== undefined) - Number(left.id === firstId && firstId !== undefined) ||
        (parseScore(right.score) ?? 0) - (parseScore(left.score) ?? 0),
    );
}

function addPairs(set: NvSet, context: RuleContext, into: Map<string, string>, overwrite: boolean): void {
  for (const written of set.pairs) {
    const pair = referredPair(context.cib, written);
    if (pair?.name === undefined || pair.value === undefined) continue;
    // `#default` takes back what a set before it said.
    if (pair.value.toLowerCase() === '#default') into.delete(pair.name);
    else if (overwrite || !into.has(pair.name)) into.set(pair.name, pair.value);
  }
}
