/**
 * The lines `ping`, `ping6` and `ping_group`. A ping node is called what the line calls it; its address is looked up
 * once, here, in /etc/hosts: no name server decides whether this node starts.
 */
import type { PingTarget } from './configuration.ts';
import type { ParserContext } from './ha-cf.ts';
import { isIPv6Address } from './ipv6.ts';
import type { Word } from './lexer.ts';
import { isAbbreviatedIPv4, isIPv4Address } from './values.ts';

/** More than any cluster has; each is asked at every keepalive. */
export const maxPingTargets = 64;

export function parsePing(context: ParserContext, word: Word, family: 4 | 6): void {
  const target = resolve(context, word.text, family);
  if (target !== undefined) addPingNode(context, word, 'ping', [target]);
  else if (family === 4 && isAbbreviatedIPv4(word.text))
    context.reporter.report('address-abbreviated', word, { address: word.text });
  else context.reporter.report('ping-name', word, { address: word.text, family });
}

/** Heartbeat leaves out a member that it cannot resolve and starts; the group lives on the others. */
export function parsePingGroup(context: ParserContext, words: readonly Word[]): void {
  const [name, ...members] = words;
  if (name === undefined) return;
  const targets: PingTarget[] = [];
  for (const word of members) {
    const target = resolve(context, word.text, isIPv6Address(word.text) ? 6 : 4);
    if (target === undefined) context.reporter.report('ping-member', word, { address: word.text, group: name.text });
    else if (!targets.some((other) => other.address === target.address)) targets.push(target);
  }
  addPingNode(context, name, 'ping_group', targets);
}

function addPingNode(
  { result, reporter }: ParserContext,
  place: Word,
  kind: 'ping' | 'ping_group',
  targets: readonly PingTarget[],
): void {
  const name = place.text;
  const count = result.pingNodes.reduce((sum, node) => sum + node.targets.length, targets.length);
  if (result.pingNodes.some((node) => node.name === name)) reporter.report('ping-twice', place, { name });
  else if (count > maxPingTargets) reporter.report('ping-too-many', place, { limit: maxPingTargets });
  else result.pingNodes.push({ name, kind, targets });
}

/** For hosts that pingd asks by itself: whichever family the address is of. */
export function pingAddress(context: ParserContext, text: string): string | undefined {
  return resolve(context, text, isIPv6Address(text) ? 6 : 4)?.address;
}

/** Undefined: no address, and no name that is known here. A check for another machine takes a name's word for it. */
function resolve({ host }: ParserContext, text: string, family: 4 | 6): PingTarget | undefined {
  if (family === 6) return isIPv6Address(text) ? { address: text.toLowerCase(), family } : undefined;
  if (isIPv4Address(text)) return { address: text, family };
  if (host.addressOf === undefined) return { address: text, family };
  const address = host.addressOf(text);
  return address === undefined || !isIPv4Address(address) ? undefined : { address, family };
}
