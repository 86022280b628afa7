/**
 * Attempts to fence as the daemon sees them: handed to the agent host, or, when there is none that can, run by the daemon
 * itself (its forks are dearer, and a takeover that waits for nothing else is worth it). Each is answered exactly once.
 */
import type { FenceCall, FenceProbe, FenceProbeResult, FenceResult } from '../../../ports/agents.ts';
import type { HostLine } from '../host-line.ts';
import type { Fencer } from './fencer.ts';

export interface FenceCalls {
  fence(call: FenceCall): void;
  probe(probe: FenceProbe): void;
  /** By the host. */
  answered(result: FenceResult): void;
  /** What it had under way is unknown: it may have happened, or may not. */
  hostLost(reason: string): void;
}

export interface FenceCallsParts {
  readonly line: () => Pick<HostLine, 'send'> | undefined;
  readonly here: Pick<Fencer, 'fence' | 'probe'>;
  readonly fenced: (result: FenceResult) => void;
  readonly probed: (result: FenceProbeResult) => void;
}

export function createFenceCalls({ line, here, fenced, probed }: FenceCallsParts): FenceCalls {
  const atHost = new Set<number>();
  return {
    fence(call) {
      const host = line();
      if (host === undefined) return void here.fence(call).then(fenced);
      atHost.add(call.attempt);
      host.send({ type: 'fence', call });
    },
    probe(probe) {
      const host = line();
      if (host !== undefined) return host.send({ type: 'probeFenceDevice', probe });
      void here.probe(probe).then((result) => {
        if (result !== undefined) probed(result);
      });
    },
    answered(result) {
      if (atHost.delete(result.attempt)) fenced(result);
    },
    hostLost(reason) {
      for (const attempt of [...atHost]) {
        atHost.delete(attempt);
        fenced({ attempt, outcome: 'unknown', verified: false, detail: reason.slice(0, 200) });
      }
    },
  };
}
