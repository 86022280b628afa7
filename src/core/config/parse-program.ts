/** `respawn` and `failfast`: a user, a program, its words. Heartbeat gave them to a shell; here no shell is asked. */
import type { Directive } from './directives.ts';
import type { ParserContext } from './ha-cf.ts';
import { isBuiltInHelper, isManagerProgram } from './helpers.ts';
import type { Word } from './lexer.ts';
import { parseHelper } from './parse-helper.ts';

/** Each is a process that is watched and a line in status. */
const servicesMax = 64;

/** Characters that a shell would not have handed on as they stand. */
const shellCharacters = /["'`$|&;<>()*?[\]{}~\\]/;

export function parseProgram(context: ParserContext, directive: Directive, words: readonly Word[]): void {
  const { host, reporter, result } = context;
  const [user, program, ...args] = words;
  if (user === undefined || program === undefined) return;
  const kind = directive.name === 'failfast' ? 'failfast' : 'respawn';
  const absolute = program.text.startsWith('/');
  if (kind === 'respawn' && absolute && isBuiltInHelper(program.text)) {
    parseHelper(context, words);
    return;
  }
  if (absolute && isManagerProgram(program.text)) {
    reporter.report('program-not-needed', program, { path: program.text });
    if (host.fileKind !== undefined && host.fileKind(program.text) !== 'executable')
      reporter.report('helper-not-installed', program, { path: program.text });
    return;
  }
  if (!absolute) {
    reporter.report('program-path', program, { directive: directive.name, path: program.text, usage: directive.usage });
  } else if (host.fileKind !== undefined && host.fileKind(program.text) !== 'executable') {
    reporter.report('program-missing', program, { path: program.text });
  }
  if (host.userExists?.(user.text) === false) reporter.report('program-user', user, { user: user.text });
  const odd = args.find((word) => shellCharacters.test(word.text));
  if (odd !== undefined) reporter.report('program-shell', odd, { directive: directive.name, word: odd.text });
  if (result.services.length >= servicesMax) reporter.report('program-too-many', program, { limit: servicesMax });
  else result.services.push({ kind, user: user.text, file: program.text, args: args.map((word) => word.text) });
}
