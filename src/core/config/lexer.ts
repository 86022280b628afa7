/**
 * Cuts the text of a configuration file into lines and words that know where they stand, so that every finding can
 * point at a column. The files are line based; no quoting exists in any of them.
 */
import type { ConfigurationFile, Place } from './findings.ts';

/**
 * Heartbeat 3.0.6 reads ha.cf into a buffer of 5120 bytes: of a line of more than 5119 characters it takes the rest
 * for a line of its own (tried out: 5119 is read, 5120 is not).
 */
export const maxLineLength = 5119;

export interface Line {
  readonly file: ConfigurationFile;
  /** Counted from 1; of a continued line the number of its first part. */
  readonly number: number;
  readonly text: string;
  /** The whole line for display, when `text` is only a part of it. */
  readonly source?: string;
}

export interface Word extends Place {
  readonly text: string;
}

/** CR before the line end is dropped, as Heartbeat does. */
export function splitLines(file: ConfigurationFile, text: string): Line[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => ({ file, number: index + 1, text: line.replace(/\r+$/, '') }));
}

/** The line without its comment: `#` starts one anywhere, also inside a word. */
export function withoutComment(line: Line): Line {
  const hash = line.text.indexOf('#');
  return hash < 0 ? line : { ...line, text: line.text.slice(0, hash), source: sourceOf(line) };
}

const blank = /[^ \t\f\v]+/g;
const blankOrComma = /[^ \t\f\v,]+/g;

/** `blankOrComma` is the separator of option values: `node a,b c` names three nodes. */
export function wordsOf(line: Line, separator: 'blank' | 'blankOrComma', fromIndex = 0): Word[] {
  const words: Word[] = [];
  for (const match of line.text.slice(fromIndex).matchAll(separator === 'blank' ? blank : blankOrComma)) {
    words.push(wordAt(line, match[0], fromIndex + match.index));
  }
  return words;
}

function wordAt(line: Line, text: string, index: number): Word {
  return { file: line.file, line: line.number, column: index + 1, length: text.length, source: sourceOf(line), text };
}

/** The line as it may be shown. */
export function sourceOf(line: Line): string {
  return line.source ?? line.text;
}

/** The place just behind the last word: where something is missing. */
export function endOfLine(line: Line): Place {
  const length = line.text.trimEnd().length;
  return { file: line.file, line: line.number, column: length + 2, length: 1, source: sourceOf(line) };
}

/** A NUL or another control character: the file is damaged or in a foreign encoding. Returns its index, -1 when clean. */
export function controlCharacterIndex(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code < 32 && code !== 9 && code !== 12 && code !== 11) || code === 127 || code === 0xfffd) return index;
  }
  return -1;
}
