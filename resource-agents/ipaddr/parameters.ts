/**
 * What the administrator wrote about an address: `ip[/netmask[/nic[:label][/broadcast]]]` in haresources, where the
 * third part may be the broadcast address at once if it begins with a digit, or the OCF parameters
 * ip, cidr_netmask, nic, iflabel, broadcast. Both become one request; the system is not looked at here.
 */
import { failure, type Result, success } from '../../src/core/result.ts';
import type { AddressFamily } from '../context.ts';
import { bytesOfAddress, prefixOfNetmask } from './address-text.ts';

export interface AddressRequest {
  readonly family: AddressFamily;
  readonly address: Uint8Array;
  readonly prefixLength?: number;
  readonly nic?: string;
  /** As the kernel wants it: `eth0:0`. Needs a nic, which may be found later: then this is only the part behind the colon. */
  readonly label?: string;
  readonly broadcast?: Uint8Array;
}

type Parameters = Readonly<Record<string, string>>;

/** IFNAMSIZ of netdevice(7) is 16 with the terminating zero; a label has the same limit. */
const maximumName = 15;
const namePattern = /^[A-Za-z0-9_.@-]+$/;

export function parametersFromArguments(args: readonly string[]): Result<Parameters> {
  // haresources separates arguments by `::`, which also occurs inside IPv6 addresses.
  const words = args.join('::').split('/');
  const [ip = '', netmask = '', third = '', fourth = ''] = words;
  if (ip === '') return failure('address-missing', {});
  if (words.length > 4) return failure('address-argument-invalid', { argument: args.join('::') });
  const thirdIsBroadcast = /^[0-9]/.test(third) && fourth === '';
  const [nic = '', label = ''] = thirdIsBroadcast ? [] : third.split(':');
  const broadcast = thirdIsBroadcast ? third : fourth;
  const named = { ip, cidr_netmask: netmask, nic, iflabel: label, broadcast };
  return success(Object.fromEntries(Object.entries(named).filter(([, value]) => value !== '')));
}

export function requestFromParameters(parameters: Parameters): Result<AddressRequest> {
  const text = parameters['ip'] ?? '';
  if (text === '') return failure('address-missing', {});
  const address = bytesOfAddress(text);
  if (address === undefined) return failure('address-invalid', { ip: text });
  const family: AddressFamily = address.length === 4 ? 'ipv4' : 'ipv6';
  const prefixLength = parsePrefix(parameters['cidr_netmask'], family);
  if (!prefixLength.ok) return prefixLength;
  const broadcast = parseBroadcast(parameters['broadcast'], family);
  if (!broadcast.ok) return broadcast;
  const nic = parameters['nic'] || undefined;
  const label = parameters['iflabel'] || undefined;
  if (nic !== undefined && !isName(nic)) return failure('nic-invalid', { nic });
  if (label !== undefined && !isName(label)) return failure('label-invalid', { label });
  return success({
    family,
    address,
    ...(prefixLength.value === undefined ? {} : { prefixLength: prefixLength.value }),
    ...(nic === undefined ? {} : { nic }),
    // Labels belong to IPv4 alone (ip-address(8)).
    ...(label === undefined || family === 'ipv6' ? {} : { label }),
    ...(broadcast.value === undefined ? {} : { broadcast: broadcast.value }),
  });
}

function parsePrefix(text: string | undefined, family: AddressFamily): Result<number | undefined> {
  if (text === undefined || text === '') return success(undefined);
  const length = /^[0-9]{1,3}$/.test(text) ? Number(text) : family === 'ipv4' ? prefixOfNetmask(text) : undefined;
  if (length === undefined || length > (family === 'ipv4' ? 32 : 128)) {
    return failure('netmask-invalid', { netmask: text });
  }
  return success(length);
}

function parseBroadcast(text: string | undefined, family: AddressFamily): Result<Uint8Array | undefined> {
  if (text === undefined || text === '') return success(undefined);
  const bytes = bytesOfAddress(text);
  if (bytes === undefined || bytes.length !== 4 || family !== 'ipv4')
    return failure('broadcast-invalid', { broadcast: text });
  return success(bytes);
}

function isName(text: string): boolean {
  return text.length <= maximumName && namePattern.test(text);
}
