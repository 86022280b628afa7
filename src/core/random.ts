/**
 * A small seeded generator (sfc32). The core draws all its randomness from one of these kept in its state, so that
 * the same seed gives the same decisions in production, in a replay and in the simulator.
 */
export interface RandomState {
  a: number;
  b: number;
  c: number;
  counter: number;
}

export function createRandom(seed: number): RandomState {
  const state: RandomState = { a: seed | 0, b: (seed ^ 0x9e3779b9) | 0, c: 0x243f6a88, counter: 1 };
  for (let round = 0; round < 15; round++) nextUint32(state);
  return state;
}

export function nextUint32(state: RandomState): number {
  const sum = (((state.a + state.b) | 0) + state.counter) | 0;
  state.counter = (state.counter + 1) | 0;
  state.a = state.b ^ (state.b >>> 9);
  state.b = (state.c + (state.c << 3)) | 0;
  state.c = (state.c << 21) | (state.c >>> 11);
  state.c = (state.c + sum) | 0;
  return sum >>> 0;
}

/** Integer in [low, high], both included. */
export function randomBetween(state: RandomState, low: number, high: number): number {
  return low + (nextUint32(state) % (high - low + 1));
}
