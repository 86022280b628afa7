/** Services that die, statuses that lie, people who work by hand, units of a service manager, hooks. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFakeSystemctl, setUnit } from '../helpers/fake-systemctl.ts';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { bootTimeUs } from './libc.ts';
import { sleep } from './machine.ts';
import type { Pair } from './pair.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms, openScene, type Scene } from './scene.ts';
import { seedAddress } from './seed.ts';

/** A real process with a pid file, as most daemons are. */
const webScript = `#!/bin/sh
pidfile=/run/web.pid
alive() { [ -s $pidfile ] && kill -0 "$(cat $pidfile)" 2>/dev/null; }
echo "$1" >> /var/log/web-actions
case "$1" in
  start) alive || { setsid sleep 100000 > /dev/null 2>&1 < /dev/null & echo $! > $pidfile; } ;;
  stop) alive || exit 1; kill -9 "$(cat $pidfile)"; rm -f $pidfile ;;
  status) if alive; then echo "web is running"; else echo "web is stopped"; fi ;;
esac
`;

/** Knows start and stop and nothing else. */
const muteScript = `#!/bin/sh
echo "$1" >> /var/log/mute-actions
case "$1" in
  start) : > /run/mute ;;
  stop) rm -f /run/mute ;;
  *) echo "usage: mute start|stop"; exit 1 ;;
esac
`;

const quickMonitor = 'monitor_interval 200ms\nmonitor_failures 3\nmonitor_failure_window 60\n';

async function openWeb(context: Parameters<LabTest['run']>[0], more: Partial<Parameters<typeof openScene>[1]> = {}) {
  const scene = await openScene(context, {
    start: false,
    pairbeatConf: quickMonitor,
    haresources: `node1 ${seedAddress}/24/eth0 web\n`,
    autoFailback: 'off',
    ...more,
  });
  for (const host of scene.lab.hosts) {
    host.writeFile('resource.d/web', webScript, 0o755);
    host.writeFile('resource.d/mute', muteScript, 0o755);
  }
  await scene.pair.startBoth();
  return scene;
}

const webPid = (host: Host): number | undefined => {
  const file = host.path('/run/web.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return pid > 0 ? pid : undefined;
};

async function killWeb(host: Host): Promise<void> {
  await host.exec(['kill', '-9', String(webPid(host))]);
}

/** Milliseconds from the kill until another process serves. */
async function untilRestarted(host: Host): Promise<number> {
  const former = webPid(host);
  const killedUs = bootTimeUs();
  await killWeb(host);
  await eventually(
    'another process serves',
    () => webPid(host),
    (pid) => pid !== undefined && pid !== former,
  );
  return (bootTimeUs() - killedUs) / 1000;
}

const actions = (host: Host, name: string): string[] => {
  const file = join(host.logDirectory, `${name}-actions`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

const log = (host: Host): string => readFileSync(join(host.logDirectory, 'ha-log'), 'utf8');

async function groupOf({ pair }: Scene, host: Host) {
  return (await pair.status(host))?.groups[0];
}

/** Its status has said "running" since the last start: only then does its death count. */
async function isTrusted(scene: Scene, host: Host): Promise<void> {
  await eventually(
    'the status says running',
    async () =>
      (await groupOf(scene, host))?.monitoring?.resources.every(
        ({ resource, status }) => resource === 'mute' || status === 'running',
      ),
    (all) => all === true,
  );
}

const hook = (name: string): string => `#!/bin/sh\necho "${name} $*" "$HA_ipaddr" >> /var/log/hooks-actions\n`;

/** A status that always says "stopped" is never acted upon, and said once. */
async function muteIsLeftAlone(node1: Host, pair: Pair): Promise<void> {
  const done = (action: string) => actions(node1, 'mute').filter((word) => word === action).length;
  await eventually(
    'it was asked several times',
    () => done('status'),
    (count) => count > 6,
  );
  expectEqual([done('start'), done('stop')], [1, 0], 'starts and stops of what knows no status');
  expectEqual(log(node1).split('is not to be relied upon').length - 1, 1, 'times that the log says so');
  const { stdout } = await pair.run(node1, 'pairbeat', 'status');
  expectTrue(stdout.includes('unreliable'), 'pairbeat status says so', stdout);
}

export const monitoringTests: readonly LabTest[] = [
  labTest(
    'a service that is killed is restarted where it is; at the third time the other node gets it',
    async (context) => {
      const scene = await openWeb(context, { haresources: `node1 ${seedAddress}/24/eth0 mute web\n` });
      const { node1, node2, pair, probe } = scene;
      const took: number[] = [];
      for (let time = 0; time < 2; time++) {
        await isTrusted(scene, node1);
        await sleep(300);
        took.push(await untilRestarted(node1));
      }
      context.note(`serves again after ${took.map(ms).join(', ')} (asked every 200 ms)`);
      expectEqual(await probe.steady(), 'node1', 'the address has not moved');
      expectTrue(!actions(node2, 'web').includes('start'), 'node2 had no part in it', actions(node2, 'web'));
      await muteIsLeftAlone(node1, pair);
      await isTrusted(scene, node1);
      await sleep(300);
      await killWeb(node1);
      await probe.steady({ owner: 'node2' });
      await eventually(
        'the service runs on node2',
        () => webPid(node2),
        (pid) => pid !== undefined,
      );
      const status = await scene.pair.status(node1);
      expectTrue(
        status!.alarms.some(({ code }) => code === 'monitor-gave-up'),
        'node1 says why',
        status?.alarms,
      );
      expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
    },
  ),

  labTest(
    'an unmanaged group: its service may be restarted by hand, also across a restart of the daemon',
    async (context) => {
      // Long enough for a daemon to be started again before its guardian acts.
      const scene = await openWeb(context, { keepaliveMs: 200, deadtimeMs: 4000 });
      const { node1, node2, pair, probe } = scene;
      await isTrusted(scene, node1);
      const group = `${seedAddress}/24/eth0`;
      const answer = await pair.run(node1, 'pairbeat', 'unmanage', group);
      expectTrue(answer.code === 0 && answer.stdout.includes('is unmanaged'), 'the answer', answer);
      await killWeb(node1);
      const before = actions(node1, 'web').length;
      await sleep(800);
      expectEqual(actions(node1, 'web').length, before, 'calls of the script while nobody manages it');
      expectEqual((await pair.run(node1, 'hb_standby')).code, 1, 'hb_standby is refused');
      pair.daemon(node1).kill('SIGKILL');
      await pair.start(node1);
      await eventually(
        'the new daemon keeps its hands off as well',
        async () => (await groupOf(scene, node1))?.unmanaged?.who ?? '',
        (who) => who !== '',
      );
      expectEqual((await groupOf(scene, node2))?.unmanaged?.node, 'node1', 'node2 knows');
      expectTrue(!actions(node1, 'web').slice(before).includes('start'), 'nothing was started');
      await pair.run(node1, 'pairbeat', 'manage', group);
      await eventually(
        'it is started again',
        () => webPid(node1),
        (pid) => pid !== undefined,
      );
      expectEqual(await probe.steady(), 'node1', 'owner');
      expectTrue(!actions(node2, 'web').includes('start'), 'node2 had no part in it');
    },
  ),

  labTest(
    'a unit of the service manager is started, restarted and moved; startstop and local_giveip run around it',
    async (context) => {
      const scene = await openScene(context, {
        start: false,
        pairbeatConf: quickMonitor,
        haresources: `node1 ${seedAddress}/24/eth0 systemd::web\n`,
        autoFailback: 'off',
      });
      const { lab, node1, node2, pair, probe } = scene;
      for (const host of lab.hosts) {
        // /var/log is the host's own; the fake stands first in the PATH of the agents.
        installFakeSystemctl(join(host.logDirectory, 'bin'), host.logDirectory, '/var/log');
        setUnit(host.logDirectory, 'web.service', {});
        await host.exec(['mount', '--bind', '/var/log/bin', '/usr/local/sbin']);
        host.writeFile('resource.d/startstop', hook('startstop'), 0o755);
        host.writeFile('rc.d/local_giveip', hook('giveip'), 0o755);
      }
      const active = (host: Host): boolean =>
        readFileSync(join(host.logDirectory, 'web.service.unit'), 'utf8').includes('ActiveState=active');
      await pair.startBoth();
      await eventually('the unit is active', () => active(node1), Boolean);
      await isTrusted(scene, node1);
      setUnit(node1.logDirectory, 'web.service', { ActiveState: 'failed', SubState: 'failed', Result: 'signal' });
      await eventually('it is started again', () => active(node1), Boolean);
      await pair.run(node1, 'hb_standby', '--wait');
      await probe.steady({ owner: 'node2' });
      expectTrue(active(node2) && !active(node1), 'it runs on node2 and nowhere else');
      expectEqual(await pair.stop(node1), 0, 'exit code');
      const words = () => actions(node1, 'hooks').map((line) => line.trim());
      await eventually('the last hook has run', words, (lines) => lines.length >= 5);
      expectEqual(
        words(),
        [
          'startstop pre-start',
          'startstop post-start 0',
          `giveip ip-request ${seedAddress}/24/eth0`,
          'startstop pre-stop',
          'startstop post-stop 0',
        ],
        'hooks in this order',
      );
    },
  ),
];
