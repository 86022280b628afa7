/** The machine on which the parsers' tests take place: node1 with eth0 and eth1, as in the seed configuration. */
import { createHash } from 'node:crypto';
import type { FileKind, HostFacts } from '../../../src/core/config/host-facts.ts';
import type { ConfigurationTexts, ParsedConfiguration } from '../../../src/core/config/parse-configuration.ts';
import { parseConfiguration } from '../../../src/core/config/parse-configuration.ts';

export const baseHaCf = `logfile /dev/null
keepalive 2
deadtime 30
auto_failback on
ucast eth0 192.168.1.8
node node1 node2
`;

const files: Readonly<Record<string, FileKind>> = {
  '/bin/true': 'executable',
  '/etc/passwd': 'plain',
  '/dev/ttyS0': 'device',
  '/dev/null': 'device',
  '/dev/tty': 'device',
};

export const testHost: HostFacts = {
  nodeName: 'node1',
  directory: '/etc/ha.d',
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  interfaces: ['eth0', 'eth1', 'lo'],
  addresses: ['192.168.1.6', '10.0.9.103', '127.0.0.1'],
  addressOf: (name) => (name === 'localhost' ? '127.0.0.1' : undefined),
  fileKind: (path) => files[path] ?? 'missing',
  userExists: (name) => ['root', 'hacluster'].includes(name),
  groupExists: (name) => ['root', 'haclient'].includes(name),
  scriptExists: () => true,
};

export const baseTexts: ConfigurationTexts = {
  haCf: baseHaCf,
  authkeys: 'auth 1\n1 sha256 0123456789abcdef0123456789abcdef\n',
  haresources: 'node1 IPaddr::192.168.1.100/24/eth0\n',
};

export function parse(texts: ConfigurationTexts = {}, host: Partial<HostFacts> = {}): ParsedConfiguration {
  return parseConfiguration({ ...baseTexts, ...texts }, { ...testHost, ...host });
}

/** Lines added to a valid ha.cf. */
export function parseAdded(lines: string, host: Partial<HostFacts> = {}): ParsedConfiguration {
  return parse({ haCf: `${baseHaCf}${lines}` }, host);
}

/** `line:column code` of every finding, without the remark that there is one link only. */
export function spots({ findings }: ParsedConfiguration): string[] {
  return findings
    .filter((finding) => !['link-single', 'authkeys-unknown-to-heartbeat'].includes(finding.code))
    .map((finding) => `${finding.file}:${finding.line}:${finding.column} ${finding.code}`);
}
