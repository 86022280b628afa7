/** `apiauth client uid=a,b gid=c,d`: which users may use the daemon under a client name. */
import type { ParserContext } from './ha-cf.ts';
import { isBuiltInHelper, isManagerProgram } from './helpers.ts';
import type { Word } from './lexer.ts';

/** The caller has seen to it that there are a client and at least one rule. */
export function parseApiauth(context: ParserContext, words: readonly Word[]): void {
  const { reporter, result } = context;
  const client = words[0]!;
  const name = client.text.replace(/,$/, '');
  const first = result.seen.get(`apiauth ${name}`);
  if (first !== undefined) {
    reporter.report('apiauth-invalid', client, {
      reason: `the client ${name} has a rule in line ${first.line} already`,
    });
  }
  result.seen.set(`apiauth ${name}`, client);
  const lists = words.slice(1).map((rule) => readRule(context, name, rule));
  const listed = (kind: 'uid' | 'gid') => lists.filter((list) => list?.kind === kind).flatMap((list) => list!.names);
  result.clients.push({ client: name, users: listed('uid'), groups: listed('gid') });
}

function readRule(
  { host, reporter }: ParserContext,
  client: string,
  rule: Word,
): { readonly kind: 'uid' | 'gid'; readonly names: readonly string[] } | undefined {
  const match = /^(uid|gid)=(.+)$/.exec(rule.text);
  if (match === null) {
    const reason = `"${rule.text}" is neither uid= nor gid= with a list behind it`;
    reporter.report('apiauth-invalid', rule, { reason });
    return undefined;
  }
  const kind = match[1] as 'uid' | 'gid';
  const names = match[2]!.split(',').filter((name) => name !== '');
  const exists = kind === 'uid' ? host.userExists : host.groupExists;
  // Nobody comes under the name of a program that is built in or not needed: who is missing there does no harm.
  const code = isBuiltInHelper(client) || isManagerProgram(client) ? 'apiauth-unknown-unused' : 'apiauth-unknown';
  for (const name of names) {
    if (/^\d+$/.test(name) || exists === undefined || exists(name)) continue;
    reporter.report(code, rule, { what: kind === 'uid' ? 'user' : 'group', name, client });
  }
  return { kind, names };
}
