/**
 * Expected failures are values. A `Problem` carries a stable code and the facts; its words live in one catalogue
 * (`src/protocol/catalogue.ts`), so that the same failure reads the same in the log, on the terminal and in JSON.
 */
export interface Problem {
  /** Stable, kebab-case, documented in docs/reference/problems.md. */
  readonly code: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

export type Result<Value, Failure = Problem> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Failure };

export function success<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function failure(
  code: string,
  fields: Problem['fields'] = {},
): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code, fields } };
}
