/** Assertions of the lab tests: a sentence that says what was expected, and the values when it did not hold. */
import { inspect } from 'node:util';
import { sleep } from './machine.ts';

export function expectTrue(condition: boolean, sentence: string, ...values: readonly unknown[]): void {
  if (condition) return;
  const details = values.map((value) => inspect(value, { depth: 6, breakLength: 110 })).join('\n');
  throw new Error(`expected: ${sentence}${details === '' ? '' : `\ngot: ${details}`}`);
}

export function expectEqual(actual: unknown, expected: unknown, sentence: string): void {
  const text = (value: unknown) => inspect(value, { depth: 6, sorted: true });
  expectTrue(text(actual) === text(expected), `${sentence} (${text(expected)})`, actual);
}

export function expectAtMost(actual: number, limit: number, sentence: string): void {
  expectTrue(actual <= limit, `${sentence}: at most ${limit}`, actual);
}

/** Asks until the answer pleases; the last answer is in the error when it never does. */
export async function eventually<T>(
  sentence: string,
  question: () => Promise<T> | T,
  pleases: (answer: T) => boolean,
  timeoutMs = 20_000,
): Promise<T> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const answer = await question();
    if (pleases(answer)) return answer;
    expectTrue(performance.now() < giveUpAt, `${sentence}, within ${timeoutMs} ms`, answer);
    await sleep(20);
  }
}
