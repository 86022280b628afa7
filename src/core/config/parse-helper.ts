/** A `respawn` line whose program is built into this daemon: switches it on, with the options that it was given. */
import type { PingdConfiguration } from './configuration.ts';
import type { ParserContext } from './ha-cf.ts';
import { readHelper } from './helpers.ts';
import type { Word } from './lexer.ts';
import { pingAddress } from './parse-ping.ts';

/** `words`: user, program, arguments. The program itself need not exist here, as it must for Heartbeat. */
export function parseHelper(context: ParserContext, words: readonly Word[]): void {
  const { host, reporter, result } = context;
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
  else {
    const resolved = helper.kind === 'pingd' ? withAddresses(context, helper, args) : helper;
    if (resolved !== undefined) result.helpers.push({ helper: resolved, place: program });
  }
}

/** Names of hosts are looked up once, here. Undefined when none is known: it would ask the ping nodes of ha.cf instead. */
function withAddresses(
  context: ParserContext,
  helper: PingdConfiguration,
  args: readonly Word[],
): PingdConfiguration | undefined {
  const hosts: string[] = [];
  for (const name of helper.hosts) {
    const address = pingAddress(context, name);
    const place = args.find((word) => word.text.includes(name));
    if (address !== undefined) hosts.push(address);
    else if (place !== undefined) context.reporter.report('pingd-host', place, { host: name });
  }
  return helper.hosts.length > 0 && hosts.length === 0 ? undefined : { ...helper, hosts };
}
