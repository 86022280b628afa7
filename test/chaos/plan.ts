/**
 * The schedule of a round, drawn from a seed: episodes of one to three faults that overlap, and a calm after each in
 * which the pair must recover. Swarm style: a round leaves out about a third of the kinds that it could have, so that
 * what one of them hides another round shows. Plain data; the same seed and the same kinds give the same plan.
 */
import { createRandom, nextUint32, type RandomState, randomBetween } from '../../src/core/random.ts';
import { type ChaosNode, nodeNames } from './configuration.ts';

/** What a plan needs to know of a kind of fault. */
export interface PlannedKind {
  readonly name: string;
  /** How often it is drawn, relative to the others. */
  readonly weight: number;
  readonly durationMs: readonly [shortest: number, longest: number];
}

export interface PlannedFault {
  readonly kind: string;
  /** After the beginning of the episode. */
  readonly afterMs: number;
  readonly forMs: number;
  readonly node: ChaosNode;
  readonly device: 'eth0' | 'eth1';
  readonly direction: 'in' | 'out';
  readonly service: 'one' | 'two';
  /** How bad, from 0 to 1: what that means is the kind's own matter. */
  readonly amount: number;
}

export interface Episode {
  readonly faults: readonly PlannedFault[];
  /** The pair is left alone so long after it has recovered. */
  readonly calmMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly kinds: readonly string[];
  readonly episode: (index: number) => Episode;
}

export function createPlan(seed: number, available: readonly PlannedKind[]): Plan {
  const chosen = chooseKinds(createRandom(seed), available);
  return {
    seed,
    kinds: chosen.map((kind) => kind.name),
    // Each episode draws for itself, so that the number of episodes that fit into a round changes none of them.
    episode: (index) => drawEpisode(createRandom(seed * 1_000_003 + index * 7919 + 1), chosen),
  };
}

function chooseKinds(random: RandomState, available: readonly PlannedKind[]): PlannedKind[] {
  const chosen = available.filter(() => randomBetween(random, 1, 100) <= 65);
  return chosen.length > 0 ? chosen : [...available];
}

function drawEpisode(random: RandomState, kinds: readonly PlannedKind[]): Episode {
  const count = 1 + Math.floor(3 * fraction(random) ** 1.5);
  const faults = Array.from({ length: count }, () => drawFault(random, drawKind(random, kinds)));
  const [first] = [...faults].sort((left, right) => left.afterMs - right.afterMs);
  const moved = faults.map((fault) => ({ ...fault, afterMs: fault.afterMs - first!.afterMs }));
  return { faults: moved, calmMs: logBetween(random, 50, 1500) };
}

function drawKind(random: RandomState, kinds: readonly PlannedKind[]): PlannedKind {
  const total = kinds.reduce((sum, kind) => sum + kind.weight, 0);
  let ticket = fraction(random) * total;
  for (const kind of kinds) {
    ticket -= kind.weight;
    if (ticket < 0) return kind;
  }
  return kinds.at(-1)!;
}

function drawFault(random: RandomState, { name, durationMs }: PlannedKind): PlannedFault {
  return {
    kind: name,
    afterMs: randomBetween(random, 0, 1200),
    forMs: logBetween(random, ...durationMs),
    node: pick(random, nodeNames),
    device: pick(random, ['eth0', 'eth1'] as const),
    direction: pick(random, ['in', 'out'] as const),
    service: pick(random, ['one', 'two'] as const),
    amount: fraction(random),
  };
}

function logBetween(random: RandomState, shortest: number, longest: number): number {
  return Math.round(shortest * (longest / shortest) ** fraction(random));
}

const fraction = (random: RandomState): number => nextUint32(random) / 0x1_0000_0000;

function pick<Value>(random: RandomState, values: readonly Value[]): Value {
  return values[randomBetween(random, 0, values.length - 1)]!;
}
