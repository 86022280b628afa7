/** One run: a pair drawn from the seed, faults, then healing, and what the checkers said. */
import { stageOf } from '../../src/core/node-state.ts';
import type { Hashes } from '../../src/core/transport/mac.ts';
import { allCheckers } from './checkers/all.ts';
import { missing, recoveryBoundUs } from './checkers/l1-recovers.ts';
import { describeWorld } from './describe-world.ts';
import { beginFaults, cleanUp, type Faults } from './faults.ts';
import { beginMonitorFaults, drawMonitoring, withMonitoring } from './monitor-faults.ts';
import type { SometimesCounters } from './sometimes.ts';
import { drawSwarm, type Swarm } from './swarm.ts';
import type { Machine } from './world/machine.ts';
import { type Violation, World } from './world/world.ts';
import { beginWorldFaults, drawWorldFaults } from './world-faults.ts';

export interface Outcome {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly simulatedUs: number;
  readonly steps: number;
  readonly faults: number;
  readonly hash: number;
  readonly sometimes: SometimesCounters;
  /** What both nodes knew at the end; only after a violation. */
  readonly ending: readonly string[];
}

export interface RunOptions {
  readonly hashes?: Hashes;
  readonly onTrace?: (line: string) => void;
  readonly traceAll?: boolean;
  /** `false`: as runs were before there was monitoring, for seeds that found something then. */
  readonly monitoring?: boolean;
}

export function runSeed(seed: number, options: RunOptions = {}): Outcome {
  const monitoring = options.monitoring === false ? undefined : drawMonitoring(seed);
  const drawn = drawSwarm(seed);
  const swarm = { ...drawn, setup: withMonitoring(drawn.setup, monitoring) };
  const world = new World({ seed, setup: swarm.setup, checkers: allCheckers(), ...options });
  options.onTrace?.(describe(seed, swarm));
  bootBoth(world, swarm);
  const faults = beginFaults(world, swarm);
  const endMonitorFaults = monitoring === undefined ? undefined : beginMonitorFaults(world, monitoring);
  const endWorldFaults = options.monitoring === false ? undefined : beginWorldFaults(world, drawWorldFaults(seed));
  world.runUntil(swarm.faultPhaseMs * 1000);
  endWorldFaults?.();
  endMonitorFaults?.();
  recover(world, faults);
  const { violation, nowUs, steps, hash, sometimes } = world;
  return {
    seed,
    violation,
    simulatedUs: nowUs,
    steps,
    faults: world.faults,
    hash: hash >>> 0,
    sometimes,
    ending: violation === undefined ? [] : describeWorld(world),
  };
}

function bootBoth(world: World, swarm: Swarm): void {
  const [first, second] = world.faultDraw.shuffled(world.machines);
  first!.powerOn();
  world.plan(swarm.secondBootMs * 1000, () => second!.powerOn());
}

/** L1 twice: with failed groups left to the operator, and again after he has cleaned them up. */
function recover(world: World, faults: Faults): void {
  if (world.violation !== undefined) return;
  faults.heal();
  converge(world, true);
  for (const machine of world.machines) cleanUp(world, machine, undefined);
  converge(world, false);
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

function describe(seed: number, { setup, classes, faultPhaseMs }: Swarm): string {
  const groups = setup.groups
    .map((group) => `${group.key}@${group.owner}(${group.resources.map((resource) => resource.type[0]).join('')})`)
    .join(' ');
  return (
    `seed ${seed}: keepalive ${setup.keepaliveMs} ms, deadtime ${setup.deadtimeMs} ms, initdead ${setup.initdeadMs} ms, ${setup.links.length} links, ` +
    `failback ${setup.autoFailback}, ${groups}; faults for ${faultPhaseMs} ms: ${[...classes].join(' ')}`
  );
}
