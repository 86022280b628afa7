/**
 * What one machine draws from while it runs. A stream for each part: that the disk of one node is asked once more changes
 * nothing of its agents, of the wires, or of the other node.
 */
import type { NodeName } from '../../../src/core/types.ts';
import { Draw } from './draw.ts';

export interface Streams {
  readonly disk: Draw;
  /** How long operations take. */
  readonly agents: Draw;
  /** Whether they fail, and how. */
  readonly failures: Draw;
  /** What status scripts that lie say. */
  readonly status: Draw;
  readonly clock: Draw;
  readonly timers: Draw;
}

export function streamsOf(seed: number, node: NodeName): Streams {
  const stream = (name: string): Draw => new Draw(seed, `${name} of ${node}`);
  return {
    disk: stream('writes'),
    agents: stream('agents'),
    failures: stream('broken agents'),
    status: stream('status'),
    clock: stream('clock'),
    timers: stream('timers'),
  };
}
