/**
 * The same network tools through the commands `ip` and `arping`, for machines where netlink or raw sockets cannot be
 * used from this process. Milliseconds instead of microseconds, and conflicts are not looked for.
 * Commands get argument arrays and a clean environment; execa is loaded only when the fallback is really used.
 */
import type {
  AddressFamily,
  NetworkAddress,
  NetworkLink,
  NetworkRoute,
  NetworkTools,
} from '../../../resource-agents/context.ts';
import { bytesOfAddress, textOfAddress } from '../../../resource-agents/ipaddr/address-text.ts';
import { failure, type Result, success } from '../../core/result.ts';

const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' };
const timeoutMs = 10_000;

/** Runs a command; standard output, or the reason why it failed. */
export type RunCommand = (command: string, args: readonly string[]) => Promise<Result<string>>;

export function createCommandTools(run: RunCommand = runWithExeca): NetworkTools {
  const names = async (): Promise<Map<string, number>> => {
    const links = await listLinks(run);
    return new Map(links.ok ? links.value.map((link) => [link.name, link.index]) : []);
  };
  return {
    links: () => listLinks(run),
    addresses: () => parsed(run, ['-json', 'address', 'show'], (items) => items.flatMap(addressesOf)),
    async routes(family) {
      const indexes = await names();
      const words = ['-json', family === 'ipv4' ? '-4' : '-6', 'route', 'show', 'table', 'main'];
      return parsed(run, words, (items) => items.flatMap((item) => routeOf(item, family, indexes)));
    },
    async addAddress(address) {
      const answer = await run('ip', await addressWords('add', address));
      if (answer.ok) return success('added');
      return reasonOf(answer).includes('File exists') ? success('present') : answer;
    },
    async deleteAddress(address) {
      const answer = await run('ip', await addressWords('delete', address));
      if (answer.ok) return success('deleted');
      return /Cannot assign|Cannot find device/.test(reasonOf(answer)) ? success('absent') : answer;
    },
    async setLinkUp(link) {
      const answer = await run('ip', ['link', 'set', 'dev', link.name, 'up']);
      return answer.ok ? success(undefined) : answer;
    },
    announce(link, family, address) {
      if (!link.ethernet || family !== 'ipv4') return success(undefined);
      // arping ends a second after the frame has left: nobody waits for it.
      void run('arping', ['-U', '-c', '1', '-I', link.name, textOfAddress(address)]);
      return success(undefined);
    },
    probe: () => undefined,
  };

  async function addressWords(action: 'add' | 'delete', address: NetworkAddress): Promise<string[]> {
    const device = [...(await names())].find(([, index]) => index === address.index)?.[0] ?? '';
    const words = ['address', action, `${textOfAddress(address.address)}/${address.prefixLength}`, 'dev', device];
    if (action === 'delete') return words;
    if (address.broadcast !== undefined) words.push('broadcast', textOfAddress(address.broadcast));
    if (address.label !== undefined) words.push('label', address.label);
    return address.family === 'ipv6' ? [...words, 'nodad'] : words;
  }
}

type Json = Readonly<Record<string, unknown>>;

async function parsed<Item>(
  run: RunCommand,
  words: readonly string[],
  convert: (items: readonly Json[]) => Item[],
): Promise<Result<readonly Item[]>> {
  const answer = await run('ip', words);
  if (!answer.ok) return answer;
  try {
    const items: unknown = JSON.parse(answer.value.trim() === '' ? '[]' : answer.value);
    return success(Array.isArray(items) ? convert(items as Json[]) : []);
  } catch {
    return failure('command-output-unclear', { command: `ip ${words.join(' ')}` });
  }
}

function listLinks(run: RunCommand): Promise<Result<readonly NetworkLink[]>> {
  return parsed(run, ['-json', 'link', 'show'], (items) => items.map(linkOf));
}

function linkOf(item: Json): NetworkLink {
  const flags = Array.isArray(item['flags']) ? item['flags'] : [];
  const loopback = flags.includes('LOOPBACK');
  return {
    index: Number(item['ifindex']),
    name: String(item['ifname']),
    hardware: Uint8Array.from(
      String(item['address'] ?? '')
        .split(':')
        .filter(Boolean),
      (byte) => Number.parseInt(byte, 16),
    ),
    up: flags.includes('UP'),
    loopback,
    ethernet: item['link_type'] === 'ether' && !loopback && !flags.includes('NOARP'),
  };
}

function addressesOf(item: Json): NetworkAddress[] {
  const infos = Array.isArray(item['addr_info']) ? (item['addr_info'] as Json[]) : [];
  return infos.flatMap((info): NetworkAddress[] => {
    const address = bytesOfAddress(String(info['local']));
    if (address === undefined) return [];
    const broadcast = bytesOfAddress(String(info['broadcast'] ?? ''));
    return [
      {
        index: Number(item['ifindex']),
        family: info['family'] === 'inet' ? 'ipv4' : 'ipv6',
        address,
        prefixLength: Number(info['prefixlen']),
        secondary: info['secondary'] === true,
        ...(typeof info['label'] === 'string' ? { label: info['label'] } : {}),
        ...(broadcast === undefined ? {} : { broadcast }),
      },
    ];
  });
}

function routeOf(item: Json, family: AddressFamily, indexes: ReadonlyMap<string, number>): NetworkRoute[] {
  const [network = '', length] = String(item['dst'] ?? '').split('/');
  const bytes = family === 'ipv4' ? 4 : 16;
  const destination = network === 'default' ? new Uint8Array(bytes) : bytesOfAddress(network);
  const index = indexes.get(String(item['dev'] ?? ''));
  if (destination === undefined || index === undefined) return [];
  const prefixLength = network === 'default' ? 0 : length === undefined ? bytes * 8 : Number(length);
  return [
    {
      family,
      destination,
      prefixLength,
      index,
      viaGateway: item['gateway'] !== undefined || item['via'] !== undefined,
      metric: Number(item['metric'] ?? 0),
    },
  ];
}

function reasonOf(answer: Result<string>): string {
  return answer.ok ? '' : String(answer.problem.fields['reason'] ?? '');
}

async function runWithExeca(command: string, args: readonly string[]): Promise<Result<string>> {
  const { execa } = await import('execa');
  const options = {
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    maxBuffer: 16 << 20,
  } as const;
  const answer = await execa(command, [...args], options);
  if (!answer.failed) return success(answer.stdout);
  return failure('command-failed', { command, reason: answer.stderr || answer.shortMessage || 'failed' });
}
