/** Runs a command as an administrator would and writes down what the terminal shows, for comparison with a golden file. */
import { join } from 'node:path';
import type { Terminal } from '../../src/tools/terminal.ts';
import { expectGolden as compareWithFile } from '../golden.ts';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

export type TestTerminal = Partial<Pick<Terminal, 'interactive' | 'columns' | 'environment' | 'interrupted'>>;

export async function run(command: (terminal: Terminal) => Promise<number>, options: TestTerminal = {}): Promise<Run> {
  let out = '';
  let error = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    interactive: false,
    columns: 80,
    environment: {},
    interrupted: new AbortController().signal,
    ...options,
  };
  const code = await command(terminal);
  return { code, out, error };
}

/** Everything a command said, its exit code first. */
export function expectGolden(name: string, transcript: string): void {
  compareWithFile(join(import.meta.dirname, 'golden', `${name}.txt`), transcript);
}

/** One command in a transcript. `hide` are texts that differ from run to run. */
export function transcribe(
  line: string,
  { code, out, error }: Run,
  hide: Readonly<Record<string, string>> = {},
): string {
  const marked = (text: string, mark: string) => text.replace(/^(?=.)/gm, `${mark} `);
  let text = `$ ${line}\n${marked(out, ' ')}${marked(error, '!')}exit ${code}\n\n`;
  for (const [found, shown] of Object.entries(hide)) text = text.replaceAll(found, shown);
  return text;
}
