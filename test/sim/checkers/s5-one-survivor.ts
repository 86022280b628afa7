/**
 * S5: when the two lose sight of each other, one strikes first. Both may only have no head start to give when something
 * changed in the last moment before the silence: otherwise both have read the same two reports, and must come to
 * opposite answers. That both are struck all the same (a slow device, a short delay) is counted, not objected to.
 */
import { stageOf } from '../../../src/core/node-state.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { World } from '../world/world.ts';
import { type Checker, isLog } from './checker.ts';
import { agree } from './contact.ts';

interface Claim {
  readonly atUs: number;
  readonly delayMs: number;
  /** Of both nodes, when they last agreed. */
  readonly letters: string;
  readonly agreedUs: number;
}

export function createOneSurvivor(): Checker {
  const claims: (Claim | undefined)[] = [undefined, undefined];
  let letters = '';
  /** Since when both have known the same, and until when. */
  let sameSinceUs = 0;
  let agreedUs = 0;
  return {
    stepped(world) {
      if (world.setup.fencing === undefined || !agree(world)) return;
      const now = lettersOf(world);
      if (now !== letters || world.nowUs - agreedUs > 2 * world.setup.keepaliveMs * usPerMs) sameSinceUs = world.nowUs;
      letters = now;
      agreedUs = world.nowUs;
    },
    effect(world, { machine, engine }, effect) {
      if (!isLog(effect, 'fencing-needed')) return;
      const claim = { atUs: world.nowUs, delayMs: Number(effect.message.fields['delayMs']), letters, agreedUs };
      claims[machine.index] = claim;
      const theirs = claims[1 - machine.index];
      const isOneSilence = theirs !== undefined && theirs.agreedUs === agreedUs && hasNotBooted(world, agreedUs);
      if (!isOneSilence || engine.node.options.fencing!.delayMs === 0) return;
      if (theirs.delayMs === 0 && claim.delayMs > 0) world.count('the other strikes first');
      // Everything that was said before has arrived and been read.
      const settledUs = 3 * world.longestDeadtimeMs * usPerMs + world.longestDelayUs;
      if (agreedUs - sameSinceUs < settledUs || stageOf(engine.node) !== 'member') return;
      if (claim.delayMs === 0 && theirs.delayMs === 0)
        world.violate('S5', `both nodes want to strike first (${letters})`);
      if (claim.delayMs > 0 && theirs.delayMs > 0) world.violate('S5', `both nodes wait for the other (${letters})`);
    },
  };
}

/** Since they last agreed: nobody lost what he had read. */
function hasNotBooted(world: World, sinceUs: number): boolean {
  return world.machines.every(
    ({ daemon }) => daemon !== undefined && daemon.bootedUs < sinceUs && daemon.waitingSinceUs < sinceUs,
  );
}

function lettersOf(world: World): string {
  return world.machines
    .map(({ daemon }) => daemon!.engine.node.groups.map((group) => String(group.snapshot.value)).join(' '))
    .join(' | ');
}
