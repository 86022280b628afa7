/** The chaos lab in small: its observer sees what it must see, and a few seconds of faults leave the pair whole. */
import { groups, nodeNames } from '../chaos/configuration.ts';
import type { Episode, PlannedFault } from '../chaos/plan.ts';
import { spanOf } from '../chaos/report.ts';
import { playRound } from '../chaos/round.ts';
import { openWorld } from '../chaos/world.ts';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import { type LabTest, labTest } from './runner.ts';

/** What the short round plays: a daemon that stands still on a bad network, and a split that a fence device ends. */
const episodes: readonly Episode[] = [
  { faults: [fault('daemon stopped', 'node1', 0, 200), fault('relay reorders', 'node2', 100, 700)], calmMs: 100 },
  { faults: [fault('every link cut', 'node2', 0, 1200)], calmMs: 100 },
];

export const chaosTests: readonly LabTest[] = [
  labTest('chaos: the observer sees two holders of an address and of a lock, and who has none', async () => {
    const world = await openWorld({ protection: 'none', seed: 1 });
    try {
      const [{ address, service }] = groups as [(typeof groups)[number]];
      for (const name of nodeNames) world.supervisors.get(name)!.holdDaemon();
      const hosts = nodeNames.map((name) => world.lab.host(name));
      await eventually(
        'both machines are watched',
        () => world.watcher.holders(),
        () => hosts.every((host) => host.running),
      );
      for (const host of hosts) {
        await host.exec(['/etc/ha.d/resource.d/writer', service, 'stop']);
        await host.exec(['ip', 'address', 'add', `${address}/24`, 'dev', 'eth0']);
        await host.exec(['/etc/ha.d/resource.d/writer', service, 'start']);
      }
      const holders = await eventually(
        'both hold both',
        () => world.watcher.holders(),
        (held) => held[`address ${address}`]?.length === 2 && held[`service ${service}`]?.length === 2,
      );
      expectEqual(holders[`address ${groups[1]!.address}`], [], 'holders of the other address');
      hosts[0]!.crash();
      await eventually(
        'power that is off holds nothing',
        () => world.watcher.holders(),
        (held) => held[`service ${service}`]?.join() === 'node2',
      );
      const report = await world.watcher.report();
      const resources = report.overlaps.map((spell) => spell.resource).sort();
      expectEqual(resources, [`address ${address}`, `service ${service}`], 'what two nodes held at once');
      expectTrue(
        report.conflicts.some((one) => one.service === service),
        'the kernel refused one of them the lock',
        report,
      );
    } finally {
      await world.close();
    }
  }),

  labTest(
    'chaos: a few seconds of faults leave a pair that is whole, and nothing behind',
    async (context) => {
      const lines: string[] = [];
      const round = await playRound({
        protection: 'fence',
        seed: 4,
        changedCores: false,
        forMs: 60_000,
        episodes,
        tell: (line) => void lines.push(line),
      });
      expectEqual(round.violations, [], `violations, after ${lines.join('; ')}`);
      const faults = round.episodes.flatMap((episode) => episode.faults).length;
      const recovery = spanOf(round.episodes.map((episode) => episode.recovery.ms));
      context.note(`${faults} faults, recovery median ${recovery.medianMs} ms, longest ${recovery.maxMs} ms`);
      expectEqual(faults, 3, 'faults');
      expectTrue(round.protectedMs > 0, 'a node called the pair PROTECTED', round.protectionWords);
    },
    120_000,
  ),
];

function fault(kind: string, node: PlannedFault['node'], afterMs: number, forMs: number): PlannedFault {
  return { kind, node, afterMs, forMs, device: 'eth1', direction: 'in', service: 'one', amount: 0.3 };
}
