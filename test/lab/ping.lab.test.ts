/** Ping nodes and ipfail on a real network: a host outside the cluster answers pings, the nodes lose their way to it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drbdCalls, installDrbd } from './drbd.ts';
import { eventually, expectAtMost, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { sleep } from './machine.ts';
import { Pair } from './pair.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms, openScene, quickTimers, type SceneOptions } from './scene.ts';

/** The client of the lab answers pings; the ping nodes of the seed are outside of every lab. */
const gateway = '192.168.1.200';
const deadpingMs = 500;
const keepaliveMs = 100;

/** From the built test to the example configuration of the package. */
const ownDrbddisk = join(import.meta.dirname, '../../../ha.d/resource.d/drbddisk');

const withIpfail: SceneOptions = {
  links: ['bcast eth0', 'bcast eth1'],
  extra: [`deadping ${deadpingMs}ms`, `ping ${gateway}`, 'respawn root /usr/lib/heartbeat/ipfail'],
  keepaliveMs,
};

export const pingTests: readonly LabTest[] = [
  labTest(
    'ipfail: the owner loses the service network, the resources move, and go home when it is back',
    async (context) => {
      const { pair, node1, node2, probe, doubleOwnerMs } = await openScene(context, withIpfail);
      await eventually(
        'both nodes reach the gateway',
        () => pair.status(node1),
        (status) => status?.nodes.every((node) => node.livePingNodes === 1) === true,
      );
      const cutUs = await node1.cut({ device: 'eth0' });
      await probe.steady({ owner: 'node2' });
      const outage = await probe.outage(cutUs);
      // The last answer came up to a keepalive before the cut; two keepalives of patience, then the handover itself.
      context.note(`moved after ${ms(outage.ms)} (deadping ${deadpingMs} ms, keepalive ${keepaliveMs} ms)`);
      expectTrue(
        outage.ms >= deadpingMs - keepaliveMs + 2 * keepaliveMs,
        'not before deadping and two keepalives',
        outage,
      );
      await eventually('the web server follows', () => pair.httpdRuns(node2) && !pair.httpdRuns(node1), Boolean);
      const report = await pair.status(node1);
      expectEqual(report?.pingNodes?.find((node) => node.name === gateway)?.status, 'dead', 'the gateway, by node1');
      expectEqual((await pair.run(node1, 'cl_status', 'nodestatus', gateway)).stdout, 'dead\n', 'cl_status nodestatus');

      const healedUs = await node1.heal({ device: 'eth0' });
      await probe.steady({ owner: 'node1' });
      const back = await probe.move(healedUs);
      context.note(`home ${ms((back!.toUs - healedUs) / 1000)} after the cable was back, gap ${ms(back!.ms)}`);
      expectAtMost(back!.ms, 100, 'outage of the way home');
      expectTrue(
        back!.toUs - healedUs >= deadpingMs * 1000,
        'home only after the view has been good for deadping',
        back,
      );
      expectEqual(await doubleOwnerMs(), 0, 'two owners');
    },
  ),

  labTest('ipfail: both nodes lose the gateway: nothing moves', async (context) => {
    const scene = await openScene(context, { ...withIpfail, start: false });
    const { lab, pair, node1, node2, probe, doubleOwnerMs } = scene;
    // node2 may use ping sockets, node1 must do with a raw one.
    await node2.exec(['sysctl', '-qw', 'net.ipv4.ping_group_range=0 0']);
    await pair.startBoth();
    await probe.steady({ owner: 'node1' });
    await eventually(
      'both nodes reach the gateway',
      () => pair.status(node1),
      (status) => status?.nodes.every((node) => node.livePingNodes === 1) === true,
    );
    expectEqual(await socketsOf(node1), { ping: 0, raw: 1 }, 'sockets for pings on node1');
    expectEqual(await socketsOf(node2), { ping: 1, raw: 0 }, 'sockets for pings on node2');
    const atUs = lab.nowUs();
    // The gateway is deaf and dumb for pings, the network is well.
    await lab.client.exec(['sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=1']);
    await eventually(
      'node1 sees that both reach nobody',
      () => pair.status(node1),
      (status) => status?.nodes.every((node) => node.livePingNodes === 0) === true,
    );
    await sleep(1000);
    expectEqual(
      (await probe.owners(atUs)).map((spell) => spell.owner),
      ['node1'],
      'owners since',
    );
    expectEqual(
      pair.httpdActions(node1).map((action) => action.action),
      ['start'],
      'what the web server was asked',
    );
    expectEqual(await doubleOwnerMs(), 0, 'two owners');
  }),

  labTest('dopd and drbddisk: the node that goes on alone has the other copy outdated', async (context) => {
    const lab = await context.lab();
    const pair = new Pair(lab, {
      ...quickTimers,
      extra: ['respawn root /usr/lib/heartbeat/dopd'],
      haresources: 'node1 drbddisk::data0 192.168.1.100/24/eth0\n',
    });
    const [node1, node2] = [lab.host('node1'), lab.host('node2')];
    for (const host of lab.hosts) {
      await installDrbd(host);
      host.writeFile('resource.d/drbddisk', readFileSync(ownDrbddisk, 'utf8'), 0o755);
    }
    await pair.startBoth();
    const outdater = (host: Host, peer: string, resource: string) =>
      pair.run(host, 'drbd-peer-outdater', '-r', resource, '-p', peer, '-t', '5').then(({ code }) => code);
    expectEqual(drbdCalls(node1), ['primary data0'], 'node1 owns the group: drbdadm there');
    expectEqual(await outdater(node1, 'node2', 'data0'), 4, 'node2 is secondary: outdated');
    expectEqual(drbdCalls(node2), ['outdate data0'], 'drbdadm on node2');
    expectEqual(await outdater(node2, 'node1', 'data0'), 6, 'node1 is primary: it stays as it is');
    expectEqual(await outdater(node1, 'node2', 'data0;reboot'), 20, 'a name that cannot be one');
    expectEqual(await outdater(node1, 'nobody', 'data0'), 5, 'a node that is not of this pair');

    expectEqual((await pair.run(node1, 'hb_standby', '--wait')).code, 0, 'hb_standby');
    expectEqual(drbdCalls(node1).at(-1), 'secondary data0', 'node1 gives the group away');
    expectEqual(drbdCalls(node2).at(-1), 'primary data0', 'node2 takes it');
    node1.crash();
    expectEqual(await outdater(node2, 'node1', 'data0'), 5, 'node1 is off');
  }),
];

/** ICMP sockets of a host, as its kernel lists them. */
async function socketsOf(host: Host): Promise<{ readonly ping: number; readonly raw: number }> {
  const count = async (file: string): Promise<number> => {
    const { stdout } = await host.exec(['cat', file]);
    return stdout.trim().split('\n').length - 1;
  };
  return { ping: await count('/proc/net/icmp'), raw: await count('/proc/net/raw') };
}
