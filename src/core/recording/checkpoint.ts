/**
 * The node machine's state at one moment, from which it can be resumed: restored, it behaves as the original would have.
 * Taken between two steps only.
 */
import type { NodeState } from '../node-state.ts';
import { digestOf } from './digest.ts';
import { dumpGraph, restoreGraph } from './graph.ts';

/** Plain JSON without secrets. */
export function dumpNode({ effects: _ofTheLastStep, ...state }: NodeState): unknown {
  return dumpGraph(state);
}

export function restoreNode(plain: unknown): NodeState {
  return { ...(restoreGraph(plain) as Omit<NodeState, 'effects'>), effects: [] };
}

/** Two states with the same digest are the same state, as far as accidents go. */
export function digestOfNode({ effects: _ofTheLastStep, ...state }: NodeState): string {
  return digestOf(state);
}
