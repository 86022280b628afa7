import { describe } from 'vitest';
import { type AgentHostHarness, agentHostContract } from '../contract/agent-host-contract.ts';
import { createAgentHostTwin } from './agent-host-twin.ts';
import { createVirtualTime } from './virtual-time.ts';

describe('agent host twin', () => {
  agentHostContract(async (): Promise<AgentHostHarness> => {
    const time = createVirtualTime();
    const twin = createAgentHostTwin(time);
    return {
      createHost: twin.createHost,
      behave: twin.behave,
      behaveFence: twin.behaveFence,
      switchedOff: () => [...twin.switchedOff()],
      runs: (resource) => twin.runs(resource.written),
      killHost: twin.killHost,
      nowUs: time.nowUs,
      async until(condition) {
        while (!condition()) {
          if (!time.step()) throw new Error('nothing more will happen, and what was waited for has not');
        }
      },
      close: async () => undefined,
    };
  });
});
