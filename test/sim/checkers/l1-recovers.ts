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
  for (const configuration of world.files.groups) {
    const { key, resources } = configuration;
    const known = world.machines.map(({ daemon }) =>
      daemon!.engine.node.groups.find((group) => group.configuration.key === key),
    );
    if (known.some((group) => group === undefined)) {
      problems.push(`${key}: not known on both nodes`);
      continue;
    }
    if (exceptFailed && known.some((group) => group!.leftOut.length > 0)) continue;
    if (exceptFailed && resources.some(({ written }) => isStuckElsewhere(world, key, written))) continue;
    const letters = world.machines.map((machine) =>
      letterOf(machine.daemon!.engine.node.groups.find((group) => group.configuration.key === key)!),
    );
    if (letters.some((letter) => letter === 's' || letter === 'p' || letter === 'u')) {
      problems.push(`${key}: still on its way (${letters.join(' ')})`);
      continue;
    }
    if (exceptFailed && (letters.includes('f') || letters.includes('x'))) continue;
    const running = [first, second].map(
      ({ index }) => resources.filter(({ written }) => world.truth.find(index, written) !== undefined).length,
    );
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
  problems.push(...leftovers(world, exceptFailed));
  return problems;
}

/** It was moved here from a group that could not be stopped. */
function isStuckElsewhere(world: World, key: string, written: string): boolean {
  return world.machines.some(({ daemon }) =>
    daemon!.engine.node.groups.some(
      (group) =>
        group.configuration.key !== key &&
        letterOf(group) === 'f' &&
        group.configuration.resources.some((resource) => resource.written === written),
    ),
  );
}

/** What no file names runs nowhere. */
function leftovers(world: World, exceptFailed: boolean): string[] {
  const named = world.files.groups.flatMap(({ resources }) => resources.map(({ written }) => written));
  return world.machines.flatMap(({ name, index, daemon }) =>
    [...world.truth.all(index)].flatMap(({ written, group }) => {
      const failed = daemon?.engine.node.groups.some(
        (each) => each.configuration.key === group && letterOf(each) === 'f',
      );
      return named.includes(written) || (exceptFailed && failed) ? [] : [`${written} still runs on ${name}`];
    }),
  );
}

function toldEachOther(world: World, key: string, owner: number): boolean {
  return world.machines.every((machine) => {
    const { node } = machine.daemon!.engine;
    const letter = statementOf(node, node.groups.find((group) => group.configuration.key === key)!)?.letter ?? '-';
    return machine.index === owner ? !isHeld(letter) : letter === 'r';
  });
}

/** An attempt whose answer is lost, the longest pause after it, and one round that works; then the fenced node boots. */
function fencingMs({ fencing }: Setup): number {
  if (fencing === undefined) return 0;
  const answerGraceMs = 5000;
  const longestPauseMs = 30_000;
  return (
    fencing.delayMs +
    (1 + fencing.devices) * (fencing.timeoutMs + answerGraceMs) +
    longestPauseMs +
    (10 * fencing.bootUs[1]) / usPerMs
  );
}

/** Within this time after the last fault: wait for the peer, let every operation run into its timeout once, ask again. */
export function recoveryBoundUs({ setup, files, longestDeadtimeMs }: World): number {
  const size = Math.max(...files.groups.map((group) => group.resources.length));
  const operationsMs =
    size * (setup.startTimeoutMs + setup.stopTimeoutMs) +
    setup.stopRetryMax * (setup.stopRetryDelayMs + setup.stopTimeoutMs);
  return (setup.initdeadMs + 5 * longestDeadtimeMs + 2 * operationsMs + fencingMs(setup) + 12_000) * usPerMs;
}
