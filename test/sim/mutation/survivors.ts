/**
 * Generated mutants that nothing catches, each with a judgement. `npm run sim:mutants -- --generated` fails on a survivor
 * that is not here, and says which of these have been caught since or are gone from the sources.
 */
export interface Judgement {
  /** The key of the mutant, see guards.ts. */
  readonly mutant: string;
  /**
   * `equivalent`: no run of the product can tell it from the right version. `harmless`: it can be told, but what differs
   * is no promise of the product (a log line less, a tie on the exact microsecond).
   */
  readonly judgement: 'equivalent' | 'harmless';
  readonly why: string;
}

export const survivors: readonly Judgement[] = [
  {
    mutant: 'src/core/ownership.ts effectiveOwner: ownerByUs < ownerByPeer => ownerByUs <= ownerByPeer',
    judgement: 'equivalent',
    why: 'Where both are the same name it does not matter which of the two is returned.',
  },
];
