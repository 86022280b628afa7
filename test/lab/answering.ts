/** The measuring programs' side of the conversation: questions on stdin, answers on stdout, one JSON object a line. */
import { readSync, writeSync } from 'node:fs';
import type { MeasuringQuery } from './measuring.ts';

/** Answers a function to call whenever stdin is readable. The program ends with its stdin. */
export function createQuestionReader(answer: (query: MeasuringQuery) => unknown): () => void {
  let text = '';
  const buffer = Buffer.alloc(65_536);
  return () => {
    const size = readSync(0, buffer, 0, buffer.length, null);
    if (size === 0) process.exit(0);
    text += buffer.toString('utf8', 0, size);
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
      const query = JSON.parse(text.slice(0, end)) as MeasuringQuery;
      text = text.slice(end + 1);
      say({ answer: answer(query) });
    }
  };
}

export function say(message: object): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}
