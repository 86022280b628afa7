/**
 * L1 and L2: once nothing fails any more, both nodes agree and every group runs on exactly one of them, wholly, with
 * nothing left in between. Groups that an operator must look at first are named apart.
 */

import { statementOf } from '../../../src/core/haresources/facts.ts';
import { isHandingOver } from '../../../src/core/haresources/handover.ts';
import { isHeld } from '../../../src/core/haresources/letters.ts';
import { letterOf } from '../../../src/core/node-state.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { Setup } from '../world/setup.ts';
import type { World } from '../world/world.ts';
import { agree } from './contact.ts';

/** What is still missing; empty when all is well. `exceptFailed`: failed groups wait for an operator. */
export function missing(world: World, exceptFailed: boolean): string[] {
  if (!agree(world)) return ['the nodes do not agree that both are members'];
  const problems: string[] = [];
  const [first, second] = world.machines;
  for (const { name, daemon } of world.machines)
    if (isHandingOver(daemon!.engine.node)) problems.push(`${name} is still handing over`);
  for (const configuration of world.setup.groups) {
    const { key, resources } = configuration;
    const letters = world.machines.map((machine) =>
      letterOf(machine.daemon!.engine.node.groups.find((group) => group.configuration.key === key)!),
    );
    if (letters.some((letter) => letter === 's' || letter === 'p' || letter === 'u')) {
      problems.push(`${key}: still on its way (${letters.join(' ')})`);
      continue;
    }
    if (exceptFailed && (letters.includes('f') || letters.includes('x'))) continue;
    const running = [first, second].map((machine) => world.truth.ofGroup(machine.index, key).length);
    const owner =
      running[0] === resources.length && running[1] === 0
        ? 0
        : running[1] === resources.length && running[0] === 0
          ? 1
          : -1;
    if (owner < 0)
      problems.push(
        `${key}: ${running[0]} and ${running[1]} of ${resources.length} resources run (${letters.join(' ')})`,
      );
    else if (letters[owner] !== 'r' || isHeld(letters[1 - owner]!))
      problems.push(`${key}: the nodes say ${letters.join(' ')}`);
    else if (!toldEachOther(world, key, owner)) problems.push(`${key}: the nodes have not told each other`);
  }
  return problems;
}

function toldEachOther(world: World, key: string, owner: number): boolean {
  return world.machines.every((machine) => {
    const { node } = machine.daemon!.engine;
    const letter = statementOf(node, node.groups.find((group) => group.configuration.key === key)!)?.letter ?? '-';
    return machine.index === owner ? !isHeld(letter) : letter === 'r';
  });
}

/** Within this time after the last fault: wait for the peer, let every operation run into its timeout once, ask again. */
export function recoveryBoundUs(setup: Setup): number {
  const size = Math.max(...setup.groups.map((group) => group.resources.length));
  const operationsMs =
    size * (setup.startTimeoutMs + setup.stopTimeoutMs) +
    setup.stopRetryMax * (setup.stopRetryDelayMs + setup.stopTimeoutMs);
  return (setup.initdeadMs + 5 * setup.deadtimeMs + 2 * operationsMs + 12_000) * usPerMs;
}
