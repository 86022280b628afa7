/**
 * Ping nodes, ipfail and dopd with a real Heartbeat on the other node, whose own ipfail and dopd run. The client answers
 * pings on eth0; keepalives run on eth1, so that a node can lose the one and keep the other.
 */
import { drbdCalls, installDrbd, outdateEndsWith } from '../lab/drbd.ts';
import { eventually, expectEqual } from '../lab/expect.ts';
import { program } from '../lab/pair.ts';
import { type LabTest, type LabTestContext, labTest } from '../lab/runner.ts';
import type { PeerNode } from './node.ts';
import { configurationOf, type Setup } from './setup.ts';
import { type Cast, Stage } from './stage.ts';

const libexec = '/usr/libexec/heartbeat';
const gateway = '192.168.1.200';

const setup: Setup = {
  medium: 'bcast',
  method: 'sha1',
  autoFailback: 'off',
  groups: 'two',
  deadtimeMs: 20_000,
  initdeadMs: 40_000,
};

const lines = [
  `ping ${gateway}`,
  'deadping 2',
  'apiauth ipfail uid=root',
  'apiauth dopd uid=root',
  `respawn root ${libexec}/ipfail`,
  `respawn root ${libexec}/dopd`,
];

async function open(context: LabTestContext, cast: Cast): Promise<Stage> {
  const stage = await Stage.open(context, cast, setup);
  const configuration = configurationOf(setup);
  for (const { host } of stage.nodes) {
    host.writeConfiguration({ ...configuration, haCf: `${configuration.haCf}${lines.join('\n')}\n` });
    // The package's systemd-tmpfiles snippet makes it at boot.
    await host.exec(['mkdir', '-p', '/run/heartbeat/dopd']);
    await installDrbd(host);
  }
  await stage.startBoth();
  await stage.holding('local', 'local');
  await stage.rest();
  return stage;
}

const casts: readonly Cast[] = [
  { node1: 'pairbeat', node2: 'real' },
  { node1: 'real', node2: 'pairbeat' },
];

export const pingPeerTests: readonly LabTest[] = casts.flatMap((cast) => [
  labTest(
    `ipfail: node1 ${cast.node1}, node2 ${cast.node2}: whoever loses the gateway gives everything to the other`,
    async (context) => {
      const stage = await open(context, cast);
      const { node1, node2 } = stage;
      for (const node of stage.nodes)
        await eventually(
          `${node.name} reaches the gateway`,
          () => node.nodeStatus(gateway),
          (word) => word === 'ping',
        );
      await moves(stage, node1, ['none', 'all']);
      await moves(stage, node2, ['all', 'none']);
      await stage.expectNothingTwice();
    },
    180_000,
  ),
  labTest(
    `dopd: node1 ${cast.node1}, node2 ${cast.node2}: each has the other's copy outdated`,
    async (context) => {
      const { node1, node2 } = await open(context, cast);
      for (const [asker, asked] of [
        [node1, node2],
        [node2, node1],
      ] as const) {
        for (const [ends, code] of [
          [0, 4],
          [17, 6],
          [5, 3],
          [1, 20],
        ] as const) {
          outdateEndsWith(asked.host, ends);
          // A real dopd crashes after every answer and is started again, with growing patience.
          await eventually(
            `${asker.kind} asks ${asked.kind}, whose drbdadm ends with ${ends}: ${code}`,
            () => outdaterOf(asker, asked.name),
            (found) => found === code,
            60_000,
          );
        }
        const calls = drbdCalls(asked.host);
        expectEqual(new Set(calls), new Set(['outdate data0']), `calls of drbdadm on ${asked.name}`);
      }
    },
    240_000,
  ),
]);

/** It loses the gateway, the groups go, it reaches it again, and nothing moves any more. */
async function moves(
  stage: Stage,
  loser: PeerNode,
  [one, two]: readonly ['none' | 'all', 'none' | 'all'],
): Promise<void> {
  await loser.host.cut({ device: 'eth0' });
  await stage.holding(one, two);
  await loser.host.heal({ device: 'eth0' });
  await eventually(
    `${loser.name} reaches it again`,
    () => loser.nodeStatus(gateway),
    (word) => word === 'ping',
  );
  await stage.rest();
  await stage.holding(one, two);
}

async function outdaterOf(asker: PeerNode, peer: string): Promise<number | null> {
  const tool = asker.kind === 'real' ? [`${libexec}/drbd-peer-outdater`] : program('drbd-peer-outdater');
  const { code } = await asker.host.exec([...tool, '-r', 'data0', '-p', peer, '-t', '10'], { timeoutMs: 20_000 });
  return code;
}
