/**
 * How a command ends: the JSON envelope on stdout, also on error, or the words of a problem on stderr. Every command
 * of `pairbeat` goes through here, so that all of them fail alike.
 */
import type { Problem } from '../core/result.ts';
import { describe } from '../protocol/catalogue.ts';
import { exitCodeOf, exitCodes } from '../protocol/exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { paint, wrap } from './text.ts';

export interface Invocation {
  /** What was asked, for the envelope: `pairbeat status`. */
  readonly request: string;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** Data of a command that did what it was asked. `code` other than 0 is an answer ("cannot fail over"), not a failure. */
export function succeed(invocation: Invocation, data: object, text: () => string, code: number = exitCodes.ok): number {
  if (invocation.json) printEnvelope(invocation, data, code, code === 0 ? 'OK' : nameOfExit(code));
  else invocation.terminal.out(text());
  return code;
}

export function fail(invocation: Invocation, problem: Problem, code: number = exitCodeOf(problem)): number {
  const words = describe(problem);
  if (invocation.json) {
    printEnvelope(invocation, { problem: { code: problem.code, fields: problem.fields, ...words } }, code, words.what);
  } else {
    printProblem(invocation.terminal, invocation.request, problem);
  }
  return code;
}

export function printProblem(terminal: Terminal, command: string, problem: Problem): void {
  const { what, meaning, advice } = describe(problem);
  terminal.error(wrap(`${command}: ${what}`, terminal.columns, '  ', ''));
  if (meaning !== '') terminal.error(wrap(meaning, terminal.columns, '  '));
  if (advice !== '') terminal.error(wrap(`${paintlessArrow}${advice}`, terminal.columns, '     ', '  '));
}

const paintlessArrow = '-> ';

export function heading(terminal: Terminal, text: string): string {
  return `${paint(terminal, 'strong', text)}\n`;
}

function printEnvelope(invocation: Invocation, data: object, code: number, message: string): void {
  const envelope = { apiVersion: '1', request: invocation.request, ...data, status: { code, message } };
  invocation.terminal.out(`${JSON.stringify(envelope, null, 2)}\n`);
}

function nameOfExit(code: number): string {
  return Object.entries(exitCodes).find(([, value]) => value === code)?.[0] ?? 'error';
}
