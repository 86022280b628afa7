/**
 * Which core a daemon runs: the present one or that of the release before (test/sim/previous). The two meet on the wire
 * and on the disk; what the older one does not know of is kept from it here.
 */
import { type Engine, engineDeadline, stepEngine, stepTimers } from '../../../src/core/engine.ts';
import type { NodeCommand } from '../../../src/core/events.ts';
import { createFencing } from '../../../src/core/fencing/fencing-state.ts';
import { createNode, type NodeOptions } from '../../../src/core/node-state.ts';
import { createTransport } from '../../../src/core/transport/state.ts';
import * as previous from '../previous/core.ts';

export type Version = 'present' | 'previous';

export interface Core {
  readonly createNode: typeof createNode;
  readonly createTransport: typeof createTransport;
  readonly stepEngine: typeof stepEngine;
  readonly stepTimers: typeof stepTimers;
  readonly engineDeadline: (engine: Engine) => number | undefined;
  knows(command: NodeCommand): boolean;
}

export const cores: Readonly<Record<Version, Core>> = {
  present: { createNode, createTransport, stepEngine, stepTimers, engineDeadline, knows: () => true },
  previous: {
    ...previous,
    // For who looks on: it has never fenced anybody.
    createNode: (options: NodeOptions, generation: number) => ({
      ...previous.createNode(options, generation),
      fencing: createFencing(),
    }),
    knows: ({ verb }: NodeCommand) => verb !== 'confirmOff',
  } as unknown as Core,
};
