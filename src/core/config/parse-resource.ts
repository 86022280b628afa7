/** One word of a group: `script::arg::arg`, `OCF::type::instance`, or an address standing for IPaddr. */
import type { ResourceConfiguration } from './configuration.ts';
import type { Reporter } from './findings.ts';
import type { HostFacts } from './host-facts.ts';
import type { Word } from './lexer.ts';
import { isIPv4Address } from './values.ts';

/** Resource types that the own address agent serves. */
export const addressTypes: readonly string[] = ['IPaddr', 'IPaddr2', 'IPv6addr'];

export function parseResource(word: Word, host: HostFacts, reporter: Reporter): ResourceConfiguration | undefined {
  // Empty arguments vanish: `a::1::::2` calls `a 1 2` (tried out on 3.0.6).
  const [type = '', ...args] = expandShorthand(word.text)
    .split('::')
    .filter((part) => part !== '');
  if (!/^[A-Za-z0-9_.-]+$/.test(type) || type.startsWith('.')) {
    reporter.report('resource-type', word, { type: type.slice(0, 80) });
    return undefined;
  }
  if (type === 'OCF') return parseOcf(word, args, reporter);
  // An IPv6 address has `::` inside, so its parts are put together again, as the agent does.
  if (addressTypes.includes(type)) checkAddress(word, args.join('::') || undefined, reporter);
  if (type === 'systemd') checkUnit(word, args, host, reporter);
  else if (host.scriptExists?.(type) === false) reporter.report('resource-script-missing', word, { type });
  return { written: word.text, kind: 'script', type, args };
}

/** A script of that name in resource.d goes before: then the word means what it meant to Heartbeat. */
function checkUnit(word: Word, args: readonly string[], host: HostFacts, reporter: Reporter): void {
  if (host.scriptExists?.('systemd') === true) reporter.report('resource-unit-script', word, { resource: word.text });
  else if (args.length !== 1 || !isUnitName(args[0]!))
    reporter.report('resource-unit-name', word, { resource: word.text.slice(0, 120) });
  else reporter.report('resource-unit-heartbeat', word, { unit: args[0]! });
}

/** As the agent host will have it: a name that can be no option and no path. */
export const isUnitName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]{0,240}$/.test(name);

/** The glob `[0-9]*.[0-9]*.[0-9]*.[0-9]*` of Heartbeat's scripts. */
function expandShorthand(written: string): string {
  return /^\d.*\.\d.*\.\d.*\.\d/.test(written) ? `IPaddr::${written}` : written;
}

function parseOcf(word: Word, args: readonly string[], reporter: Reporter): ResourceConfiguration | undefined {
  const [type, instance] = args;
  const valid = [type, instance].every((part) => part !== undefined && /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(part));
  if (!valid || type === undefined || instance === undefined) {
    reporter.report('resource-ocf', word, { resource: word.text.slice(0, 120) });
    return undefined;
  }
  return { written: word.text, kind: 'ocf', type, args: args.slice(1) };
}

function checkAddress(word: Word, argument: string | undefined, reporter: Reporter): void {
  const reason = addressFault(argument);
  if (reason !== undefined) reporter.report('address-invalid', word, { address: word.text.slice(0, 120), reason });
}

/** `ip[/prefix[/device[:label][/broadcast]]]`; a third part that begins with a digit is a broadcast address. */
export function addressFault(argument: string | undefined): string | undefined {
  if (argument === undefined) return 'the address is missing';
  const [address = '', prefix, third, fourth, ...rest] = argument.split('/');
  const version6 = address.includes(':');
  if (!version6 && !isIPv4Address(address)) return `${address} is no IP address`;
  if (version6 && !/^[0-9a-f:.]+$/i.test(address)) return `${address} is no IP address`;
  if (prefix !== undefined && !isPrefix(prefix, version6 ? 128 : 32)) return `${prefix} is no prefix length`;
  if (third !== undefined && /^\d/.test(third) && !isIPv4Address(third)) return `${third} is no broadcast address`;
  if (fourth !== undefined && fourth !== '' && !isIPv4Address(fourth)) return `${fourth} is no broadcast address`;
  return rest.length > 0 ? 'it has too many parts' : undefined;
}

function isPrefix(text: string, maximum: number): boolean {
  return (/^\d{1,3}$/.test(text) && Number(text) <= maximum) || isIPv4Address(text);
}
