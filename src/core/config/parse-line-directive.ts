/** Directives whose words belong together: mcast, ucast, respawn, apiauth, the fence devices. */
import { linkId } from '../types.ts';
import { unsupportedMedia } from './directives/links.ts';
import type { Directive } from './directives.ts';
import type { ParserContext } from './ha-cf.ts';
import type { Line, Word } from './lexer.ts';
import { endOfLine } from './lexer.ts';
import { parseApiauth } from './parse-apiauth.ts';
import { addLink, checkDevice, portInForce } from './parse-list-item.ts';
import { parsePingGroup } from './parse-ping.ts';
import { parseProgram } from './parse-program.ts';
import { reportStatus } from './report-status.ts';
import { isIPv4Address, isMulticastIPv4Address, readInteger } from './values.ts';

export function parseLineDirective(
  context: ParserContext,
  directive: Directive,
  name: Word,
  words: readonly Word[],
  line: Line,
): void {
  const { reporter, result } = context;
  if (directive.name === 'watchdog' && words.length === 0) {
    reporter.report('value-missing', name, { directive: name.text, usage: directive.usage });
    return;
  }
  const missing = requiredWords(directive)[words.length];
  if (missing !== undefined) {
    reporter.report('arguments-missing', endOfLine(line), {
      directive: directive.name,
      missing,
      usage: directive.usage,
    });
    if (directive.name === 'ucast' || directive.name === 'mcast') result.linkErrors += 1;
    return;
  }
  if (unsupportedMedia.includes(directive.name)) result.unsupported.push({ name: directive.name, place: name });
  if (directive.name === 'ping_group') parsePingGroup(context, words);
  if (directive.name === 'ucast6' || directive.name === 'mcast6') checkVersion6(context, directive, words);
  if (directive.name === 'ucast') parseUnicast(context, words, directive.usage);
  else if (directive.name === 'mcast') parseMulticast(context, words, directive.usage);
  else if (directive.name === 'respawn' || directive.name === 'failfast') parseProgram(context, directive, words);
  else if (directive.name === 'apiauth') parseApiauth(context, words);
  else if (directive.name === 'watchdog') parseWatchdog(context, words);
  reportStatus(reporter, directive, name, words[0]?.text);
}

function requiredWords(directive: Directive): readonly string[] {
  switch (directive.name) {
    case 'ucast':
      return ['device', 'address'];
    case 'mcast':
      return ['device', 'group', 'port', 'ttl', 'loop'];
    case 'ucast6':
      return ['device', 'address'];
    case 'mcast6':
      return ['device', 'group', 'port', 'hops', 'loop'];
    case 'ping_group':
      return ['name', 'address'];
    case 'respawn':
    case 'failfast':
      return ['user', 'program'];
    case 'apiauth':
      return ['client', 'uid= or gid='];
    case 'stonith':
      return ['type'];
    case 'stonith_host':
      return ['host', 'type'];
    default:
      return [];
  }
}

function parseUnicast(context: ParserContext, words: readonly Word[], usage: string): void {
  const { host, reporter, result } = context;
  const [device, target] = [words[0]!, words[1]!];
  reportIgnored(context, words.slice(2), `ucast ${usage}`);
  const address = isIPv4Address(target.text) ? target.text : host.addressOf?.(target.text);
  if (address === undefined || !isIPv4Address(address)) {
    reporter.report('link-address', target, { address: target.text });
    result.linkErrors += 1;
    return;
  }
  checkDevice(context, device, 'device-missing-later');
  if (host.addresses?.includes(address)) {
    reporter.report('link-own-address', target, { address });
    result.ownAddressLinks += 1;
    return;
  }
  const id = linkId(`ucast/${device.text}/${address}`);
  addLink(
    context,
    { id, kind: 'ucast', device: device.text, port: portInForce(context), peerAddress: address },
    target,
  );
}

function parseMulticast(context: ParserContext, words: readonly Word[], usage: string): void {
  const { reporter, result } = context;
  const [device, group] = [words[0]!, words[1]!];
  reportIgnored(context, words.slice(5), `mcast ${usage}`);
  const port = readNumber(context, words[2]!, 'port', 1, 65_535);
  const ttl = readNumber(context, words[3]!, 'ttl', 0, 4);
  const loop = readNumber(context, words[4]!, 'loop', 0, 1);
  const validGroup = isMulticastIPv4Address(group.text);
  if (!validGroup) reporter.report('mcast-group', group, { address: group.text });
  const validDevice = checkDevice(context, device, 'device-missing');
  if (port === undefined || ttl === undefined || loop === undefined || !validGroup || !validDevice) {
    result.linkErrors += 1;
    return;
  }
  const id = linkId(`mcast/${device.text}/${group.text}`);
  addLink(context, { id, kind: 'mcast', device: device.text, port, group: group.text, ttl, loop: loop === 1 }, device);
}

function readNumber(
  { reporter }: ParserContext,
  word: Word,
  what: string,
  minimum: number,
  maximum: number,
): number | undefined {
  const reading = readInteger(word.text, minimum, maximum);
  if (!reading.ok && what === 'port' && /^\d{5,}$/.test(word.text))
    reporter.report('value-port', word, { value: word.text });
  else if (!reading.ok) reporter.report('mcast-number', word, { what, value: word.text, minimum, maximum });
  else if (reading.odd)
    reporter.report('value-odd', word, { directive: what, value: word.text, readAs: reading.value });
  return reading.ok ? reading.value : undefined;
}

function reportIgnored({ reporter }: ParserContext, words: readonly Word[], usage: string): void {
  const first = words[0];
  if (first !== undefined)
    reporter.report('words-ignored', first, { words: words.map((word) => word.text).join(' '), usage });
}

/** Only what Heartbeat would refuse; the medium itself is not built yet. */
function checkVersion6({ reporter }: ParserContext, directive: Directive, words: readonly Word[]): void {
  const [device, address] = [words[0]!, words[1]!];
  const scope = address.text.split('%')[1];
  if (scope !== undefined && scope !== device.text) {
    reporter.report('link6-scope', address, { scope, device: device.text });
  } else if (directive.name === 'mcast6' && !/^ff[0-9a-f]{2}:/i.test(address.text)) {
    reporter.report('link6-group', address, { address: address.text });
  }
}

function parseWatchdog({ host, reporter, result }: ParserContext, words: readonly Word[]): void {
  for (const device of words) {
    const first = result.seen.get('watchdog');
    if (first !== undefined) reporter.report('directive-once', device, { directive: 'watchdog', line: first.line });
    else if (host.fileKind?.(device.text) === 'missing')
      reporter.report('watchdog-device', device, { device: device.text });
    result.seen.set('watchdog', device);
    result.watchdog ??= device.text;
  }
}
