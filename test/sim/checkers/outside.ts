/**
 * A node may count ping nodes as dead, and give its groups away for it, only when it was really cut off from them: not
 * because it slept itself, and not when nothing was wrong.
 */
import { usPerMs } from '../../../src/core/types.ts';
import type { World } from '../world/world.ts';
import { type Checker, isLog } from './checker.ts';

/** Answers under way, timers that are late, a process that is being started. */
const slackUs = 2_000_000;

export function createOutside(): Checker {
  const lastCutUs = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const look = (world: World): void => {
    // One that stands still asks nobody: what it had not heard before counts on when it runs again.
    for (const { index, frozen, thawedUs } of world.machines) {
      if (frozen || !world.network.reachesOutside(index)) lastCutUs[index] = world.nowUs;
      // Nobody may have looked while it stood still.
      lastCutUs[index] = Math.max(lastCutUs[index]!, thawedUs);
    }
  };
  return {
    effect(world, { machine }, effect) {
      look(world);
      const deadpingUs = world.setup.deadpingMs * usPerMs;
      const fineForUs = world.nowUs - lastCutUs[machine.index]!;
      if (isLog(effect, 'ping-node-dead') && fineForUs > deadpingUs + slackUs)
        world.violate('outside', `${machine.name}: a ping node is dead, which it could reach all the time`);
      if (!isLog(effect, 'ipfail-gives')) return;
      const { ours, theirs } = effect.message.fields;
      if (Number(ours) >= Number(theirs)) world.violate('outside', `${machine.name}: gives with ${ours} to ${theirs}`);
    },
    stepped: (world) => look(world),
  };
}
