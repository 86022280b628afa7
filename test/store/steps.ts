/**
 * One commit, and the power goes or the process dies at each single step that a node's disk takes for it, one after the other; then
 * everything runs again, and the checker looks. Nothing is left to chance but what a power cut leaves.
 */
import { commitOn, mend, type RoundResult, startBoth } from './round.ts';
import { World } from './world.ts';

export interface StepPlan {
  readonly seed: number;
  /** The node on which it is asked for, the one that is cut, and the one that coordinates: 0 or 1. */
  readonly asked: number;
  readonly cut: number;
  readonly leader: number;
  /** Counted from the commit; each step has a moment before it and one in its middle. */
  readonly steps: number;
  readonly how: (typeof hows)[number];
}

export interface StepResult extends RoundResult {
  /** Whether the step was reached. */
  readonly wasCut: boolean;
}

const secondUs = 1_000_000;

export function cutAtStep({ seed, asked, cut, leader, steps, how }: StepPlan): StepResult {
  const world = new World(seed);
  world.leader = leader;
  startBoth(world);
  world.runUntil(3 * secondUs);
  commitOn(world, world.nodes[leader]!, 'token-first', world.draw);
  world.runUntil(6 * secondUs);
  const victim = world.nodes[cut]!;
  victim.cut = { steps, how: how === 'power' ? 'power' : 'kill' };
  commitOn(world, world.nodes[asked]!, 'token-second', world.draw);
  for (let at = 0; at < 100 && victim.cut !== undefined; at++) world.runUntil(world.nowUs + 10_000);
  const wasCut = victim.cut === undefined;
  // The first steps of a start are those in which it makes sure, then those of a repair.
  victim.cut =
    wasCut && how === 'kill, then power at the next start' ? { steps: 1 + (seed % 4), how: 'power' } : undefined;
  world.runUntil(world.nowUs + 6 * secondUs);
  victim.cut = undefined;
  if (wasCut && how === 'kill, then power') {
    victim.losePower();
    victim.powerOn();
    world.runUntil(world.nowUs + 6 * secondUs);
  }
  mend(world);
  world.runUntil(world.nowUs + 100 * secondUs);
  if (world.checker.objections.length === 0) world.checker.ended();
  return { seed, objections: world.checker.objections, counts: world.counts, wasCut };
}

export const hows = ['power', 'kill', 'kill, then power', 'kill, then power at the next start'] as const;

/** Every step of both nodes, both ways to ask, each with so many ways of what a power cut leaves. `true` from the caller ends it. */
export function everyStep(seeds: number, onResult: (result: StepResult, plan: StepPlan) => boolean): void {
  for (const [asked, cut] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    for (const how of hows) {
      for (let steps = 1, isReached = true; isReached; steps++) {
        isReached = false;
        for (let seed = 1; seed <= seeds; seed++) {
          const plan = { seed, asked, cut, leader: 0, steps, how };
          const result = cutAtStep(plan);
          if (onResult(result, plan)) return;
          isReached ||= result.wasCut;
        }
      }
    }
  }
}
