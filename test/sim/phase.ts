/** What a pair is busy with at a moment: by what really goes on in its hosts and machines, not by what a log says. */
import { isHandingOver } from '../../src/core/haresources/handover.ts';
import { stageOf } from '../../src/core/node-state.ts';
import type { Machine } from './world/machine.ts';
import type { World } from './world/world.ts';

export const phases = ['idle', 'start', 'stop', 'fencing', 'handover', 'join'] as const;
export type Phase = (typeof phases)[number];

/** Of several at once, the rarest and most delicate. */
export function phaseOf({ machines }: World): Phase {
  if (machines.some(isFencing)) return 'fencing';
  if (machines.some(({ daemon }) => daemon !== undefined && isHandingOver(daemon.engine.node))) return 'handover';
  if (machines.some((machine) => isDoing(machine, 'stop'))) return 'stop';
  if (machines.some((machine) => isDoing(machine, 'start'))) return 'start';
  if (machines.some(isJoining)) return 'join';
  return 'idle';
}

/** Whether the pair is in this phase, whatever else it is in. */
export function isIn(world: World, phase: Phase): boolean {
  return phaseOf(world) === phase;
}

/** A request is under way: it waits its turn, a device works on it, or its success is being written down. */
function isFencing({ daemon }: Machine): boolean {
  const phase = daemon?.engine.node.fencing.phase.value;
  return phase === 'waiting' || phase === 'attempting' || phase === 'recording';
}

function isDoing({ host }: Machine, action: 'start' | 'stop'): boolean {
  return host?.isDoing(action) === true;
}

/** Booted, or back from a pause, and not yet a member again. */
function isJoining({ daemon }: Machine): boolean {
  if (daemon === undefined) return false;
  const stage = stageOf(daemon.engine.node);
  return stage === 'joining' || stage === 'paused';
}
