/** What unit-batch.ts and mutant-runner.ts write for each other, in a directory that the environment names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const batchVariable = 'PAIRBEAT_MUTANT_BATCH';
/** Followed by the number of a process: a file that is there while a mutant is awake in it. */
export const beganPrefix = 'began-';

export interface BatchPlan {
  readonly mutants: readonly { readonly id: number; readonly site: number }[];
  /** A test that takes less processor time than the first is left out, and one that takes more than the second. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** One line of `found.jsonl`. */
export type BatchLine =
  | { readonly what: 'killed'; readonly id: number; readonly test: string; readonly file: string }
  /** It failed, but so does the right version after it: the test keeps something from one run to the next. */
  | { readonly what: 'suspect'; readonly id: number; readonly file: string }
  | { readonly what: 'reached'; readonly sites: readonly number[] }
  /** Fails, or cannot be run twice, without any mutant. */
  | { readonly what: 'unsound'; readonly test: string; readonly words: string };

export function readLines(directory: string): readonly BatchLine[] {
  let text: string;
  try {
    text = readFileSync(join(directory, 'found.jsonl'), 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BatchLine);
}
