import { describe } from 'vitest';
import { agentHostContract } from '../../contract/agent-host-contract.ts';
import { openRealHarness } from './real-harness.ts';

describe('agent host', () => {
  agentHostContract(openRealHarness);
});
