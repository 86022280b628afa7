/**
 * A fault is data: when, what, on what, for how long. A run is given a list of them, drawn up front (draw-faults.ts) or
 * written by hand, and one that is taken out of the list leaves the others as they were. What a kind of fault is like
 * and what it does to the world is one entry of the table in kinds.ts.
 */
import type { Phase } from '../phase.ts';
import type { Draw } from '../world/draw.ts';
import { nodeNames, type Setup } from '../world/setup.ts';
import type { World } from '../world/world.ts';

export interface When {
  /** Since the beginning of the run. */
  readonly atMs: number;
  /** Strikes at the first moment from then on at which the pair is in this phase. */
  readonly when?: Phase;
}

export interface Fault extends When {
  readonly kind: string;
  /** Until it is mended; absent for what happens in an instant. */
  readonly forMs?: number;
}

/** Undoes a fault; harmless when something else has undone it before. */
export type Mend = () => void;

/** `Drawn`: what it draws for one fault, nothing but JSON. Both functions are methods so that a table can hold all kinds. */
export interface FaultKind<Drawn extends object = object> {
  /** How often it comes in comparison with the others of a run. */
  readonly share: number;
  /** Whether the pair has what it strikes. */
  readonly applies?: (setup: Setup) => boolean;
  draw(draw: Draw, pair: Pair): Drawn;
  /** `missed`: there is nothing that it could hit at this moment. */
  strike(world: World, drawn: Drawn): Mend | 'missed' | undefined;
}

/** What a draw may look at. */
export interface Pair {
  readonly setup: Setup;
  /** The probability that a fault of a node hits both at once. */
  readonly together: number;
}

/** In deadtimes: what matters is on which side of one it falls. */
export function deadtimes(draw: Draw, { setup }: Pair, low: number, high: number): number {
  return roundMs(draw.logUniform(low, high) * setup.deadtimeMs);
}

/** To the microsecond, which is what the world counts in. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

export const toUs = (ms: number): number => Math.round(ms * 1000);

/** One node, or now and then both at the same instant, in the order in which they are hit. */
export function drawNodes(draw: Draw, { together }: Pair): string[] {
  return draw.chance(together) ? draw.shuffled(nodeNames) : [draw.pick(nodeNames)];
}
