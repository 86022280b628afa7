/** Laying out text for 80 columns: tables, wrapped paragraphs, durations, and colour where a person watches. */
import { styleText } from 'node:util';
import { plainText } from '../protocol/plain-text.ts';
import type { Terminal } from './terminal.ts';

export type Tone = 'good' | 'bad' | 'doubtful' | 'quiet' | 'strong';

const styles = { good: 'green', bad: 'red', doubtful: 'yellow', quiet: 'gray', strong: 'bold' } as const;

export function paint(terminal: Terminal, tone: Tone | undefined, text: string): string {
  if (!terminal.interactive || tone === undefined) return text;
  // The terminal has been asked already.
  return styleText(styles[tone], text, { validateStream: false });
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

/** Columns as wide as their widest cell, two blanks between; the last one is cut to what the terminal has left. */
export function table(terminal: Terminal, unsafeRows: readonly (readonly Cell[])[]): string {
  const rows = unsafeRows.map((row) => row.map((cell) => ({ ...cell, text: plainText(cell.text) })));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.text.length);
    });
  }
  const lines = rows.map((row) => {
    let used = 0;
    let line = '';
    row.forEach((cell, index) => {
      const last = index === row.length - 1;
      const room = Math.max(terminal.columns - used, 8);
      const text = last && cell.text.length > room ? `${cell.text.slice(0, room - 3)}...` : cell.text;
      const padded = last ? text : text.padEnd(widths[index] ?? 0);
      used += padded.length + 2;
      line += paint(terminal, cell.tone, padded) + (last ? '' : '  ');
    });
    return line.trimEnd();
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** Words into lines; every line after the first (or also the first) is indented. */
export function wrap(text: string, columns: number, indent: string, firstIndent = indent): string {
  const lines: string[] = [];
  let line = firstIndent;
  let empty = true;
  for (const word of plainText(text)
    .split(/\s+/)
    .filter((part) => part !== '')) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  if (!empty) lines.push(line);
  return lines.map((each) => `${each}\n`).join('');
}

/** `0.4 s`, `12 s`, `3 min`, `5 h`, `2 d`: for ages, where the magnitude matters. */
export function age(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `31.2 ms`, `4.21 s`: for measured spans. */
export function span(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
