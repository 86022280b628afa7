/** One directive, one value: checks it against the shape that the directive table gives, and keeps the last one. */

import { baudRates } from './directives/links.ts';
import type { Directive } from './directives.ts';
import type { ParserContext, Scalar } from './ha-cf.ts';
import type { Word } from './lexer.ts';
import { nearestWord } from './nearest.ts';
import { reportStatus } from './report-status.ts';
import { booleanWords, maxTimeMs, printTime, readBoolean, readInteger, readTime } from './values.ts';

export function parseScalar(context: ParserContext, directive: Directive, name: Word, values: readonly Word[]): void {
  const { reporter, result } = context;
  let valid = true;
  for (const word of values) {
    const first = result.seen.get(directiveKey(directive));
    if (directive.once && first !== undefined) {
      reporter.report('directive-once', word, { directive: directive.name, line: first.line });
      return;
    }
    if (directive.once) result.seen.set(directiveKey(directive), word);
    const value = readValue(context, directive, word);
    valid &&= value !== undefined;
    if (value === undefined) result.failed.add(directive.name);
    if (value !== undefined && word === values.at(-1)) keep(context, directive, word, value);
  }
  if (values.length > 1 && !directive.once) {
    reporter.report('values-several', values[1]!, { directive: directive.name, value: values.at(-1)!.text });
  }
  // A value that was not understood is reported as such; what it would mean is not known.
  if (valid) reportStatus(reporter, directive, name, values.at(-1)!.text);
  if (valid && directive.name === 'udpport') reportLatePort(context, values.at(-1)!);
  if (valid && directive.name === 'baud') reportLateBaud(context, values.at(-1)!);
}

/** crm and pacemaker are one directive with two names. */
function directiveKey(directive: Directive): string {
  return directive.name === 'pacemaker' ? 'crm' : directive.name;
}

function keep(context: ParserContext, directive: Directive, word: Word, value: Scalar['value']): void {
  const name = directiveKey(directive);
  const before = context.result.scalars.get(name);
  if (before !== undefined && before.value !== value) {
    const fields = { directive: directive.name, line: before.place.line, value: word.text };
    context.reporter.report('directive-again', word, fields);
  }
  context.result.scalars.set(name, { value, written: word.text, place: word });
}

function readValue(context: ParserContext, directive: Directive, word: Word): Scalar['value'] | undefined {
  const { shape } = directive;
  const report = context.reporter.report.bind(context.reporter);
  const fields = { directive: directive.name, value: word.text };
  switch (shape.kind) {
    case 'time':
      return readTimeValue(context, directive, word);
    case 'integer':
      return readIntegerValue(context, directive, word);
    case 'boolean': {
      const value = readBoolean(word.text);
      if (value === undefined)
        report('value-boolean', word, { ...fields, nearest: nearestWord(word.text, booleanWords) ?? '' });
      return value;
    }
    case 'failback': {
      if (word.text.toLowerCase() === 'legacy') return 'legacy';
      const value = readBoolean(word.text);
      const choices = ['on', 'off', 'legacy'];
      const nearest = nearestWord(word.text, choices) ?? '';
      if (value === undefined) report('value-choice', word, { ...fields, choices: choices.join(', '), nearest });
      return value === undefined ? undefined : value ? 'on' : 'off';
    }
    case 'choice': {
      const value = shape.ignoreCase ? word.text.toLowerCase() : word.text;
      if (shape.choices.includes(value)) return value;
      report('value-choice', word, {
        ...fields,
        choices: shape.choices.join(', '),
        nearest: nearestWord(word.text, shape.choices) ?? '',
      });
      return undefined;
    }
    default:
      return word.text;
  }
}

/** Milliseconds, or `undefined` with a finding. */
export function readTimeValue(context: ParserContext, directive: Directive, word: Word): number | undefined {
  const { shape } = directive;
  if (shape.kind !== 'time') return undefined;
  if (shape.auto && word.text === 'auto') return 0;
  const { reporter } = context;
  const fields = { directive: directive.name, value: word.text };
  const reading = readTime(word.text);
  if (!reading.ok) {
    const code = reading.reason === 'range' ? 'value-time-long' : 'value-time';
    reporter.report(code, word, { ...fields, suggestion: suggestTime(word.text) });
    // Too long a time is still compared with the others: what depends on it is reported in the same run.
    return reading.reason === 'range' ? maxTimeMs : undefined;
  }
  if (reading.value < shape.minimumMs) {
    reporter.report('value-time-zero', word, fields);
    return undefined;
  }
  if (reading.odd) reporter.report('value-odd', word, { ...fields, readAs: printTime(reading.value) });
  return reading.value;
}

/** Turns the spellings of other programs into ours: 30s, 2min, 1h. */
function suggestTime(text: string): string {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|milliseconds?)$/i.exec(text);
  if (match === null) return '';
  const unit = match[2]!.toLowerCase();
  const factor = unit.startsWith('s') ? 1000 : unit.startsWith('milli') ? 1 : unit.startsWith('m') ? 60_000 : 3_600_000;
  return printTime(Math.round(Number(match[1]) * factor));
}

function readIntegerValue(context: ParserContext, directive: Directive, word: Word): number | undefined {
  const { shape } = directive;
  if (shape.kind !== 'integer') return undefined;
  const { reporter } = context;
  const fields = { directive: directive.name, value: word.text };
  const reading = readInteger(word.text, shape.minimum, shape.maximum);
  if (!reading.ok) {
    const tooLargePort = directive.name === 'udpport' && /^\d{5,}$/.test(word.text);
    if (tooLargePort) reporter.report('value-port', word, fields);
    else reporter.report('value-integer', word, { ...fields, minimum: shape.minimum, maximum: shape.maximum });
    return undefined;
  }
  if (directive.name === 'baud' && !baudRates.includes(reading.value)) {
    reporter.report('baud-rate', word, { value: word.text, rates: baudRates.join(', ') });
    return undefined;
  }
  if (reading.odd) reporter.report('value-odd', word, { ...fields, readAs: reading.value });
  return reading.value;
}

/** Each link takes the port in force at its line (tried out on 3.0.6), so a later udpport surprises. */
function reportLatePort({ result, reporter }: ParserContext, word: Word): void {
  const port = result.scalars.get('udpport')?.value;
  for (const { link } of result.links) {
    if (link.kind === 'serial' || link.kind === 'mcast' || link.kind === 'mcast6' || link.port === port) continue;
    reporter.report('udpport-after-links', word, { port: word.text, before: link.port });
    return;
  }
}

/** So it is with the speed of serial lines (tried out on 3.0.6 as well). */
function reportLateBaud({ result, reporter }: ParserContext, word: Word): void {
  const baud = result.scalars.get('baud')?.value;
  for (const { link } of result.links) {
    if (link.kind !== 'serial' || link.baud === baud) continue;
    reporter.report('baud-after-links', word, { baud: word.text, before: link.baud });
    return;
  }
}
