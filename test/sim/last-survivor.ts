/**
 * After everything has been mended, one node is lost for good, and the other is well: it must run everything (L1). Where
 * there are fence devices none of them works at first; once one does, nobody's help is needed (L6).
 */
import { isHandingOver } from '../../src/core/haresources/handover.ts';
import { letterOf } from '../../src/core/node-state.ts';
import { usPerMs } from '../../src/core/types.ts';
import { recoveryBoundUs } from './checkers/l1-recovers.ts';
import { Draw } from './world/draw.ts';
import type { Machine } from './world/machine.ts';
import type { World } from './world/world.ts';

const stepUs = 250_000;

export function loseOneForGood(world: World): void {
  const draw = new Draw(world.seed, 'the last survivor');
  if (world.violation !== undefined || !draw.chance(0.3)) return;
  const survivor = draw.pick(world.machines);
  const { fencing } = world.setup;
  // Who is about to give everything away is not asked to run it.
  if (isHandingOver(survivor.daemon!.engine.node)) return;
  world.count('one node lost for good');
  const { boots } = survivor;
  const devices = Array.from({ length: fencing?.devices ?? 0 }, (_, index) => `fence${index}`);
  for (const device of devices) world.fences.unreachable.add(device);
  survivor.other.crash();
  if (fencing !== undefined) {
    world.runUntil(world.nowUs + draw.between(1, 40) * world.longestDeadtimeMs * usPerMs);
    if (survivor.boots !== boots || survivor.daemon === undefined) return;
    const started = foreign(world, survivor);
    if (started.length > 0) world.violate('S8', `${survivor.name}: ${started.join(' ')} although no device works`);
    for (const device of devices) world.fences.unreachable.delete(device);
    world.count('fence device works again');
  }
  const untilUs = world.nowUs + recoveryBoundUs(world);
  while (world.violation === undefined) {
    world.runUntil(world.nowUs + stepUs);
    // Struck by what a device was told long ago.
    if (survivor.other.powered || survivor.boots !== boots || survivor.daemon === undefined) return;
    const missing = notRunning(world, survivor);
    if (missing.length === 0) return;
    if (world.nowUs > untilUs)
      world.violate(
        fencing === undefined ? 'L1' : 'L6',
        `${survivor.name}: alone, and does not run ${missing.join(' ')}`,
      );
  }
}

function notRunning(world: World, survivor: Machine): string[] {
  return world.files.groups
    .filter(({ resources }) => resources.some(({ written }) => world.truth.find(survivor.index, written) === undefined))
    .map(
      ({ key }) =>
        `${key} (${letterOf(survivor.daemon!.engine.node.groups.find((each) => each.configuration.key === key)!)})`,
    );
}

/** What it did not have while the other lived. */
function foreign(world: World, survivor: Machine): string[] {
  return survivor.daemon!.engine.node.groups.flatMap(({ configuration: { key }, evidence }) =>
    evidence?.kind === 'unprotected' && world.truth.ofGroup(survivor.index, key).length > 0 ? [key] : [],
  );
}
