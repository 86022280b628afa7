/** `apiauth client uid=a,b gid=c,d`: checked as Heartbeat checks it, though no such client is served yet. */
import type { ParserContext } from './ha-cf.ts';
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
  for (const rule of words.slice(1)) checkRule(context, rule);
}

function checkRule({ host, reporter }: ParserContext, rule: Word): void {
  const match = /^(uid|gid)=(.+)$/.exec(rule.text);
  if (match === null) {
    const reason = `"${rule.text}" is neither uid= nor gid= with a list behind it`;
    reporter.report('apiauth-invalid', rule, { reason });
    return;
  }
  const [, kind, list] = match;
  const exists = kind === 'uid' ? host.userExists : host.groupExists;
  for (const item of list!.split(',')) {
    if (item === '' || /^\d+$/.test(item) || exists === undefined || exists(item)) continue;
    reporter.report('apiauth-unknown', rule, { what: kind === 'uid' ? 'user' : 'group', name: item });
  }
}
