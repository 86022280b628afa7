/** Time that passes only when told to: tasks in order of their time, and of their making at the same time. */
import type { VirtualTime } from './agent-host-twin.ts';

export interface DrivenTime extends VirtualTime {
  /** Jumps to the next task and runs it; false when there is none. */
  step(): boolean;
}

export function createVirtualTime(startUs = 1_000_000): DrivenTime {
  let nowUs = startUs;
  let made = 0;
  const tasks = new Map<number, { readonly atUs: number; readonly task: () => void }>();
  return {
    nowUs: () => nowUs,
    after(delayUs, task) {
      made += 1;
      const number = made;
      tasks.set(number, { atUs: nowUs + delayUs, task });
      return () => void tasks.delete(number);
    },
    step() {
      const [next] = [...tasks].sort(
        ([leftNumber, left], [rightNumber, right]) => left.atUs - right.atUs || leftNumber - rightNumber,
      );
      if (next === undefined) return false;
      const [number, { atUs, task }] = next;
      tasks.delete(number);
      nowUs = Math.max(nowUs, atUs);
      task();
      return true;
    },
  };
}
