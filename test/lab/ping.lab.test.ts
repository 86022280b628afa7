/** Ping nodes and ipfail on a real network: a host outside the cluster answers pings, the nodes lose their way to it. */
import { eventually, expectAtMost, expectEqual, expectTrue } from './expect.ts';
import { sleep } from './machine.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms, openScene, type SceneOptions } from './scene.ts';

/** The client of the lab answers pings; the ping nodes of the seed are outside of every lab. */
const gateway = '192.168.1.200';
const deadpingMs = 500;
const keepaliveMs = 100;

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
    const { lab, pair, node1, probe, doubleOwnerMs } = await openScene(context, withIpfail);
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
];
