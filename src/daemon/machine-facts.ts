/**
 * What this machine has: network devices and addresses, users, scripts, the port of the service. Asked once per load,
 * with plain file reads: no name server, which could hang the daemon at the moment it is needed most.
 */
import { accessSync, constants, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

import type { FileKind, HostFacts } from '../core/config/host-facts.ts';
import { printIPv6, readIPv6 } from '../core/config/ipv6.ts';
import { addressTypes } from '../core/config/parse-resource.ts';
import { missingFenceProgram } from '../io/agent-host/fencing/find-device.ts';
import { readFenceFile } from './fence-file.ts';

type MachineFacts = Pick<
  HostFacts,
  | 'interfaces'
  | 'addresses'
  | 'servicePort'
  | 'addressOf'
  | 'fileKind'
  | 'userExists'
  | 'groupExists'
  | 'scriptExists'
  | 'haCfMode'
  | 'fenceProgramMissing'
  | 'fenceFile'
>;

export function machineFacts(haDirectory: string): MachineFacts {
  const servicePort = readServicePort(readLines('/etc/services'));
  const hosts = readHosts(readLines('/etc/hosts'));
  const users = readNames(readLines('/etc/passwd'));
  const groups = readNames(readLines('/etc/group'));
  return {
    interfaces: readInterfaces(),
    addresses: readAddresses(),
    ...(servicePort === undefined ? {} : { servicePort }),
    addressOf: (name) => hosts.get(name.toLowerCase()),
    fileKind: readFileKind,
    // Users may come from a directory service that is not asked here: only without one is "no" an answer.
    ...(usesOnlyFiles() ? { userExists: (name) => users.has(name), groupExists: (name) => groups.has(name) } : {}),
    ...haCfMode(haDirectory),
    fenceProgramMissing: (type) => missingFenceProgram(type, haDirectory),
    fenceFile: readFenceFile,
    scriptExists: (type) =>
      addressTypes.includes(type) ||
      [join(haDirectory, 'resource.d', type), join('/etc/init.d', type)].some(
        (path) => readFileKind(path) === 'executable',
      ),
  };
}

function haCfMode(haDirectory: string): { haCfMode?: number } {
  const mode = statusOf(join(haDirectory, 'ha.cf'))?.mode;
  return mode === undefined ? {} : { haCfMode: mode };
}

/** IPv6 in the spelling of `printIPv6`, without the zone. */
function readAddresses(): string[] {
  const entries = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  return entries.flatMap(({ family, address }) => {
    if (family === 'IPv4') return [address];
    const groups = readIPv6(address.split('%')[0]!);
    return groups === undefined ? [] : [printIPv6(groups)];
  });
}

/** /sys also lists devices without an address, which os.networkInterfaces leaves out. */
function readInterfaces(): string[] {
  const names = new Set(Object.keys(networkInterfaces()));
  try {
    for (const name of readdirSync('/sys/class/net')) {
      // /sys belongs to the network namespace in which it was mounted; only an addressless device is added from it.
      if (statSync(join('/sys/class/net', name, 'ifindex'), { throwIfNoEntry: false }) !== undefined) names.add(name);
    }
  } catch {
    // Without /sys the devices that have an address are all that is known.
  }
  return [...names].sort();
}

function readServicePort(lines: readonly string[]): number | undefined {
  for (const line of lines) {
    const match = /^(\S+)\s+(\d{1,5})\/udp\b(.*)$/.exec(line.replace(/#.*/, ''));
    if (match !== null && [match[1], ...match[3]!.trim().split(/\s+/)].includes('ha-cluster')) return Number(match[2]);
  }
  return undefined;
}

/** The first IPv4 address of every name. */
function readHosts(lines: readonly string[]): Map<string, string> {
  const hosts = new Map<string, string>();
  for (const line of lines) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address === undefined || !/^\d+\.\d+\.\d+\.\d+$/.test(address)) continue;
    for (const name of names) if (!hosts.has(name.toLowerCase())) hosts.set(name.toLowerCase(), address);
  }
  return hosts;
}

function readNames(lines: readonly string[]): Set<string> {
  return new Set(lines.map((line) => line.split(':')[0]!));
}

function usesOnlyFiles(): boolean {
  const databases = readLines('/etc/nsswitch.conf').filter((line) => /^(passwd|group):/.test(line));
  const sources = databases.flatMap((line) =>
    line
      .replace(/^\w+:/, '')
      .replace(/\[[^\]]*\]/g, '')
      .trim()
      .split(/\s+/),
  );
  return sources.every((source) => ['files', 'compat', 'systemd', ''].includes(source));
}

function readFileKind(path: string): FileKind {
  const status = statusOf(path);
  if (status === undefined) return 'missing';
  if (status.isCharacterDevice() || status.isBlockDevice()) return 'device';
  if (!status.isFile()) return 'other';
  try {
    accessSync(path, constants.X_OK);
    return 'executable';
  } catch {
    return 'plain';
  }
}

/** Also undefined where a part of the path is a file, or may not be looked into. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
