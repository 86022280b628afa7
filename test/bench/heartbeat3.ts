/**
 * The real Heartbeat 3.0.6 with its own configuration and its own IPaddr2 agent. It cannot start resources within its
 * first ten seconds, so its cycles are slow; below 50 ms of keepalive its resources move by themselves.
 */
import { cpSync } from 'node:fs';
import { findCommand } from '../lab/enter.ts';
import type { Host } from '../lab/host.ts';
import type { Lab } from '../lab/lab.ts';
import { sleep } from '../lab/machine.ts';
import type { LabProcess } from '../lab/processes.ts';
import { type Contender, type ContenderFactory, sharedAddress, type Timers } from './contender.ts';

const binary = '/usr/libexec/heartbeat/heartbeat';
const tools = '/usr/share/heartbeat';

export const heartbeat3: ContenderFactory = {
  name: 'heartbeat 3.0.6',
  unavailable: ({ keepaliveMs }) => {
    if (findCommand('cl_respawn') === undefined) return 'not installed (Debian package heartbeat)';
    return keepaliveMs < 50 ? 'its resources move by themselves at such timers' : undefined;
  },
  create: (_lab, timers) => createHeartbeat(timers),
};

function createHeartbeat(timers: Timers): Contender {
  const daemons = new Map<string, LabProcess>();
  return {
    name: 'heartbeat 3.0.6',
    start: async (host) => {
      cpSync('/etc/ha.d', host.configurationDirectory, { recursive: true });
      cpSync('/var/lib/heartbeat/cores', `${host.stateDirectory}/cores`, { recursive: true });
      host.writeConfiguration(configuration(timers));
      await host.exec(['mkdir', '-p', '/run/heartbeat', '/run/resource-agents']);
      daemons.set(host.name, await host.spawn([binary, '-f']));
    },
    stop: async (host) => {
      daemons.get(host.name)?.kill('SIGTERM');
      await daemons.get(host.name)?.exited;
    },
    standby: async (host) => {
      await host.exec([`${tools}/hb_standby`, 'all']);
    },
    takeBack: async (lab) => {
      await sleep(2000);
      await lab.host('node1').exec([`${tools}/hb_takeover`, 'local']);
    },
    settled: (lab) => settled(lab),
  };
}

/** Both nodes active and no resource on its way: only then does it accept a request. */
async function settled(lab: Lab): Promise<void> {
  const giveUpAt = Date.now() + 90_000;
  for (;;) {
    const answers = await Promise.all(lab.hosts.map((host: Host) => host.exec(['cl_status', 'rscstatus'])));
    const words = answers.map((answer) => answer.stdout.trim());
    if (words.includes('local') || (words.includes('all') && words.includes('none'))) break;
    if (Date.now() > giveUpAt) throw new Error(`heartbeat does not settle: ${words.join(', ')}`);
    await sleep(200);
  }
  await sleep(2000);
}

function configuration({ keepaliveMs, deadtimeMs }: Timers) {
  return {
    haCf: `logfile /var/log/ha-log
keepalive ${keepaliveMs}ms
deadtime ${deadtimeMs}ms
warntime ${Math.round(deadtimeMs * 0.8)}ms
initdead 5
udpport 694
bcast eth0
auto_failback on
node node1
node node2
`,
    haresources: `node1 IPaddr2::${sharedAddress}/24/eth0\n`,
    authkeys: 'auth 1\n1 sha1 benchmark-only-key\n',
  };
}
