/** One option of the cluster, of a resource or of an operation, as data: for policy, validation, completion and docs. */
export interface OptionWord {
  /** The name that is written and shown: the one that 2.1 knows and every later version still reads. */
  readonly name: string;
  /** The name of 3.0, where that is another one; where both are given, it holds. */
  readonly newName?: string;
  /** An older name for the same; holds only where no other is given. */
  readonly oldName?: string;
  readonly type: 'boolean' | 'integer' | 'score' | 'duration' | 'choice' | 'percentage' | 'text';
  /** What holds when nothing is said; absent where that is "nothing". */
  readonly default?: string;
  /** The words of a choice, and other words for the same. */
  readonly values?: readonly string[];
  readonly otherValues?: Readonly<Record<string, string>>;
  /** The version of Pacemaker that brought it, where that matters to somebody who moves there. */
  readonly since?: string;
  /** For options that only say what is so, and for those of the past. */
  readonly standing?: 'informative' | 'deprecated' | 'gone';
  /** One sentence, for a person who looks it up. */
  readonly meaning: string;
}
