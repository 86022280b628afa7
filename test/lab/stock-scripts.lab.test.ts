/** The resource scripts that come with Heartbeat and resource-agents, run through Pairbeat. Part of `npm run test:peers`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { type LabTest, labTest } from './runner.ts';
import { openScene } from './scene.ts';
import { seedAddress } from './seed.ts';

export const stockScriptTests: readonly LabTest[] = [
  labTest('stock scripts of the Heartbeat package start, answer and stop through Pairbeat', async (context) => {
    const stock = '/etc/ha.d/resource.d';
    if (!existsSync(join(stock, 'hto-mapfuncs')) || !existsSync('/usr/lib/ocf/resource.d/heartbeat/Filesystem'))
      return context.skip('the packages heartbeat and resource-agents are not installed');
    const words = [
      `IPaddr::${seedAddress}/24/eth0`,
      'Filesystem::tmpfs::/srv::tmpfs',
      `SendArp::${seedAddress}/eth0`,
      'portblock::tcp::8080::block',
      `IPsrcaddr::${seedAddress}`,
    ];
    const scene = await openScene(context, {
      start: false,
      pairbeatConf: 'monitor_interval 1\n',
      haresources: `node1 ${words.join(' ')}\n`,
      autoFailback: 'off',
    });
    const { lab, node1, node2, pair, probe } = scene;
    for (const host of lab.hosts) {
      for (const name of readdirSync(stock))
        host.writeFile(`resource.d/${name}`, readFileSync(join(stock, name), 'utf8'), 0o755);
      host.writeFile('shellfuncs', readFileSync('/etc/ha.d/shellfuncs', 'utf8'));
      // A container has no kernel modules, and often no modprobe; Filesystem looks for the command all the same.
      mkdirSync(join(host.logDirectory, 'bin'));
      writeFileSync(join(host.logDirectory, 'bin', 'modprobe'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
      await host.exec(['mount', '--bind', '/var/log/bin', '/usr/local/sbin']);
      await host.exec(['ip', 'route', 'add', 'default', 'via', '192.168.1.250', 'dev', 'eth0']);
    }
    await pair.startBoth();
    await probe.steady({ owner: 'node1' });
    const mounted = (host: Host): boolean => readFileSync(host.path('/proc/1/mounts'), 'utf8').includes(' /srv ');
    expectTrue(mounted(node1), 'the file system is mounted on node1');
    const statuses = await eventually(
      'every status was asked',
      async () => (await pair.status(node1))?.groups[0]?.monitoring?.resources ?? [],
      (resources) => resources.length === words.length && resources.every(({ status }) => status !== 'unasked'),
      20_000,
    );
    context.note(statuses.map(({ resource, status }) => `${resource.split('::')[0]} ${status}`).join(', '));
    await pair.run(node1, 'hb_standby', '--wait');
    await probe.steady({ owner: 'node2' });
    expectTrue(mounted(node2) && !mounted(node1), 'the file system has moved');
    expectEqual((await pair.status(node2))?.groups[0]?.lastFailure, undefined, 'failures');
  }),
];
