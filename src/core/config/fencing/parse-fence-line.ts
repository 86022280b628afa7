/** `stonith` and `stonith_host`: who may use which device. Whatever follows the type never gets into a finding. */
import type { Directive } from '../directives.ts';
import type { ParserContext } from '../ha-cf.ts';
import type { Line, Word } from '../lexer.ts';
import { sourceOf } from '../lexer.ts';
import { type FenceParameters, fenceKindOf, readParameters } from './fence-device.ts';
import { readFenceFile } from './fence-file.ts';

/** One line, as far as it could be read. */
export interface FenceLine {
  /** `*`, or a name in lower case; of `stonith` lines `*`. */
  readonly host: string;
  readonly directive: 'stonith' | 'stonith_host';
  readonly type: string;
  readonly place: Word;
  /** The word that names the host. */
  readonly hostPlace: Word;
  /** Undefined when the line is for another machine, or wrong. */
  readonly parameters: FenceParameters | undefined;
}

/** A line of a real file is one of a few; each device is asked in turn when a node must be fenced. */
export const fenceLinesMax = 16;

export function parseFenceLine(context: ParserContext, directive: Directive, words: readonly Word[]): void {
  const { host, reporter, result } = context;
  const named = directive.name === 'stonith_host';
  const [hostWord, type, ...rest] = named ? words : words.slice(0, 1).concat(words);
  if (hostWord === undefined || type === undefined) return;
  if (result.fenceLines.length >= fenceLinesMax) {
    reporter.report('fence-too-many', type, { limit: fenceLinesMax });
    return;
  }
  const who = named ? hostWord.text.toLowerCase() : '*';
  const mine = who === '*' || who === host.nodeName;
  const known = fenceKindOf(type.text) !== undefined && (!mine || isInstalled(context, type));
  if (fenceKindOf(type.text) === undefined) reporter.report('fence-type', type, { type: type.text.slice(0, 80) });
  const parameters = mine && known ? parametersOf(context, named, type, rest) : undefined;
  const line: FenceLine = {
    host: who,
    directive: named ? 'stonith_host' : 'stonith',
    type: type.text,
    place: type,
    hostPlace: hostWord,
    parameters,
  };
  result.fenceLines.push(line);
}

function isInstalled({ host, reporter }: ParserContext, type: Word): boolean {
  const missing = host.fenceProgramMissing?.(type.text);
  if (missing === undefined) return true;
  reporter.report('fence-not-installed', type, { type: type.text, places: missing.places, agent: missing.agent });
  return false;
}

function parametersOf(
  { host, reporter }: ParserContext,
  inLine: boolean,
  type: Word,
  rest: readonly Word[],
): FenceParameters | undefined {
  const [file] = rest;
  if (!inLine && file === undefined) {
    reporter.report('fence-file-unnamed', type, { type: type.text });
    return undefined;
  }
  const parameters = inLine ? readParameters(rest.map(({ text }) => text)) : readFenceFile(file!, host, reporter);
  if (parameters === undefined) return undefined;
  const kind = fenceKindOf(type.text);
  const unnamed = parameters.form === 'positional' && parameters.text !== '';
  if (inLine && rest.length === 0 && kind !== 'agent') {
    reporter.report('fence-parameters-missing', type, { type: type.text });
    return undefined;
  }
  if (kind === 'agent' && unnamed) {
    reporter.report('fence-parameters-unnamed', type, { type: type.text });
    return undefined;
  }
  // Nothing at all is said of a file that could not be looked at.
  return kind === 'agent' && parameters.form === 'positional' ? { form: 'named', values: {} } : parameters;
}

/** A line of ha.cf as it may be shown: the parameters of `stonith_host`, also of a misspelt one, are masked. */
export function withoutFenceSecrets(line: Line): Line {
  const source = sourceOf(line);
  const match = /^(\s*stonith\S*\s+\S+\s+\S+\s+)\S.*$/.exec(source);
  return match === null ? line : { ...line, source: `${match[1]}********` };
}
