/** `hb_standby` and `hb_takeover` with every scope, asked for on one node while both serve. */

import type { Scope } from '../node.ts';
import type { Scenario } from '../scenario.ts';
import type { Holding, NodeName, Stage } from '../stage.ts';

interface Step {
  readonly request: 'standby' | 'takeover';
  readonly scope: Scope;
  /** Holdings afterwards of the node that was asked and of the other. */
  readonly asked: Holding;
  readonly other: Holding;
}

/** Begins and ends with each node holding its own group. */
const everyRequest: readonly Step[] = [
  { request: 'standby', scope: 'local', asked: 'none', other: 'all' },
  { request: 'takeover', scope: 'local', asked: 'local', other: 'local' },
  { request: 'standby', scope: 'all', asked: 'none', other: 'all' },
  { request: 'takeover', scope: 'all', asked: 'all', other: 'none' },
  { request: 'standby', scope: 'foreign', asked: 'local', other: 'local' },
  { request: 'takeover', scope: 'foreign', asked: 'all', other: 'none' },
  { request: 'standby', scope: 'foreign', asked: 'local', other: 'local' },
];

async function ask(stage: Stage, name: NodeName, step: Step): Promise<void> {
  const node = stage[name];
  await stage.rest();
  await (step.request === 'standby' ? node.standby(step.scope) : node.takeover(step.scope));
  const { asked, other } = step;
  await (name === 'node1' ? stage.holding(asked, other) : stage.holding(other, asked));
}

export const requestScenarios: readonly Scenario[] = [
  ...(['node1', 'node2'] as const).map(
    (name): Scenario => ({
      name: `standby and takeover of every scope, asked for on ${name}`,
      // Failback by itself would undo the requests.
      setup: { autoFailback: 'off' },
      play: async (stage) => {
        await stage.startBoth();
        await stage.holding('local', 'local');
        for (const step of everyRequest) await ask(stage, name, step);
        await stage.rest();
      },
    }),
  ),
  {
    name: 'one group: standby and takeover on its owner, then takeover on the other node',
    setup: { groups: 'one', autoFailback: 'off' },
    play: async (stage) => {
      await stage.startBoth();
      await stage.holding('local', 'local');
      await ask(stage, 'node1', { request: 'standby', scope: 'all', asked: 'none', other: 'all' });
      await ask(stage, 'node1', { request: 'takeover', scope: 'local', asked: 'local', other: 'local' });
      await ask(stage, 'node2', { request: 'takeover', scope: 'all', asked: 'all', other: 'none' });
      await ask(stage, 'node2', { request: 'standby', scope: 'foreign', asked: 'local', other: 'local' });
      await stage.rest();
    },
  },
];
