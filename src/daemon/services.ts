/**
 * The programs of respawn and failfast lines, seen from the daemon: which are to run and from when on, what tools and
 * alarms say of them, and that they are stopped before the daemon ends. The agent host runs them.
 */
import type { ServiceConfiguration } from '../core/config/configuration.ts';
import type { ServiceView } from '../core/services/service.ts';
import type { AgentHost } from '../ports/agents.ts';
import type { DaemonAlarms } from './daemon-alarms.ts';

export interface DaemonServices {
  /** The cluster has formed: every node was heard or declared dead. Said again and again; only another list makes a difference. */
  begin(services: readonly ServiceConfiguration[]): void;
  /** From the agent host, after each change. */
  told(views: readonly ServiceView[]): void;
  /** An operator's cleanup: programs that were given up are tried again. */
  retry(): void;
  /** Resolves when all have ended, or when the time is over. */
  stopAll(limitMs: number): Promise<void>;
  views(): readonly ServiceView[];
}

export function createDaemonServices(
  host: Pick<AgentHost, 'runServices' | 'retryServices'>,
  alarms: DaemonAlarms,
): DaemonServices {
  let views: readonly ServiceView[] = [];
  let wanted: readonly ServiceConfiguration[] | undefined;
  let ending = false;
  let allStopped: (() => void) | undefined;
  return {
    begin(services) {
      // An empty list is said too: there may still be programs of an earlier configuration.
      if (services === wanted || ending) return;
      wanted = services;
      host.runServices(services);
    },
    told(present) {
      views = present;
      alarms.keep(
        'service-given-up',
        present.filter(({ phase }) => phase === 'given-up').map(({ program }) => program),
      );
      alarms.keep(
        'service-reboot-failed',
        present.filter(({ phase }) => phase === 'reboot-failed').map(({ program }) => program),
      );
      if (present.length === 0) allStopped?.();
    },
    retry: () => host.retryServices(),
    async stopAll(limitMs) {
      ending = true;
      if (views.length === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        allStopped = () => {
          clearTimeout(timer);
          resolve();
        };
        host.runServices([]);
      });
    },
    views: () => views,
  };
}
