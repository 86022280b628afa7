/** One run: a pair, faults, then healing, and what the checkers said. */
import { stageOf } from '../../src/core/node-state.ts';
import type { Hashes } from '../../src/core/transport/mac.ts';
import { allCheckers } from './checkers/all.ts';
import { missing, recoveryBoundUs } from './checkers/l1-recovers.ts';
import { describeWorld } from './describe-world.ts';
import { digestOf } from './digest.ts';
import { DoubleRunning, type Overlap } from './double-running.ts';
import { Faults } from './faults/begin.ts';
import { cleanUp } from './faults/operator.ts';
import { loseOneForGood } from './last-survivor.ts';
import type { Matrix } from './matrix.ts';
import { createMoments, momentsAtTheEnd } from './moments.ts';
import { describePlan, type Plan } from './plan.ts';
import type { SometimesCounters } from './sometimes.ts';
import { drawPlan } from './swarm.ts';
import type { Machine } from './world/machine.ts';
import { type Violation, World } from './world/world.ts';

export interface Outcome {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly simulatedUs: number;
  /** The part of it in which faults struck. */
  readonly faultPhaseUs: number;
  readonly steps: number;
  readonly faults: number;
  readonly matrix: Matrix;
  readonly hash: number;
  /** Of the whole world, once each simulated minute and at the end. */
  readonly hashes: readonly string[];
  /** Every takeover from a silent node waits for a proof that it is off. */
  readonly isProtected: boolean;
  readonly doubleRunning: Overlap;
  readonly sometimes: SometimesCounters;
  /** What both nodes knew at the end; only after a violation. */
  readonly ending: readonly string[];
}

export interface RunOptions {
  readonly hashes?: Hashes;
  readonly onTrace?: (line: string) => void;
  readonly traceAll?: boolean;
}

export function runSeed(seed: number, options: RunOptions = {}): Outcome {
  return runPlan(drawPlan(seed), options);
}

export function runPlan(plan: Plan, options: RunOptions = {}): Outcome {
  for (const line of describePlan(plan)) options.onTrace?.(line);
  const { seed, setup } = plan;
  const checkers = allCheckers();
  const world = new World({ seed, setup, checkers, ...options });
  const faults = new Faults(world);
  world.addChecker(faults.observer);
  const doubleRunning = new DoubleRunning();
  world.addChecker(doubleRunning.observer);
  world.addChecker(createMoments());
  const hashes: string[] = [];
  hashEveryMinute(world, hashes);
  bootBoth(world, plan);
  faults.begin(plan);
  world.runUntil(plan.faultsForMs * 1000);
  recover(world, faults);
  hashes.push(digestOf(world));
  momentsAtTheEnd(world);
  const { violation, nowUs, steps, hash, sometimes, faultCounts } = world;
  return {
    seed,
    violation,
    simulatedUs: nowUs,
    faultPhaseUs: Math.min(nowUs, plan.faultsForMs * 1000),
    steps,
    faults: faultCounts.total,
    matrix: faultCounts.matrix,
    hash: hash >>> 0,
    hashes,
    isProtected: setup.fencing !== undefined,
    doubleRunning: doubleRunning.total(world),
    sometimes,
    ending: violation === undefined ? [] : describeWorld(world),
  };
}

function bootBoth(world: World, { boot }: Plan): void {
  const first = world.machines.find(({ name }) => name === boot.first)!;
  first.powerOn();
  world.plan(boot.secondMs * 1000, () => first.other.powerOn(), 0);
}

const minuteUs = 60_000_000;

function hashEveryMinute(world: World, hashes: string[]): void {
  world.plan(
    minuteUs,
    () => {
      hashes.push(digestOf(world));
      hashEveryMinute(world, hashes);
    },
    0,
  );
}

/** L1 twice: with failed groups left to the operator, and again after he has cleaned them up. */
function recover(world: World, faults: Faults): void {
  if (world.violation !== undefined) return;
  faults.heal();
  converge(world, true);
  for (const machine of world.machines) cleanUp(world, machine, undefined);
  converge(world, false);
  loseOneForGood(world);
}

/** A node that cannot leave because of a failed stop needs an operator. */
function isLeaving({ daemon }: Machine): boolean {
  return daemon !== undefined && stageOf(daemon.engine.node) === 'leaving';
}

const stepUs = 250_000;
/** Once recovered, it must stay so. */
const steadyUs = 1_500_000;

function converge(world: World, exceptFailed: boolean): void {
  const boundUs = world.nowUs + recoveryBoundUs(world);
  let steadySinceUs: number | undefined;
  while (world.violation === undefined) {
    world.runUntil(world.nowUs + stepUs);
    // A graceful stop that was under way is finished first; then somebody starts the node again.
    for (const machine of world.machines) {
      if (isLeaving(machine)) cleanUp(world, machine, undefined);
      machine.startDaemon();
      for (const { unmanaged, configuration } of machine.daemon?.engine.node.groups ?? [])
        if (unmanaged !== undefined) machine.daemon?.command({ verb: 'manage', group: configuration.key });
    }
    const problems = missing(world, exceptFailed);
    if (problems.length > 0) steadySinceUs = undefined;
    else steadySinceUs ??= world.nowUs;
    if (steadySinceUs !== undefined && world.nowUs - steadySinceUs >= steadyUs) return;
    if (world.nowUs > boundUs + steadyUs) world.violate('L1', problems.join('; '));
  }
}
