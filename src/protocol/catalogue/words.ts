/** One entry of the catalogue. `{field}` is filled in; `[...]` disappears where a field in it is missing. */
export interface ProblemWords {
  /** What happened: a whole sentence. */
  readonly what: string;
  /** What follows from it for the service; absent where that is plain. */
  readonly meaning?: string;
  /** What a person should do now; absent where nothing needs doing. */
  readonly advice?: string;
  /** Fields whose values are words of the core, and what to show for them. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type WordTable = Readonly<Record<string, ProblemWords>>;
