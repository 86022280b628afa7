/** The diagrams in docs/diagrams are drawn from the machines; a machine that changed without its diagram fails here. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fenceRequestMachine } from '../../src/core/fencing/request-machine.ts';
import { groupMachine } from '../../src/core/haresources/group-machine.ts';
import { handoverMachine } from '../../src/core/haresources/handover-machine.ts';
import { lifeMachine } from '../../src/core/life-machine.ts';
import { diagramOf } from './diagrams.ts';

const folder = join(import.meta.dirname, '../../docs/diagrams');

it.each([
  ['node', 'The life of a node', lifeMachine],
  ['group', 'The life of a group on one node', groupMachine],
  ['handover', 'Handing groups over', handoverMachine],
  ['fencing', 'Fencing a peer that is gone', fenceRequestMachine],
] as const)('docs/diagrams/%s.md shows the machine as it is', (name, title, machine) => {
  const path = join(folder, `${name}.md`);
  const drawn = diagramOf(machine, title);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, drawn);
  expect(readFileSync(path, 'utf8')).toBe(drawn);
  // Every state of the machine is in the picture, and so is a transition out of it.
  for (const state of Object.keys(machine.states)) expect(drawn).toContain(`${state} -->`);
});
