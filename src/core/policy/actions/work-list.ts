/**
 * What is still to be looked at while orderings are applied. Actions with very many inputs wait in a queue of their own until the
 * rest has come to rest, so that they are not looked at anew with each single input.
 */
import type { Action } from '../working-set.ts';

/** What those who change actions tell the list. */
export interface Changes {
  /** It changed: whatever waits for it is looked at again, and so is it. */
  changed(action: Action): void;
  /** Look at it again. */
  again(action: Action): void;
}

const manyInputs = 48;
/** Orderings only ever take something away, so this is out of reach; it turns an endless loop into an early end. */
const visitsPerAction = 400;

export class WorkList implements Changes {
  private readonly soon: Action[] = [];
  private readonly later: Action[] = [];
  private readonly waiting = new Set<Action>();
  private visits = 0;
  private changes = 0;

  again(action: Action): void {
    if (this.waiting.has(action)) return;
    this.waiting.add(action);
    (action.before.length > manyInputs ? this.later : this.soon).push(action);
  }

  changed(action: Action): void {
    this.changes++;
    for (let index = action.after.length - 1; index >= 0; index--) this.again(action.after[index]!.action);
    this.again(action);
  }

  /** Grows with every change. */
  get changeCount(): number {
    return this.changes;
  }

  /** Visits what waits, the latest first; those with very many inputs only `whole`. */
  run(visit: (action: Action) => void, limit: number, whole: boolean): void {
    while (this.visits < limit * visitsPerAction) {
      const next = this.soon.pop() ?? (whole ? this.later.shift() : undefined);
      if (next === undefined) return;
      this.waiting.delete(next);
      this.visits++;
      visit(next);
    }
  }
}
