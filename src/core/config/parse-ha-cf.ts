/**
 * Reads ha.cf as Heartbeat 3.0.6 reads it: line by line, in order, `#` starts a comment anywhere, names are
 * case-sensitive, option values are a list of which the last one holds. Never stops at the first error.
 */
import type { Directive } from './directives.ts';
import { directiveNames, findDirective, isScalar } from './directives.ts';
import { withoutFenceSecrets } from './fencing/parse-fence-line.ts';
import type { ConfigurationFile, Reporter } from './findings.ts';
import type { HaCf, ParserContext } from './ha-cf.ts';
import { emptyHaCf } from './ha-cf.ts';
import type { HostFacts } from './host-facts.ts';
import type { Line, Word } from './lexer.ts';
import { controlCharacterIndex, maxLineLength, sourceOf, splitLines, withoutComment, wordsOf } from './lexer.ts';
import { nearestWord } from './nearest.ts';
import { parseLineDirective } from './parse-line-directive.ts';
import { parseListItem } from './parse-list-item.ts';
import { parseScalar } from './parse-scalar.ts';
import { reportStatus } from './report-status.ts';

export function parseHaCf(text: string, host: HostFacts, reporter: Reporter): HaCf {
  return parseDirectives('ha.cf', text, host, reporter);
}

/** pairbeat.conf has the same syntax and other words. */
export function parsePairbeatConf(text: string, host: HostFacts, reporter: Reporter): HaCf {
  return parseDirectives('pairbeat.conf', text, host, reporter);
}

function parseDirectives(file: Directive['file'], text: string, host: HostFacts, reporter: Reporter): HaCf {
  const context: ParserContext = { host, reporter, result: emptyHaCf() };
  for (const line of splitLines(file, text).map(withoutFenceSecrets)) {
    if (isReadable(line, reporter)) parseLine(context, withoutComment(line), file);
    else if (line.text.length <= maxLineLength) parseLine(context, withoutComment(asHeartbeatReads(line)), file);
  }
  return context.result;
}

/** Of a damaged line 3.0.6 reads what stands before a NUL or a carriage return; all else counts as written. */
function asHeartbeatReads(line: Line): Line {
  const text = line.text.split(/[\0\r]/, 1)[0] ?? '';
  return { ...line, text: cleanText(text), source: cleanText(sourceOf(line)) };
}

export function isReadable(line: Line, reporter: Reporter): boolean {
  const source = cleanText(sourceOf(line));
  if (line.text.length > maxLineLength) {
    const place = { file: line.file, line: line.number, column: 1, length: 1, source: `${source.slice(0, 80)} ...` };
    reporter.report('line-too-long', place, { length: line.text.length, limit: maxLineLength });
    return false;
  }
  const damaged = controlCharacterIndex(line.text);
  if (damaged < 0) return true;
  const column = Math.min(damaged, source.length) + 1;
  const place = { file: line.file, line: line.number, column, length: 1, source };
  reporter.report('control-character', place, { code: line.text.charCodeAt(damaged) });
  return false;
}

/** A line that goes to a terminal must not bring control sequences with it. */
function cleanText(text: string): string {
  return Array.from(text, (character) => (controlCharacterIndex(character) < 0 ? character : '?')).join('');
}

function parseLine(context: ParserContext, line: Line, file: Directive['file']): void {
  const [name, ...rest] = wordsOf(line, 'blank');
  if (name === undefined) return;
  const directive = findDirective(file, name.text);
  if (directive === undefined) {
    reportUnknown(context.reporter, name, file);
    return;
  }
  if (directive.unknownToHeartbeat) {
    context.reporter.report('directive-unknown-to-heartbeat', name, { directive: name.text });
  }
  if (directive.shape.kind === 'line') {
    parseLineDirective(context, directive, name, rest, line);
    return;
  }
  const values = wordsOf(line, 'blankOrComma', name.column - 1 + name.length);
  if (values.length === 0) {
    context.reporter.report('value-missing', name, { directive: name.text, usage: directive.usage });
  } else if (isScalar(directive)) {
    parseScalar(context, directive, name, values);
  } else {
    for (const value of values) parseListItem(context, directive, value);
    reportStatus(context.reporter, directive, name);
  }
}

function reportUnknown(reporter: Reporter, name: Word, file: ConfigurationFile): void {
  const other = file === 'ha.cf' ? 'pairbeat.conf' : 'ha.cf';
  if (findDirective(other, name.text) !== undefined) {
    reporter.report('directive-in-other-file', name, { directive: name.text, other });
    return;
  }
  const nearest = nearestWord(name.text, directiveNames(file === 'ha.cf' ? 'ha.cf' : 'pairbeat.conf')) ?? '';
  reporter.report('directive-unknown', name, { directive: name.text, file, nearest });
}
