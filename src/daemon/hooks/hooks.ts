/**
 * Turns what happens in the cluster into calls of the administrator's hooks. The agent host runs them, one at a time; the
 * daemon only says which. The list of files is read at start and at a reload, as Heartbeat reads it.
 */
import type { ClusterEvent } from '../../core/cluster-events.ts';
import type { Configuration } from '../../core/config/configuration.ts';
import type { AgentHost } from '../../ports/agents.ts';
import type { Log } from '../../ports/log.ts';
import { hookEnvironment } from './hook-environment.ts';
import { readHookList } from './hook-list.ts';

export interface HookOptions {
  readonly configuration: () => Configuration;
  readonly host: Pick<AgentHost, 'runHook'>;
  readonly alone: () => boolean;
  readonly log: Log;
}

export interface Hooks {
  told(event: ClusterEvent): void;
  /** Reads the list of files again. */
  reload(): void;
}

/** Longer than any notification should take; a hook that hangs holds up the others until then. */
export const hookTimeoutMs = 60_000;

export function createHooks(options: HookOptions): Hooks {
  let list = readHookList(options.configuration().directory);
  complain();

  function complain(): void {
    for (const problem of list.problems) options.log.write('warning', problem);
  }

  return {
    told(event) {
      const type = event.fields['t']?.toLowerCase() ?? '';
      const files = list.files.get(type);
      if (files === undefined) return;
      const configuration = options.configuration();
      const giving = type === 'local_giveip';
      const told = giving ? { ...event, fields: { ...event.fields, t: 'ip-request' } } : named(event, configuration);
      const environment = hookEnvironment(told, { configuration, alone: options.alone() });
      // Heartbeat's harc calls the script with the type as its argument; `local_giveip` was called by `ip-request`.
      for (const file of files)
        options.host.runHook({ file, args: [giving ? 'ip-request' : type], environment, timeoutMs: hookTimeoutMs });
    },
    reload() {
      list = readHookList(options.configuration().directory);
      complain();
    },
  };
}

/** Heartbeat calls a link by its device. */
function named(event: ClusterEvent, { links }: Configuration): ClusterEvent {
  const id = event.fields['ifname'];
  const link = links.find((candidate) => candidate.id === id);
  return link === undefined ? event : { ...event, fields: { ...event.fields, ifname: link.device } };
}
