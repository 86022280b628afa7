/**
 * A service does not stop on the Pairbeat node. It may still run, so nobody else may start it: Pairbeat keeps beating,
 * says neither `done` nor `shutdone`, and does not exit. (A real node reboots its machine in that case.)
 */
import { eventually, expectEqual } from '../../lab/expect.ts';
import { sleep } from '../../lab/machine.ts';
import type { PeerNode } from '../node.ts';
import type { Scenario } from '../scenario.ts';
import { failStop, serviceActions } from '../services.ts';
import { groupOf, shortDeadtimeMs } from '../setup.ts';
import type { NodeName, Stage } from '../stage.ts';

export const failedStopScenarios: readonly Scenario[] = [
  {
    name: 'a stop fails on the Pairbeat node while it is asked for standby',
    mixedOnly: true,
    setup: { autoFailback: 'off' },
    play: async (stage) => {
      const { pairbeat, real } = await serving(stage);
      await pairbeat.standby('local');
      await expectStillHeld(pairbeat, real);
      expectEqual(
        stage.wire.said(pairbeat.name).filter((text) => text.includes('info=done')),
        [],
        '`done` was said',
      );
    },
  },
  {
    name: 'a stop fails on the Pairbeat node while the real one asks for a takeover',
    mixedOnly: true,
    setup: { autoFailback: 'off' },
    play: async (stage) => {
      const { pairbeat, real } = await serving(stage);
      await real.takeover('foreign');
      await expectStillHeld(pairbeat, real);
      expectEqual(
        stage.wire.said(pairbeat.name).filter((text) => text.includes('info=done')),
        [],
        '`done` was said',
      );
    },
  },
  {
    name: 'a stop fails on the Pairbeat node while it stops gracefully',
    mixedOnly: true,
    play: async (stage) => {
      const { pairbeat, real } = await serving(stage);
      pairbeat.askToStop();
      await expectStillHeld(pairbeat, real);
      expectEqual(await pairbeat.exitCode(), undefined, 'exit code of the daemon that must not end');
      expectEqual(
        stage.wire.said(pairbeat.name).filter((text) => text.includes('shutdone')),
        [],
        '`shutdone` was said',
      );
    },
  },
];

async function serving(stage: Stage): Promise<{ pairbeat: PeerNode; real: PeerNode }> {
  const pairbeat = stage.nodesOf('pairbeat')[0]!;
  await stage.startBoth();
  await stage.holding('local', 'local');
  await stage.rest();
  failStop(pairbeat.host, groupOf[pairbeat.name as NodeName].service, true);
  return { pairbeat, real: stage.other(pairbeat) };
}

/** For a while that is long beside the deadtime: the real node has heard us all the time and started nothing. */
async function expectStillHeld(pairbeat: PeerNode, real: PeerNode): Promise<void> {
  const { service, address } = groupOf[pairbeat.name as NodeName];
  const attempts = () => serviceActions(pairbeat.host).filter(({ action }) => action === 'stop-failed').length;
  await eventually(`${service} was told to stop`, attempts, (count) => count > 0, 30_000);
  await sleep(5 * shortDeadtimeMs);
  expectEqual(
    serviceActions(real.host).filter((one) => one.service === service),
    [],
    `${service} on the real node`,
  );
  expectEqual(await real.hasAddress(address), false, `${address} is on the real node`);
  expectEqual(await real.nodeStatus(pairbeat.name), 'active', 'the Pairbeat node, by the real one');
}
