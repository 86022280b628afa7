/** A `respawn` line whose program is built into this daemon: switches it on, with the options that it was given. */
import type { ParserContext } from './ha-cf.ts';
import { readHelper } from './helpers.ts';
import type { Word } from './lexer.ts';

/** `words`: user, program, arguments. The program itself need not exist here, as it must for Heartbeat. */
export function parseHelper({ host, reporter, result }: ParserContext, words: readonly Word[]): void {
  const [user, program, ...args] = words;
  if (user === undefined || program === undefined) return;
  const reading = readHelper(
    program.text,
    args.map((word) => word.text),
  );
  if (reading === undefined) return;
  const { helper, ignored } = reading;
  const fields = { helper: helper.kind, path: program.text };
  if (host.fileKind !== undefined && host.fileKind(program.text) !== 'executable')
    reporter.report('helper-not-installed', program, fields);
  if (host.userExists?.(user.text) === false) reporter.report('helper-user', user, { ...fields, user: user.text });
  const first = args.find((word) => ignored.includes(word.text));
  if (ignored.length > 0) reporter.report('helper-option', first ?? program, { ...fields, options: ignored.join(' ') });
  if (result.helpers.some((other) => other.helper.kind === helper.kind && helper.kind !== 'pingd'))
    reporter.report('helper-twice', program, fields);
  else result.helpers.push({ helper, place: program });
}
