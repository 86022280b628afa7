/**
 * `resource.d/startstop`, which Heartbeat's init script ran around the daemon: before its start and after it, before its
 * stop and after it. The agent host runs it. Start and stop wait for the "before", no longer than a hook may take, and
 * whatever it says.
 */
import { join } from 'node:path';
import type { AgentHost } from '../../ports/agents.ts';
import type { Log } from '../../ports/log.ts';
import { whyNotRun } from './hook-list.ts';
import { hookTimeoutMs } from './hooks.ts';

export type Moment = 'pre-start' | 'post-start' | 'pre-stop' | 'post-stop';

export interface StartStop {
  /** Resolves when the script has ended, at once where there is none. `code`: of the start or stop that is over. */
  run(moment: Moment, code?: number): Promise<void>;
}

export function createStartStop(directory: string, host: Pick<AgentHost, 'runHook'>, log: Log): StartStop {
  const file = join(directory, 'resource.d', 'startstop');
  return {
    run(moment, code) {
      const fault = whyNotRun(file);
      if (fault !== undefined) {
        if (fault !== '') log.write('warning', { code: 'hook-unsafe', fields: { hook: file, reason: fault } });
        return Promise.resolve();
      }
      const args = code === undefined ? [moment] : [moment, String(code)];
      return new Promise((resolve) => host.runHook({ file, args, environment: {}, timeoutMs: hookTimeoutMs }, resolve));
    },
  };
}
