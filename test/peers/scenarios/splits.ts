/**
 * The nodes stop hearing each other and hear each other again. While they do not, resources run twice: nobody here can
 * prove the other's end. What counts is who gives way, and that it ends.
 */
import { eventually, expectEqual, expectTrue } from '../../lab/expect.ts';
import type { PeerNode } from '../node.ts';
import type { Scenario } from '../scenario.ts';
import { serviceSpells } from '../services.ts';
import { groupOf } from '../setup.ts';
import type { NodeName, Stage } from '../stage.ts';

const names = ['node1', 'node2'] as const;

export const splitScenarios: readonly Scenario[] = [
  {
    name: 'the pair is split, both declare death, the cable heals',
    splits: true,
    play: async (stage) => {
      await stage.startBoth();
      await stage.holding('local', 'local');
      await stage.rest();
      const before = stage.nodes.map((node) => node.generation());
      await stage.cut(stage.node1, 'both');
      await stage.holding('all', 'all');
      await stage.rest();
      const { doubleOwnerMs, doubleServices } = await stage.verdict();
      const seen = [...Object.values(doubleOwnerMs), doubleServices.length].every((amount) => amount > 0);
      expectTrue(seen, 'the outside observer and the notes of the services see what runs twice', doubleOwnerMs);
      const healedUs = await stage.heal(stage.node1);
      for (const node of stage.nodesOf('real')) {
        const old = before[stage.nodes.indexOf(node)]!;
        await eventually(
          `${node.name}, a real node, restarts itself`,
          () => node.generation(),
          (now) => now > old,
          30_000,
        );
      }
      await stage.holding('local', 'local');
      await stage.rest();
      for (const node of stage.nodesOf('pairbeat')) await expectUninterrupted(stage, node);
      await expectOneOwnerIn(stage, healedUs);
    },
  },
  ...names.map(
    (name): Scenario => ({
      name: `${name} alone goes deaf and declares death, then hears again`,
      splits: true,
      play: async (stage) => {
        const deaf = stage[name];
        const hearing = stage.other(deaf);
        await stage.startBoth();
        await stage.holding('local', 'local');
        await stage.rest();
        const before = deaf.generation();
        await stage.cut(deaf, 'in');
        await eventually(
          `${name} has taken everything`,
          () => deaf.view(),
          (view) => view === 'all',
          30_000,
        );
        await stage.rest();
        const healedUs = await stage.heal(deaf);
        // Pairbeat hears that it was taken for dead, stops before the other starts, and returns as a new incarnation: the
        // real node has no partition to complain about. Beside another real node it restarts.
        if (deaf.kind === 'real' && hearing.kind === 'pairbeat') await stage.expectNothingTwice();
        else if (deaf.kind === 'real') {
          await eventually(
            `${name} restarts itself`,
            () => deaf.generation(),
            (now) => now > before,
            30_000,
          );
        }
        // Two real nodes may end with everything on one of them: failback is forgotten when the other restarts meanwhile.
        if (deaf.kind === 'real' && hearing.kind === 'real') await stage.eachOnce();
        else await stage.holding('local', 'local');
        await stage.rest();
        if (deaf.kind === 'pairbeat') {
          expectEqual(await deaf.exitCode(), undefined, `${name}, Pairbeat, is still the same process`);
        }
        // A real node that hears goes on with what it holds: the deaf one was wrong, and it is the one that must yield.
        if (hearing.kind === 'real' && deaf.kind === 'pairbeat') await expectUninterrupted(stage, hearing);
        await expectOneOwnerIn(stage, healedUs);
      },
    }),
  ),
];

/** The node's own service has run since it was started for the first time, in the same process. */
async function expectUninterrupted(stage: Stage, node: PeerNode): Promise<void> {
  expectEqual(await node.exitCode(), undefined, `${node.name} (${node.kind}) is still the same process`);
  const { service } = groupOf[node.name as NodeName];
  const spells = serviceSpells(node.host, node.powerCutsUs, stage.lab.nowUs()).filter((one) => one.service === service);
  expectEqual(spells.length, 1, `times that ${service} was started on ${node.name} (${node.kind})`);
}

/** After the healing two owners end soon: a real node polls every 250 ms and waits two seconds before it restarts. */
async function expectOneOwnerIn(stage: Stage, healedUs: number): Promise<void> {
  const endUs = stage.lab.nowUs();
  const { doubleOwnerMs } = await stage.verdict(healedUs + 8_000_000, endUs);
  for (const [address, ms] of Object.entries(doubleOwnerMs)) {
    expectTrue(ms <= 2, `one owner of ${address} from eight seconds after the healing`, ms);
  }
}
