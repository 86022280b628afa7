/**
 * keepalived (VRRP version 3) with the given advertisement interval and otherwise its defaults: the fastest of the
 * established tools on an address. Its detection time follows from the interval: three of them and a skew of
 * (256 - priority) / 256 of one.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../lab/enter.ts';
import type { Host } from '../lab/host.ts';
import { sleep } from '../lab/machine.ts';
import type { LabProcess } from '../lab/processes.ts';
import { type Contender, type ContenderFactory, sharedAddress, type Timers } from './contender.ts';

export const keepalived: ContenderFactory = {
  name: 'keepalived',
  unavailable: ({ keepaliveMs }) => {
    if (findCommand('keepalived') === undefined) return 'not installed (Debian package keepalived)';
    return keepaliveMs % 10 === 0 ? undefined : 'its interval is in hundredths of a second';
  },
  create: (_lab, timers) => createKeepalived(timers),
};

function createKeepalived(timers: Timers): Contender {
  const daemons = new Map<string, LabProcess>();
  return {
    name: 'keepalived',
    start: async (host) => {
      const file = join(host.logDirectory, 'keepalived.conf');
      writeFileSync(file, configuration(host, timers));
      const argv = ['keepalived', '--dont-fork', '--log-console', '--use-file', '/var/log/keepalived.conf'];
      daemons.set(host.name, await host.spawn(argv));
    },
    stop: async (host) => {
      daemons.get(host.name)?.kill('SIGTERM');
      await daemons.get(host.name)?.exited;
    },
    settled: () => sleep(Math.max(1000, 5 * timers.keepaliveMs)),
  };
}

function configuration(host: Host, { keepaliveMs }: Timers): string {
  const preferred = host.name === 'node1';
  return `global_defs {
  router_id ${host.name}
}
vrrp_instance bench {
  version 3
  state ${preferred ? 'MASTER' : 'BACKUP'}
  interface eth0
  virtual_router_id 51
  priority ${preferred ? 150 : 100}
  advert_int ${keepaliveMs / 1000}
  virtual_ipaddress {
    ${sharedAddress}/24 dev eth0
  }
}
`;
}
