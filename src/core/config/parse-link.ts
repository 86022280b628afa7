/** The lines of the media over UDP whose words belong together: ucast, mcast, and both for IPv6. */
import { linkId } from '../types.ts';
import type { ParserContext } from './ha-cf.ts';
import { printIPv6, readIPv6 } from './ipv6.ts';
import type { Word } from './lexer.ts';
import { addLink, checkDevice, portInForce } from './parse-list-item.ts';
import { isAbbreviatedIPv4, isIPv4Address, isMulticastIPv4Address, readInteger } from './values.ts';

/** The words that must be there, by directive. */
export const linkWords: Readonly<Record<string, readonly string[]>> = {
  ucast: ['device', 'address'],
  ucast6: ['device', 'address'],
  mcast: ['device', 'group', 'port', 'ttl', 'loop'],
  mcast6: ['device', 'group', 'port', 'hops', 'loop'],
};

/** `words` are as many as `linkWords` names, or more. `usage` is the whole line as it should look. */
export function parseLink(context: ParserContext, name: string, words: readonly Word[], usage: string): void {
  reportIgnored(context, words.slice(linkWords[name]!.length), usage);
  if (name === 'ucast') parseUnicast(context, words);
  else if (name === 'ucast6') parseUnicast6(context, words);
  else if (name === 'mcast') parseMulticast(context, words);
  else parseMulticast6(context, words);
}

function parseUnicast(context: ParserContext, words: readonly Word[]): void {
  const { host, reporter, result } = context;
  const [device, target] = [words[0]!, words[1]!];
  const address = isIPv4Address(target.text) ? target.text : host.addressOf?.(target.text);
  if (address === undefined || !isIPv4Address(address)) {
    const code = isAbbreviatedIPv4(target.text) ? 'address-abbreviated' : 'link-address';
    reporter.report(code, target, { address: target.text });
    result.linkErrors += 1;
    return;
  }
  checkDevice(context, device, 'device-missing-later');
  addUnicast(context, 'ucast', device, target, address);
}

function parseUnicast6(context: ParserContext, words: readonly Word[]): void {
  const { reporter, result } = context;
  const [device, target] = [words[0]!, words[1]!];
  const address = readAddress6(context, device, target);
  const isHost = address !== undefined && !isMulticast6(address) && !address.slice(0, 7).every((group) => group === 0);
  if (address !== undefined && !isHost) reporter.report('link6-address', target, { address: target.text });
  const validDevice = checkDevice(context, device, 'device-missing');
  if (isHost && validDevice) addUnicast(context, 'ucast6', device, target, printIPv6(address));
  else if (validDevice) result.linkErrors += 1;
}

function addUnicast(
  context: ParserContext,
  kind: 'ucast' | 'ucast6',
  device: Word,
  target: Word,
  address: string,
): void {
  if (context.host.addresses?.includes(address)) {
    context.reporter.report('link-own-address', target, { address });
    context.result.ownAddressLinks += 1;
    return;
  }
  const id = linkId(`${kind}/${device.text}/${address}`);
  addLink(context, { id, kind, device: device.text, port: portInForce(context), peerAddress: address }, target);
}

function parseMulticast(context: ParserContext, words: readonly Word[]): void {
  const [device, group] = [words[0]!, words[1]!];
  const numbers = readNumbers(context, words, 'mcast');
  const validGroup = isMulticastIPv4Address(group.text);
  if (!validGroup) context.reporter.report('mcast-group', group, { address: group.text });
  const validDevice = checkDevice(context, device, 'device-missing');
  if (numbers === undefined || !validGroup || !validDevice) {
    context.result.linkErrors += 1;
    return;
  }
  const { port, reach: ttl, loop } = numbers;
  const id = linkId(`mcast/${device.text}/${group.text}`);
  addLink(context, { id, kind: 'mcast', device: device.text, port, group: group.text, ttl, loop }, device);
}

/** A group of scope 0 or 1 never leaves this machine: whoever relied on it would be deaf. */
function parseMulticast6(context: ParserContext, words: readonly Word[]): void {
  const [device, target] = [words[0]!, words[1]!];
  const numbers = readNumbers(context, words, 'mcast6');
  const address = readAddress6(context, device, target);
  const validGroup = address !== undefined && isMulticast6(address) && (address[0]! & 0x0f) > 1;
  if (address !== undefined && !validGroup) context.reporter.report('link6-group', target, { address: target.text });
  const validDevice = checkDevice(context, device, 'device-missing');
  if (numbers === undefined || !validGroup || !validDevice) {
    context.result.linkErrors += 1;
    return;
  }
  const { port, reach: hops, loop } = numbers;
  const group = printIPv6(address);
  const id = linkId(`mcast6/${device.text}/${group}`);
  addLink(context, { id, kind: 'mcast6', device: device.text, port, group, hops, loop }, device);
}

const isMulticast6 = (address: readonly number[]): boolean => address[0]! >> 8 === 0xff;

/** Undefined after a finding. What stands behind `%` must be the device of the line. */
function readAddress6({ reporter }: ParserContext, device: Word, word: Word): readonly number[] | undefined {
  const [text, ...scopes] = word.text.split('%');
  const address = readIPv6(text!);
  if (address === undefined) {
    reporter.report('link6-address', word, { address: word.text });
    return undefined;
  }
  const scope = scopes.join('%');
  if (scopes.length === 0 || scope === device.text) return address;
  reporter.report('link6-scope', word, { scope, device: device.text });
  return undefined;
}

function readNumbers(
  context: ParserContext,
  words: readonly Word[],
  directive: 'mcast' | 'mcast6',
): { port: number; reach: number; loop: boolean } | undefined {
  const port = readNumber(context, words[2]!, 'port', 1, 65_535, directive);
  const reach = readNumber(context, words[3]!, directive === 'mcast' ? 'ttl' : 'hops', 0, 4, directive);
  const loop = readNumber(context, words[4]!, 'loop', 0, 1, directive);
  if (port === undefined || reach === undefined || loop === undefined) return undefined;
  return { port, reach, loop: loop === 1 };
}

function readNumber(
  { reporter }: ParserContext,
  word: Word,
  what: string,
  minimum: number,
  maximum: number,
  directive: 'mcast' | 'mcast6',
): number | undefined {
  const reading = readInteger(word.text, minimum, maximum);
  if (!reading.ok && what === 'port' && /^\d{5,}$/.test(word.text))
    reporter.report('value-port', word, { value: word.text });
  else if (!reading.ok) reporter.report('mcast-number', word, { directive, what, value: word.text, minimum, maximum });
  else if (reading.odd)
    reporter.report('value-odd', word, { directive: what, value: word.text, readAs: reading.value });
  return reading.ok ? reading.value : undefined;
}

function reportIgnored({ reporter }: ParserContext, words: readonly Word[], usage: string): void {
  const first = words[0];
  if (first !== undefined)
    reporter.report('words-ignored', first, { words: words.map((word) => word.text).join(' '), usage });
}
