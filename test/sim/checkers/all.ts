/** Every checker, fresh for one run. */
import type { Checker } from './checker.ts';
import { createObservations } from './observations.ts';
import { createOutside } from './outside.ts';
import { createSingleOwner } from './s1-single-owner.ts';
import { createTrueEvidence } from './s2-true-evidence.ts';
import { createOneSurvivor } from './s5-one-survivor.ts';
import { createOnlyTheGone } from './s6-only-the-gone.ts';
import { createWaitsForAll } from './s7-waits-for-all.ts';
import { createStickyStop } from './s9-sticky-stop.ts';
import { createOrder } from './s10-order.ts';
import { createGenerations } from './s16-generations.ts';
import { createBounds } from './s18-bounds.ts';
import { createTruth } from './s20-truth.ts';
import { createHandsOff } from './s21-hands-off.ts';
import { createSecondOpinion } from './second-opinion.ts';
import { createSilenceIsTrue } from './silence-is-true.ts';
import { createSplitKeeper } from './split-keeper.ts';

export function allCheckers(): readonly Checker[] {
  return [
    createSingleOwner(),
    createTrueEvidence(),
    createSilenceIsTrue(),
    createOneSurvivor(),
    createOnlyTheGone(),
    createWaitsForAll(),
    createStickyStop(),
    createGenerations(),
    createHandsOff(),
    createSplitKeeper(),
    createOutside(),
    createSecondOpinion(),
    createOrder(),
    createBounds(),
    createTruth(),
    createObservations(),
  ];
}
