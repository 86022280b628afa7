/** Agents that fail, hang, are slow, leave children that hold their output, print megabytes, or say what is not true. */
import type { AgentAction, AgentMood } from '../configuration.ts';
import { moodFile } from '../configuration.ts';
import type { FaultKind } from './fault-kind.ts';

export const agentFaults: readonly FaultKind[] = [
  mood('start fails', 2, 'start', 'fails'),
  mood('stop fails', 1, 'stop', 'fails'),
  mood('start hangs', 1, 'start', 'hangs'),
  mood('stop hangs', 1, 'stop', 'hangs'),
  mood('status hangs', 1, 'status', 'hangs'),
  mood('start is slow', 2, 'start', 'slow'),
  mood('stop is slow', 2, 'stop', 'slow'),
  mood('start leaves children', 1, 'start', 'leaves children'),
  mood('stop leaves children', 1, 'stop', 'leaves children'),
  mood('status prints megabytes', 1, 'status', 'noisy'),
  mood('status lies', 1, 'status', 'lies'),
];

/** The files of a host can be written while it is off, too. */
function mood(name: string, weight: number, action: AgentAction, word: AgentMood): FaultKind {
  return {
    name,
    class: 'agent',
    weight,
    durationMs: [800, 5000],
    begin: async (world, fault) => {
      const host = world.lab.host(fault.node);
      const file = moodFile(fault.service, action);
      host.writeFile(file, `${word}\n`);
      return () => host.writeFile(file, 'works\n');
    },
  };
}
