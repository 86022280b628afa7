/** A fence device that fails, is slow, or hangs, and is mended again. What it says it has done, it has done. */
import { type BoardMood, soundBoard } from '../board.ts';
import type { FaultKind } from './fault-kind.ts';

export const fencingFaults: readonly FaultKind[] = [
  board('fence device fails', 2, () => ({ delayMs: 0, acts: false, answers: 'failure' })),
  board('fence device is slow', 2, (amount) => ({ delayMs: 200 + 2000 * amount, acts: true, answers: 'success' })),
  board('fence device answers too late', 2, (amount) => ({
    delayMs: 3200 + 1000 * amount,
    acts: true,
    answers: 'success',
  })),
  board('fence device hangs', 2, () => ({ delayMs: 0, acts: false, answers: 'nothing' })),
  board('fence device acts and does not answer', 2, () => ({ delayMs: 0, acts: true, answers: 'nothing' })),
  board('fence device acts and says that it failed', 2, () => ({ delayMs: 0, acts: true, answers: 'failure' })),
];

function board(name: string, weight: number, mood: (amount: number) => BoardMood): FaultKind {
  return {
    name,
    class: 'fence',
    weight,
    durationMs: [500, 6000],
    unavailable: (world) => (world.board === undefined ? 'no fence device in this round' : undefined),
    begin: async (world, fault) => {
      world.board!.mood = mood(fault.amount);
      // A device that nobody needs may be as broken as it likes: so somebody falls silent.
      const host = world.lab.host(fault.node);
      if (host.running) host.isolate(false);
      return () => {
        world.board!.mood = soundBoard;
        if (host.running) host.isolate(true);
      };
    },
  };
}
