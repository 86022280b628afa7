/** Two nodes become a cluster: together, one after the other, and again after a quick reboot. */
import { expectTrue } from '../../lab/expect.ts';
import type { Scenario } from '../scenario.ts';
import { patientDeadtimeMs, shortInitdeadMs } from '../setup.ts';

export const joiningScenarios: readonly Scenario[] = [
  {
    name: 'both nodes boot together',
    play: async (stage) => {
      await stage.startBoth();
      await stage.holding('local', 'local');
      await stage.rest();
    },
  },
  {
    name: 'node1 serves alone, then node2 joins',
    setup: { initdeadMs: shortInitdeadMs },
    play: async (stage) => {
      await stage.start(stage.node1);
      await stage.holding('all', 'down');
      await stage.rest();
      await stage.start(stage.node2);
      await stage.holding('local', 'local');
      await stage.rest();
    },
  },
  {
    name: 'node2 serves alone, then node1 joins',
    setup: { initdeadMs: shortInitdeadMs },
    play: async (stage) => {
      await stage.start(stage.node2);
      await stage.holding('down', 'all');
      await stage.rest();
      await stage.start(stage.node1);
      await stage.holding('local', 'local');
      await stage.rest();
    },
  },
  ...(['node1', 'node2'] as const).map(
    (name): Scenario => ({
      name: `${name} reboots within the deadtime and comes back with a grown generation`,
      setup: { deadtimeMs: patientDeadtimeMs },
      play: async (stage) => {
        const node = stage[name];
        await stage.startBoth();
        await stage.holding('local', 'local');
        await stage.rest();
        const before = node.generation();
        node.crash();
        await stage.start(node);
        await stage.holding('local', 'local');
        expectTrue(node.generation() > before, 'the generation has grown', before, node.generation());
        await stage.rest();
      },
    }),
  ),
];
