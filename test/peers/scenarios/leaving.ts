/** A node goes, politely or by a power cut, and comes back. */
import { expectEqual, expectTrue } from '../../lab/expect.ts';
import type { Scenario } from '../scenario.ts';

const names = ['node1', 'node2'] as const;

export const leavingScenarios: readonly Scenario[] = [
  ...names.map(
    (name): Scenario => ({
      name: `${name} stops gracefully and comes back, auto_failback on`,
      play: async (stage) => {
        await stage.startBoth();
        await stage.holding('local', 'local');
        await stage.rest();
        expectEqual(await stage[name].stop(), 0, 'exit code of the daemon');
        await (name === 'node1' ? stage.holding('down', 'all') : stage.holding('all', 'down'));
        await stage.rest();
        await stage.start(stage[name]);
        await stage.holding('local', 'local');
        await stage.rest();
      },
    }),
  ),
  ...names.map(
    (name): Scenario => ({
      name: `${name} loses its power and comes back, auto_failback on`,
      play: async (stage) => {
        await stage.startBoth();
        await stage.holding('local', 'local');
        await stage.rest();
        stage[name].crash();
        await (name === 'node1' ? stage.holding('down', 'all') : stage.holding('all', 'down'));
        await stage.rest();
        await stage.start(stage[name]);
        await stage.holding('local', 'local');
        await stage.rest();
      },
    }),
  ),
  {
    name: 'node1 loses its power and comes back, auto_failback off',
    setup: { autoFailback: 'off' },
    play: async (stage) => {
      await stage.startBoth();
      await stage.holding('local', 'local');
      await stage.rest();
      stage.node1.crash();
      await stage.holding('down', 'all');
      await stage.rest();
      await stage.start(stage.node1);
      await stage.holding('none', 'all');
      await stage.rest();
      await stage.holding('none', 'all');
    },
  },
  ...names.map(
    (name): Scenario => ({
      name: `${name} loses its power and comes back, auto_failback legacy`,
      setup: { autoFailback: 'legacy' },
      play: async (stage) => {
        await stage.startBoth();
        await stage.holding('local', 'local');
        await stage.rest();
        stage[name].crash();
        await (name === 'node1' ? stage.holding('down', 'all') : stage.holding('all', 'down'));
        await stage.rest();
        await stage.start(stage[name]);
        await stage.holding('local', 'local');
        await stage.rest();
        expectEqual(await stage[name].stop(), 0, 'exit code of the daemon');
        await (name === 'node1' ? stage.holding('down', 'all') : stage.holding('all', 'down'));
      },
    }),
  ),
  {
    name: 'a fifth of all packets is lost',
    eitherSide: true,
    setup: { autoFailback: 'off' },
    play: async (stage) => {
      await stage.lose(20);
      await stage.startBoth();
      await stage.holding('local', 'local');
      await stage.rest();
      await stage.node1.standby('local');
      await stage.holding('none', 'all');
      await stage.rest();
      await stage.node1.takeover('local');
      await stage.holding('local', 'local');
      await stage.rest();
      const owners = await stage.probe.owners(stage.lab.nowUs() - 1_000_000);
      expectTrue(owners.length === 1, 'one node answers', owners);
      await stage.lose(0);
    },
  },
];
