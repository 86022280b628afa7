/**
 * The configuration of a mixed pair. Both hosts get the same files, as Heartbeat wants it. Keepalives run on eth1 and
 * service addresses live on eth0, so that a split of the pair does not hide anybody from the outside observer.
 */
import type { HostConfiguration } from '../lab/host.ts';
import { serviceNames } from './services.ts';

export type Medium = 'ucast' | 'bcast' | 'mcast';
export type Method = 'sha1' | 'md5' | 'crc';

export interface Setup {
  readonly medium: Medium;
  readonly method: Method;
  readonly autoFailback: 'on' | 'off' | 'legacy';
  /** `one`: everything belongs to node1, as in the seed configuration. `two`: node2 owns a group as well. */
  readonly groups: 'one' | 'two';
  readonly deadtimeMs: number;
  readonly initdeadMs: number;
}

export const keepaliveMs = 250;
export const shortDeadtimeMs = 3000;
/** Long enough for a machine to reboot within it, even on a busy computer. */
export const patientDeadtimeMs = 60_000;
/** Long enough for two machines to boot on a busy computer. */
export const patientInitdeadMs = 60_000;
/** As short as Heartbeat takes without a warning: for a node that is meant to find itself alone. */
export const shortInitdeadMs = 10_000;

/** Address and service of the group that a node owns. */
export const groupOf = {
  node1: { address: '192.168.1.100', service: serviceNames[0] },
  node2: { address: '192.168.1.101', service: serviceNames[1] },
} as const;

const mediumLines: Record<Medium, readonly string[]> = {
  ucast: ['ucast eth1 10.0.9.103', 'ucast eth1 10.0.9.121'],
  bcast: ['bcast eth1'],
  mcast: ['mcast eth1 239.0.0.42 694 1 0'],
};

const keyLines: Record<Method, string> = {
  sha1: '1 sha1 a-key-for-the-lab-only',
  md5: '1 md5 a-key-for-the-lab-only',
  crc: '1 crc',
};

export function configurationOf({
  medium,
  method,
  autoFailback,
  groups,
  deadtimeMs,
  initdeadMs,
}: Setup): HostConfiguration {
  const haCf = [
    'logfile /var/log/ha-log',
    `keepalive ${keepaliveMs}ms`,
    `deadtime ${deadtimeMs}ms`,
    `warntime ${deadtimeMs / 2}ms`,
    `initdead ${initdeadMs}ms`,
    'udpport 694',
    ...mediumLines[medium],
    `auto_failback ${autoFailback}`,
    'node node1 node2',
  ];
  const owners = groups === 'two' ? (['node1', 'node2'] as const) : (['node1'] as const);
  const lines = owners.map((owner) => `${owner} IPaddr2::${groupOf[owner].address}/24/eth0 ${groupOf[owner].service}`);
  return {
    haCf: `${haCf.join('\n')}\n`,
    haresources: `${lines.join('\n')}\n`,
    authkeys: `auth 1\n${keyLines[method]}\n`,
  };
}

export function describeSetup({ medium, method }: Setup): string {
  return `${medium} ${method}`;
}
